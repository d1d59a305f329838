import { formatDuration } from '../lib/duration.ts'
import { phaseStarts, scenarioLengthMs } from '../model/scale.ts'
import type { Instant, Scenario, Track } from '../model/scenario.ts'
import { leastTailMs, usualWarmUpMs } from '../model/timeline.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { Positions } from './positions.ts'

/** Something that is to happen when the run is not. */
export interface OutOfRun {
  readonly path: string
  readonly message: string
  readonly hint: string
}

/**
 * Events and spikes before the warm-up begins or after the run has ended, and tracks without a moment within the phases:
 * they would come at another time, or never. How long the provider takes to drain is not known here, so that nothing is
 * said of the end where capacity or limits hold.
 */
export function outOfRun(scenario: Scenario): readonly OutOfRun[] {
  const starts = phaseStarts(scenario)
  const lengthMs = scenarioLengthMs(scenario)
  const firstMs = -(scenario.steady_state?.for ?? usualWarmUpMs)
  const lastMs = mayDrain(scenario) ? Number.POSITIVE_INFINITY : lengthMs + leastTailMs
  const timeOf = ({ phase, offset }: Instant) =>
    (phase === 'start' ? 0 : phase === 'end' ? lengthMs : (starts.get(phase) ?? Number.NaN)) + offset
  const check = (path: string, at: Instant): readonly OutOfRun[] => {
    const t = timeOf(at)
    if (t < firstMs) {
      const message = `This is ${formatDuration(-t)} before the first phase, and the run begins ${formatDuration(-firstMs)} before it.`
      return [{ path, message, hint: 'Move it, or make `steady_state.for` longer.' }]
    }
    if (!(t >= lastMs)) return []
    const message = `This is ${formatDuration(t - lengthMs)} after the last phase, and the run ends ${formatDuration(leastTailMs)} after it.`
    return [{ path, message, hint: 'Move it, or add a phase in which nothing fails.' }]
  }
  const isNever = ({ from, until }: Track) => timeOf(until) <= 0 || timeOf(from) >= lengthMs
  const never = 'This is never in force: nothing fails before the first phase and after the last.'
  return [
    ...(scenario.faults ?? []).flatMap((track, i) =>
      isNever(track) ? [{ path: `faults[${i}].from`, message: never, hint: 'Move it, or add a phase for it.' }] : [],
    ),
    ...(scenario.events ?? []).flatMap(({ at }, i) => check(`events[${i}].at`, at)),
    ...(scenario.workload?.spikes ?? []).flatMap(({ at }, i) => check(`workload.spikes[${i}].at`, at)),
  ]
}

function mayDrain(scenario: Scenario): boolean {
  const phases = scenario.phases.flatMap(item => ('repeat' in item ? item.repeat.phases : [item]))
  return scenario.capacity !== undefined || phases.some(({ capacity, limits }) => capacity ?? limits)
}

/** {@link outOfRun}, at its places in the file. */
export function outOfRunDiagnostics(scenario: Scenario, positions: Positions, file: string): readonly Diagnostic[] {
  return outOfRun(scenario).map(({ path, message, hint }) => ({
    file,
    ...positions.of(path),
    code: 'out-of-run',
    severity: 'error',
    message,
    hint,
  }))
}
