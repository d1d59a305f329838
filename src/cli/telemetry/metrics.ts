import type { Counter, Gauge, Registry } from 'prom-client'
import type { AttemptOutcome, JournalEvent, Outcome } from '../../journal/event.ts'
import { phaseNameAt } from '../../model/timeline.ts'
import { loadPeers } from './peers.ts'
import { entriesOf, faultsOf, scenarioMs, type Watched } from './watched.ts'

/** Figures of a drill, as Prometheus reads them. */
export interface Metrics {
  readonly registry: Registry
  begin(drill: Watched): void
  take(event: JournalEvent): void
}

/** Closed, so that each is there with 0 from the beginning: a rate needs two values. */
const attemptOutcomes: Readonly<Record<AttemptOutcome, true>> = {
  ...{ ok: true, error: true, refused: true, dns: true, tls: true, reset: true, 'connect-timeout': true },
  ...{ 'headers-timeout': true, 'body-timeout': true, cut: true, 'stream-error': true, garbled: true, empty: true },
  ...{ wrong: true, aborted: true, 'process-gone': true, open: true },
}
const taskOutcomes: Readonly<Record<Outcome, true>> = {
  ...{ ok: true, degraded: true, queued: true, failed: true, truncated: true, 'not-an-answer': true },
}
const deeds = ['detected', 'declared', 'mitigated', 'recovered']

/** Anybody may mark anything: what comes after so many names counts as `other`, or a loop could fill a Prometheus. */
const marksMax = 32

const peers = { flag: 'metrics', least: { 'prom-client': '15' } }

/** Makes the figures, in a registry of their own. Rejects with a `UsageError` where prom-client is not installed. */
export async function createMetrics(): Promise<Metrics> {
  const prom = await loadPeers(peers, () => import('prom-client'))
  const registry = new prom.Registry()
  const registers = [registry]
  const state: { drill?: Watched } = {}
  const counter = <T extends string>(name: string, help: string, labelNames: T[] = []) =>
    new prom.Counter({ name: `blackstart_${name}`, help, labelNames, registers })
  const gauge = <T extends string>(
    name: string,
    help: string,
    labelNames: T[] = [],
    collect?: (gauge: Gauge<T>, drill: Watched) => void,
  ) =>
    new prom.Gauge({
      ...{ name: `blackstart_${name}`, help, labelNames, registers },
      collect() {
        if (state.drill) collect?.(this, state.drill)
      },
    })

  const scenario = gauge('scenario_info', 'The drill that is under way.', ['scenario', 'client', 'engine', 'version'])
  gauge(
    'scenario_seconds',
    'Time of the scenario since its first phase began; negative in the warm-up.',
    [],
    (one, drill) => one.set(scenarioMs(drill) / 1_000),
  )
  gauge('speed_ratio', 'How many times faster than real time the scenario goes.', [], (one, { speed }) =>
    one.set(speed),
  )
  gauge('phase_active', 'Whether the scenario is in this phase.', ['phase'], tellPhases)
  gauge('fault_active', 'Whether this fault is in force on this surface.', ['fault', 'surface'], tellFaults)
  const attempts = counter('attempts_total', 'Requests that ended, the warm-up included.', ['outcome'])
  const retries = counter('retries_total', 'Requests that repeat one before them.')
  const openAttempts = gauge('attempts_open', 'Requests under way.')
  const tasks = counter('tasks_total', 'Tasks that ended, the warm-up included.', ['outcome'])
  const openTasks = gauge('tasks_open', 'Tasks under way.')
  const marks = counter('marks_total', 'Marks: what people did, were told, or steered.', ['mark'])
  for (const outcome of Object.keys(attemptOutcomes)) attempts.inc({ outcome }, 0)
  for (const outcome of Object.keys(taskOutcomes)) tasks.inc({ outcome }, 0)
  const known = new Set(deeds)
  for (const mark of known) marks.inc({ mark }, 0)

  return {
    registry,
    begin(drill) {
      state.drill = drill
    },
    take(event) {
      switch (event.type) {
        case 'run-started':
          scenario.set(
            {
              ...{ scenario: event.scenarioId, client: event.client },
              ...{ engine: event.engine, version: event.blackstart },
            },
            1,
          )
          break
        case 'attempt-started':
          openAttempts.inc()
          if (event.n > 1) retries.inc()
          break
        case 'attempt-ended':
          openAttempts.dec()
          attempts.inc({ outcome: event.outcome })
          break
        case 'task-started':
          openTasks.inc()
          break
        case 'task-settled':
          openTasks.dec()
          tasks.inc({ outcome: event.outcome })
          break
        case 'mark':
          countMark(marks, known, event.mark)
          break
        default:
          break
      }
    },
  }
}

function countMark(marks: Counter<'mark'>, known: Set<string>, mark: string): void {
  if (known.size < marksMax) known.add(mark)
  marks.inc({ mark: known.has(mark) ? mark : 'other' })
}

/** All laps of a phase are one: a scenario may have any number of them. */
function tellPhases(gauge: Gauge<'phase'>, drill: Watched): void {
  const { phases, lengthMs } = drill.session.plan()
  const now = phaseNameAt(phases, scenarioMs(drill), lengthMs)
  const current = phases.find(({ name }) => name === now)?.base ?? now
  for (const phase of ['steady-state', ...phases.map(({ base }) => base), 'healed'])
    gauge.set({ phase }, phase === current ? 1 : 0)
}

function tellFaults(gauge: Gauge<'fault' | 'surface'>, drill: Watched): void {
  const t = scenarioMs(drill)
  gauge.reset()
  for (const entry of entriesOf(drill.session.plan()))
    for (const fault of faultsOf(entry)) for (const surface of entry.surfaces) tell(fault, surface, entry)

  function tell(fault: string, surface: string, { startMs, endMs }: { startMs: number; endMs: number }): void {
    if (t >= startMs && t < endMs) gauge.set({ fault, surface }, 1)
    else gauge.inc({ fault, surface }, 0)
  }
}
