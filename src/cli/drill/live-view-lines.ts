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
    { pieces: row('tasks', tally(tasksOf(state)), goodTask), weight: 6 },
    { pieces: row('attempts', tally(attemptsOf(state)), goodAttempt), weight: 7 },
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
  const strip = severityStrip(plan, Math.min(stripWidthMax, width))
  const at = Math.floor(shareDone(state, plan) * (strip.length - 1))
  const isLeft = at + 2 + where.length > width && where.length + 1 <= at
  const line = isLeft ? `${`${where} `.padStart(at)}▲` : `${' '.repeat(at)}▲ ${where}`
  const fits = line.length <= width ? line : where
  return [
    { pieces: [['red', strip]], weight: 2 },
    { pieces: [[style, fits]], weight: 9 },
  ]
}

/** How much of the scenario, as it is written, lies behind: a phase that is held or extended stays where it is. */
function shareDone({ stage, t, phase, phaseEndsAt }: DrillState, { phases, lengthMs }: Plan): number {
  if (stage === 'starting' || stage === 'steady-state' || lengthMs <= 0) return 0
  const written = phases.find(({ name }) => name === phase)
  if (!written) return 1
  const left = phaseEndsAt === undefined ? written.endMs - t : phaseEndsAt - t
  return Math.min(written.endMs, Math.max(written.startMs, written.endMs - left)) / lengthMs
}

/** `down  4:00, 6 m left (18 s here), then half`. */
export function whereText(state: DrillState): string {
  const { stage, t, phase, phaseEndsAt, nextPhase, endMs, held } = state
  const now = instant(Math.trunc(t / 1000) * 1000)
  switch (stage) {
    case 'starting':
      return 'starting: the app is not ready yet'
    case 'steady-state':
      return `steady state  ${now}, ${nextPhase ?? 'the outage'} begins in ${lasting(-t, state)}`
    case 'healed':
      return `healed  ${now}, over in ${lasting(endMs - t, state)}`
    case 'ended':
      return `ended  ${now}`
    case 'outage': {
      const then = nextPhase === undefined ? '' : `, then ${nextPhase}`
      if (held) return `${phase}  ${now}, held: its faults stay${then}`
      return `${phase}  ${now}${phaseEndsAt === undefined ? '' : `, ${lasting(phaseEndsAt - t, state)} left`}${then}`
    }
  }
}

/** Time of the scenario, and how long that takes: `6 m (18 s here)`. */
export function lasting(ms: number, { speed }: DrillState): string {
  const whole = (one: number) => spell(Math.max(0, Math.ceil(one / 1000) * 1000))
  return speed === 1 ? whole(ms) : `${whole(ms)} (${whole(ms / speed)} here)`
}

/** A number with what it is made of; what is zero is left out. */
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

function tally({ total, parts }: Tally): readonly [string, readonly string[]] {
  return [count(total), parts.filter(([n]) => n > 0).map(([n, name]) => `${count(n)} ${name.replaceAll('-', ' ')}`)]
}

const goodTask = /^[\d,]+ ok$/
const goodAttempt = goodTask

function row(label: string, [total, parts]: ReturnType<typeof tally>, good: RegExp): readonly Piece[] {
  const neutral = /(?:open|retry|retries|queued|degraded|aborted)$/
  return [
    `${label.padEnd(10)}${total.padStart(5)}`,
    ...parts.flatMap((part): readonly Piece[] => [
      '  ',
      [good.test(part) ? 'green' : neutral.test(part) ? 'yellow' : 'red', part],
    ]),
  ]
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
