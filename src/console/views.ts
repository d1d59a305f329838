import type { DrillState } from '../drill/controls.ts'
import { cuesOf, cueText } from '../gameday/cues.ts'
import { respondersBriefing, stopText } from '../gameday/run-of-show.ts'
import { firstInjected, type Plan, phaseNameAt, plannedFaults, plannedLimits, type Span } from '../model/timeline.ts'
import type { Catalogue } from '../scenario/index.ts'
import { asIfReleased } from './moved-plan.ts'
import type {
  CheckLine,
  CueLine,
  EndingLine,
  FacilitatorView,
  FaultLine,
  PhaseLine,
  ResponderView,
  Role,
  ShowStage,
} from './protocol.ts'
import type { ShowBook } from './show-book.ts'
import { statusLines } from './status-lines.ts'

/** All that views are told from. */
export interface ShowFacts {
  /** Its id. */
  readonly show: string
  readonly stage: ShowStage
  /** As people have moved it. */
  readonly plan: Plan
  readonly catalogue: Catalogue
  /** Absent until the drill is open. */
  readonly state: DrillState | undefined
  readonly book: ShowBook
  readonly speed: number
  readonly checks: readonly CheckLine[]
  readonly people: Readonly<Record<Role, number>>
  readonly isAborting: boolean
  readonly ending: EndingLine | undefined
  readonly statusPage: string | undefined
  readonly app: string | undefined
  /** For the facilitator. */
  readonly links: Readonly<Record<Role, string>>
}

const cuesShown = 8

export function facilitatorView(facts: ShowFacts, role: 'facilitator' | 'observer'): FacilitatorView {
  const { stage, state, book, catalogue, checks, people, ending } = facts
  const t = timeOf(facts)
  const plan = shownPlan(facts, t)
  const { scenario, warmUpMs, lengthMs, tailMs } = plan
  const { objectives = [], hypothesis } = scenario.game_day ?? {}
  const { total, open, retries, ended } = state?.attempts ?? { total: 0, open: 0, retries: 0, ended: {} }
  return {
    role,
    title: scenario.title ?? scenario.id,
    briefing: [...objectives, ...(hypothesis === undefined ? [] : [`Hypothesis: ${hypothesis}`])],
    ...common(facts),
    scenario: scenario.id,
    ...{ stage, t, checks, warmUpMs, lengthMs, endMs: lengthMs + tailMs },
    phases: phaseLines(plan),
    phase: state?.phase ?? 'steady-state',
    ...(state?.phaseEndsAt !== undefined && { phaseEndsAt: state.phaseEndsAt }),
    held: state?.held ?? false,
    next: stage === 'ended' ? [] : cueLines(plan, catalogue, t),
    faults: faultLines(state?.faults ?? [], plan, { t, isOver: stage === 'ended' }),
    findings: (state?.findings ?? []).map(({ oracle, severity, message, phase }) => ({
      ...{ oracle, severity, message, phase },
    })),
    stops: book.stops.shares(t).map(({ condition, now }) => ({
      ...{ says: stopText(condition), above: condition.above, ...(now !== undefined && { now }) },
    })),
    tasks: state?.tasks ?? { open: 0, settled: {} },
    attempts: { ...{ total, open, retries, ended }, perCall: total > retries ? total / (total - retries) : 1 },
    status: statusLines(plan, t),
    notices: state?.notices ?? [],
    people,
    surfaces: surfacesOf(plan, catalogue, book.asked),
    faultIds: [...catalogue.faults.values()].map(({ id, says }) => ({ id, says })),
    ...(facts.isAborting && { aborting: true }),
    ...(role === 'facilitator' && { links: facts.links }),
    ...(ending && { ending, ended: ending.reason }),
  }
}

/** Nothing in it tells of phases, faults, findings or the verdict. Its time is that since the exercise began. */
export function responderView(facts: ShowFacts): ResponderView {
  const { stage, plan, book, ending } = facts
  const t = timeOf(facts)
  const marks = Object.entries(book.marks).map(([mark, one]) => [mark, { ...one, t: one.t + plan.warmUpMs }])
  return {
    role: 'responder',
    title: 'Game day',
    briefing: respondersBriefing(plan),
    ...common(facts),
    stage: respondersStage(stage, t),
    t: Math.max(0, t + plan.warmUpMs),
    marks: Object.fromEntries(marks),
    status: statusLines(plan, t),
    ...((ending || stage === 'ended') && { ended: 'The exercise is over.' }),
  }
}

function common({ show, speed, statusPage, app }: ShowFacts) {
  return { show, speed, ...(statusPage !== undefined && { statusPage }), ...(app !== undefined && { app }) }
}

