import type { DrillState } from '../../drill/controls.ts'
import type { Plan } from '../../model/timeline.ts'
import type { Finding } from '../../oracles/oracle.ts'
import type { Style } from '../../reports/paint.ts'
import { severityStrip } from '../../reports/severity-strip.ts'
import { count, instant, plural, spell, visible } from '../../reports/text.ts'

/** A text, painted or not. */
export type Piece = string | readonly [Style, string]

/** A line of the view. Where there is little room, those of little weight go first. */
export interface Line {
  readonly pieces: readonly Piece[]
  readonly weight: number
}

/** What a view shows beside the state of the drill. */
export interface Sight {
  readonly width: number
  /** The scenario as it is written, for its shape. */
  readonly plan: Plan | undefined
  /** What somebody was told last. */
  readonly said: string | undefined
  /** Keys are read: say which. */
  readonly keys: boolean
}

const stripWidthMax = 72
const findingsShown = 3

/** A drill as it stands, in a few lines. */
export function viewLines(state: DrillState, sight: Sight): readonly Line[] {
  const { findings, notices } = state
  return [
    { pieces: headline(state), weight: 5 },
    ...placeLines(state, sight),
    { pieces: row('tasks', tasksOf(state)), weight: 6 },
    { pieces: row('attempts', attemptsOf(state)), weight: 7 },
    { pieces: ['faults    ', ['red', faultsText(state) || 'none was felt yet']], weight: 4 },
    ...findings.slice(0, findingsShown).map((finding, i): Line => {
      const label = i === 0 ? `findings  ${count(findings.length).padStart(5)}  ` : ' '.repeat(17)
      return { pieces: [label, [toneOf(finding), findingText(finding)]], weight: 8 - i }
    }),
    ...notices.slice(-1).map((says): Line => ({ pieces: [['dim', `note      ${visible(says)}`]], weight: 1 })),
    ...(sight.said === undefined ? [] : [{ pieces: [['cyan', visible(sight.said)] as const], weight: 10 }]),
    ...(sight.keys ? [{ pieces: [['dim', keysText(state)] as const], weight: 3 }] : []),
  ]
}

/** `h hold  s skip  …`. */
export function keysText({ held }: Pick<DrillState, 'held'>): string {
  return `${held ? 'h release' : 'h hold'}  s skip  e +1 m  E +5 m  m mark  a abort  q quit`
}

function headline({ scenario, title, client, engine, speed, seed }: DrillState): readonly Piece[] {
  const how = `${client}  ${engine}${speed === 1 ? '' : ` ${count(speed)}x`}  seed ${seed}`
  return [['bold', scenario], ...(title === undefined ? [] : [`  ${visible(title)}`]), ['dim', `  ${visible(how)}`]]
}

/** The scenario's shape, and below it where the drill is. */
function placeLines(state: DrillState, { plan, width }: Sight): readonly Line[] {
  const where = whereText(state)
  const style: Style = state.held ? 'yellow' : 'cyan'
  if (!plan || width < 30) return [{ pieces: [[style, where]], weight: 9 }]
  const strip = stripOf(plan, Math.min(stripWidthMax, width))
  const at = Math.floor(shareDone(state, plan) * (strip.length - 1))
  const isLeft = at + 2 + where.length > width && where.length + 1 <= at
  const line = isLeft ? `${`${where} `.padStart(at)}▲` : `${' '.repeat(at)}▲ ${where}`
  const fits = line.length <= width ? line : where
  return [
    { pieces: [['red', strip]], weight: 2 },
    { pieces: [[style, fits]], weight: 9 },
  ]
}

const strips = new WeakMap<Plan, string>()

/** It is drawn many times, and stays as it is until the terminal gets another width. */
function stripOf(plan: Plan, width: number): string {
  const known = strips.get(plan)
  if (known?.length === width) return known
  const strip = severityStrip(plan, width)
  strips.set(plan, strip)
  return strip
}

/** How much of the scenario, as it is written, lies behind: a phase that is held or extended stays where it is. */
function shareDone({ stage, t, phase, phaseEndsAt }: DrillState, { phases, lengthMs }: Plan): number {
  if (stage === 'starting' || stage === 'steady-state' || lengthMs <= 0) return 0
  const written = phases.find(({ name }) => name === phase)
  if (!written) return 1
  const left = phaseEndsAt === undefined ? written.endMs - t : phaseEndsAt - t
  return Math.min(written.endMs, Math.max(written.startMs, written.endMs - left)) / lengthMs
}

