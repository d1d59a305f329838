import { steered } from '../../drill/steered.ts'
import { breakNotices } from '../../journal/breaks.ts'
import type { RunEnded } from '../../journal/event.ts'
import { type Recording, readRecording } from '../../journal/read-recording.ts'
import { UsageError } from '../../lib/errors.ts'
import type { Accepted } from '../../model/accepted.ts'
import type { Scenario } from '../../model/scenario.ts'
import { compilePlan, type Plan } from '../../model/timeline.ts'
import type { Thresholds } from '../../oracles/judge-all.ts'
import { relations } from '../../oracles/relations/index.ts'
import { type JournalView, viewJournal } from '../../oracles/view.ts'
import { safetyOnly } from '../../run/budget.ts'
import type { FullCatalogue } from '../../run/catalogue.ts'
import { judgePlayed, type Played } from '../../run/judge-played.ts'
import { recordedClosures, recordedWorld } from '../../run/recorded-world.ts'
import type { RunResult } from '../../run/result.ts'
import { formatDiagnostics, type Positions, parseScenario } from '../../scenario/index.ts'
import { instant } from '../text.ts'
import { withInjected } from './injected.ts'

/** What a journal is judged with, beside what it holds itself. */
export interface JudgedWith {
  readonly catalogue: FullCatalogue
  readonly thresholds?: Thresholds | undefined
  readonly accepted?: readonly Accepted[] | undefined
}

/** A run told by its journal alone. */
export interface RecordedRun extends Recording {
  /** As of a run that was live, but for what no journal has: how long it really took, and whether clean-up was verified. */
  readonly result: RunResult
  readonly view: JournalView
  /** The scenario as its text has it; that of the result has the time that people made of it, and what they injected. */
  readonly written: Scenario
  /** People moved the timeline, or injected faults. */
  readonly isSteered: boolean
  /** How many times faster than an app's own time a drill went; 1 for a simulation. */
  readonly speed: number
}

/**
 * Reads a journal, rebuilds its plan, and judges it again by all oracles. `name` is the file's, for people. Throws a
 * `UsageError` for what is no journal, and for one whose scenario names what is not known here.
 */
export function recordedRun(text: string, name: string, options: JudgedWith): RecordedRun {
  const recording = readRecording(text, name)
  const { started, events, isTorn } = recording
  const { scenario, positions } = scenarioOf(recording, name, options)
  const speed = numberIn(started.workload, 'speed') ?? 1
  const compiled = compilePlan(scenario, options.catalogue.faults)
  const { plan: moved, isMoved } = steered(events, compiled, speed)
  const ended = endOf(recording)
  const injected = withInjected(events, moved, options.catalogue)
  const plan = withTail(injected, ended, started.engine)
  const view = viewJournal(events)
  const played: Played = {
    ...judgedBy(plan, ended, options),
    ...{ events, thresholds: options.thresholds, accepted: options.accepted, client: started.client },
    ...{ world: recordedWorld(events, plan), users: usersOf(recording), engine: started.engine, seed: started.seed },
    ...{ file: undefined, positions, realIo: ended?.realIo ?? false, wallMs: 0, notRestored: [] },
    ...endingOf(recording, view),
    ...(started.engine !== 'msw' && { applied: recordedClosures(plan, view.endMs) }),
    notices: noticesOf(recording, scenario),
    untimed: untimedAt(recording, speed),
  }
  const judged = judgePlayed(played)
  const isSteered = isMoved || injected !== moved
  return {
    ...recording,
    result: { ...judged, plan, scenario: plan.scenario },
    view,
    written: scenario,
    isSteered,
    speed,
    isTorn,
  }
}

function scenarioOf(
  { started }: Recording,
  name: string,
  { catalogue }: JudgedWith,
): { readonly scenario: Scenario; readonly positions: Positions } {
  const { scenario, diagnostics, positions } = parseScenario(started.scenario, { catalogue, file: started.scenarioId })
  if (scenario) return { scenario, positions }
  throw new UsageError(
    `${name}: the scenario in it cannot be read.\n${formatDiagnostics(diagnostics, started.scenario).trimEnd()}`,
    'Faults and oracles of your own are known where the config is that has them: --config FILE.',
  )
}