/** What is being started has not begun, unless it goes on: their clock would run ahead. */
function respondersStage(stage: ShowStage, t: number): ResponderView['stage'] {
  if (stage === 'lobby' || stage === 'ended') return stage
  return stage === 'starting' && t < 0 ? 'lobby' : 'running'
}

/** Before it begins, time stands at the beginning of the warm-up; where it goes on, it stands where that is. */
function timeOf({ state, plan }: ShowFacts): number {
  if (state === undefined || (state.stage === 'starting' && state.t < 0)) return -plan.warmUpMs
  return Math.round(state.t)
}

function shownPlan({ plan, book }: ShowFacts, t: number): Plan {
  const { heldSinceMs: sinceMs } = book
  return sinceMs === undefined ? plan : asIfReleased(plan, { sinceMs, t })
}

function phaseLines(plan: Plan): readonly PhaseLine[] {
  const { scenario, phases, tracks } = plan
  const stretches = scenario.phases.flatMap(item => ('repeat' in item ? item.repeat.phases : [item]))
  return phases
    .filter(({ startMs, endMs }) => endMs > startMs)
    .map(({ name, base, startMs, endMs, faults, limits }) => {
      const note = stretches.find(one => one.name === base)?.note
      const isIn = (span: Span) => span.startMs < endMs && span.endMs > startMs
      const isFaulty =
        faults.length + limits.length > 0 || tracks.some(isIn) || plan.capacity.some(one => one.phase === name)
      return { name, startMs, endMs, isFaulty, ...(note !== undefined && { note }) }
    })
}

function cueLines(plan: Plan, catalogue: Catalogue, now: number): readonly CueLine[] {
  return cuesOf(plan, catalogue)
    .filter(({ t }) => t > now)
    .slice(0, cuesShown)
    .map(cue => {
      const { t, kind, owner, expected } = cue
      return {
        ...{ t, kind, text: cueText(cue) },
        ...(owner !== undefined && { owner }),
        ...(kind !== 'action' && expected !== undefined && { expected }),
      }
    })
}

interface When {
  readonly t: number
  readonly isOver: boolean
}

function faultLines(faults: DrillState['faults'], plan: Plan, now: When): readonly FaultLine[] {
  const entries = [...plannedFaults(plan), ...plannedLimits(plan), ...plan.capacity]
  return faults.map(({ entry, id, surface, phase, status, hits, eligible, hint }) => {
    const laps = entries.filter(one => one.path === entry)
    return {
      ...{ entry, id, surface, status, hits, eligible },
      phase: laps.length === 1 ? phasesOf(laps, plan) : phase,
      when: whenOf(laps, now),
      isInjected: laps.some(({ index }) => index >= firstInjected),
      ...(hint !== undefined && { hint }),
    }
  })
}

/** Those that an entry lasts over, the first and the last of them. */
function phasesOf(laps: readonly Span[], { phases, lengthMs }: Plan): string {
  const names = laps.flatMap(({ startMs, endMs }) =>
    [startMs, Math.max(startMs, endMs - 1)].map(t => phaseNameAt(phases, t, lengthMs)),
  )
  return [...new Set(names)].join(' to ')
}

function whenOf(laps: readonly Span[], { t, isOver }: When): FaultLine['when'] {
  if (isOver) return laps.some(({ startMs }) => startMs <= t) ? 'over' : 'not reached'
  if (laps.some(({ startMs, endMs }) => startMs <= t && t < endMs)) return 'now'
  return laps.some(({ startMs }) => startMs > t) ? 'to come' : 'over'
}

/**
 * Those that were asked first, the most asked of them at the head; then those of the scenario's own provider by their bare
 * names, its own, and those of others.
 */
function surfacesOf({ scenario }: Plan, { surfaces }: Catalogue, asked: ShowBook['asked']): readonly string[] {
  const others = [...surfaces].filter(([provider]) => provider !== scenario.provider && provider !== 'http')
  const all = [
    ...(surfaces.get(scenario.provider) ?? []),
    ...Object.keys(scenario.surfaces ?? {}),
    ...others.flatMap(([provider, names]) => names.map(name => `${provider}.${name}`)),
  ]
  const own = new Set([scenario.provider, 'http'])
  const attempts = new Map(
    [...asked.values()].map(({ provider, surface, attempts }) => [
      own.has(provider) ? surface : `${provider}.${surface}`,
      attempts,
    ]),
  )
  return all.toSorted((a, b) => (attempts.get(b) ?? 0) - (attempts.get(a) ?? 0))
}