/** `4:00  down, 6 m left (18 s here), then half`. */
export function whereText(state: DrillState): string {
  const { stage, t, phase, phaseEndsAt, nextPhase, endMs, held, tasks } = state
  const now = instantText(state)
  switch (stage) {
    case 'starting':
      return 'starting: the app is not ready yet'
    case 'steady-state':
      return `${now}  steady state, ${nextPhase ?? 'the outage'} begins in ${lasting(-t, state)}`
    case 'healed':
      if (t < endMs) return `${now}  healed, over in ${lasting(endMs - t, state)}`
      // Whoever is open then has a while to settle.
      return `${now}  healed, ${tasks.open === 0 ? 'over' : `over when ${plural(tasks.open, 'open task')} settled`}`
    case 'ended':
      return `${now}  ended`
    case 'outage': {
      const then = nextPhase === undefined ? '' : `, then ${nextPhase}`
      if (held) return `${now}  ${phase}, held: its faults stay${then}`
      return `${now}  ${phase}${phaseEndsAt === undefined ? '' : `, ${lasting(phaseEndsAt - t, state, ' left')}`}${then}`
    }
  }
}

/** To the second. */
export function instantText({ t }: Pick<DrillState, 't'>): string {
  return instant(Math.trunc(t / 1000) * 1000)
}

/** Time of the scenario, and how long that takes: `6 m left (18 s here)`. */
export function lasting(ms: number, { speed }: Pick<DrillState, 'speed'>, how = ''): string {
  const whole = (one: number) => spell(Math.max(0, Math.ceil(one / 1000) * 1000))
  return speed === 1 ? whole(ms) + how : `${whole(ms)}${how} (${whole(ms / speed)} here)`
}

/** A number with what it is made of. */
export interface Tally {
  readonly total: number
  readonly parts: readonly (readonly [number, string])[]
}

export function tasksOf({ tasks: { open, settled } }: DrillState): Tally {
  const parts = Object.entries(settled).map(([outcome, n]) => [n, outcome] as const)
  return { total: parts.reduce((sum, [n]) => sum + n, open), parts: [...parts, [open, 'open']] }
}

export function attemptsOf({ attempts: { total, open, retries, ended } }: DrillState): Tally {
  const parts = Object.entries(ended).map(([outcome, n]) => [n, outcome] as const)
  const isOpen = ([, outcome]: readonly [number, string]) => outcome === 'open'
  const all = parts.some(isOpen) ? parts : [...parts, [open, 'open'] as const]
  return { total, parts: [...all, [retries, retries === 1 ? 'retry' : 'retries']] }
}

/** What is no sign of trouble, and what is. */
function styleOf(name: string): Style {
  if (name === 'ok') return 'green'
  return ['open', 'retry', 'retries', 'queued', 'degraded', 'aborted'].includes(name) ? 'yellow' : 'red'
}

/** `41 failed`, `2 not an answer`; what is zero is left out. */
export function partTexts({ parts }: Tally): readonly (readonly [string, string])[] {
  return parts.filter(([n]) => n > 0).map(([n, name]) => [name, `${count(n)} ${name.replaceAll('-', ' ')}`])
}

function row(label: string, tally: Tally): readonly Piece[] {
  const head = `${label.padEnd(10)}${count(tally.total).padStart(5)}`
  return [head, ...partTexts(tally).flatMap(([name, text]): readonly Piece[] => ['  ', [styleOf(name), text]])]
}

/** `overloaded 1,080 of 1,080`: faults and limits that were felt, the most felt first. */
export function faultsText({ faults }: DrillState): string {
  const byId = new Map<string, { hits: number; eligible: number }>()
  for (const { id, hits, eligible } of faults) {
    const sum = byId.get(id) ?? { hits: 0, eligible: 0 }
    byId.set(id, { hits: sum.hits + hits, eligible: sum.eligible + eligible })
  }
  return [...byId]
    .filter(([, { hits }]) => hits > 0)
    .toSorted(([, a], [, b]) => b.hits - a.hits)
    .map(([id, { hits, eligible }]) => `${id} ${count(hits)} of ${count(eligible)}`)
    .join('  ')
}

export function findingText({ oracle, severity, phase, message }: Finding): string {
  return visible(`${oracle} (${severity}, ${phase}): ${message.replaceAll(/\s+/g, ' ')}`)
}

function toneOf({ severity, accepted }: Finding): Style {
  if (accepted) return 'dim'
  return severity === 'fail' ? 'red' : 'yellow'
}

/** `3 findings`, for a line that has little room. */
export function findingsCount({ findings }: DrillState): string {
  return findings.length === 0 ? '' : plural(findings.length, 'finding')
}