/** What several runs are compared by has nothing to say of one; and of a run without its end only what holds at any time. */
function judgedBy(
  plan: Plan,
  ended: RunEnded | undefined,
  { catalogue }: JudgedWith,
): Pick<Played, 'plan' | 'catalogue'> {
  const single = {
    oracles: new Map([...catalogue.oracles].filter(([id]) => !relations.has(id))),
    expectations: (plan.scenario.expect ?? []).filter(({ oracle }) => !relations.has(oracle)),
  }
  const isWhole = ended !== undefined && ended.reason !== 'cut'
  const { oracles, expectations } = isWhole ? single : safetyOnly(single)
  return {
    plan: { ...plan, scenario: { ...plan.scenario, expect: expectations } },
    catalogue: { ...catalogue, oracles },
  }
}

function endOf({ events }: Recording): RunEnded | undefined {
  const last = events.at(-1)
  return last?.type === 'run-ended' ? last : undefined
}

type Ending = Pick<Played, 'ended' | 'problem' | 'stopped' | 'cut'>

function endingOf(recording: Recording, view: JournalView): Ending {
  const none = { problem: undefined, stopped: undefined, cut: undefined }
  const ended = endOf(recording)
  if (!ended) return { ...none, ended: 'cut', cut: `the journal breaks off at ${instant(view.endMs)}` }
  switch (ended.reason) {
    case 'steady-state':
      return {
        ...none,
        ended: 'steady-state',
        problem: 'The app was not well in the healthy warm-up: nothing was injected.',
      }
    case 'start-failed':
      return { ...none, ended: 'start-failed', problem: 'The app did not start: nothing was injected.' }
    case 'stopped':
      return { ...none, ended: 'stopped', stopped: stoppedBy(recording) }
    case 'cut':
      return { ...none, ended: 'cut', cut: 'whoever asked for the run had seen enough' }
    default:
      return { ...none, ended: ended.reason }
  }
}

function stoppedBy({ events }: Recording): string {
  const mark = events.findLast(event => event.type === 'mark' && (event.mark === 'stopped' || event.mark === 'aborted'))
  return (mark?.type === 'mark' && mark.says) || 'somebody ended it before its time.'
}

/** How long a drill stayed after the last phase is whoever's ran it to say. */
function withTail(plan: Plan, ended: RunEnded | undefined, engine: string): Plan {
  if (engine === 'msw' || ended?.reason !== 'complete') return plan
  return { ...plan, tailMs: Math.min(plan.tailMs, Math.max(0, ended.t - plan.lengthMs)) }
}

function usersOf({ started }: Recording): number {
  return (numberIn(started.workload, 'users') ?? 0) * (numberIn(started.workload, 'instances') ?? 1)
}

/** Why what measures time says nothing, in a sentence. */
function untimedAt({ started, events }: Recording, speed: number): string | undefined {
  const isHurried = events.some(event => event.type === 'mark' && event.mark === 'timers-hurried')
  if (started.engine === 'msw' || speed === 1 || isHurried) return undefined
  return `not judged at this speed: the scenario went ${speed} times as fast, and the app's own timers did not`
}

function noticesOf({ events, isTorn }: Recording, { expect = [] }: Scenario): readonly string[] {
  const refused = events.flatMap(event => (event.type === 'note' && event.kind === 'host-refused' ? [event.says] : []))
  const compared = expect.filter(({ oracle, off }) => !off && relations.has(oracle)).map(({ oracle }) => oracle)
  return [
    ...new Set(refused),
    ...breakNotices(events),
    ...(compared.length > 0 ? [`${compared.join(', ')}: several runs are compared for this, and this is one.`] : []),
    ...(isTorn
      ? ['The journal has no end: the process was killed, or is still at it. What comes later is not known.']
      : []),
  ]
}

function numberIn(value: unknown, key: string): number | undefined {
  const found = isObject(value) ? value[key] : undefined
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
