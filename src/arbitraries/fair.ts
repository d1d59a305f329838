import { phaseStarts, scenarioLengthMs } from '../model/scale.ts'
import type { Instant, Scenario } from '../model/scenario.ts'
import { phasesOf } from './parts.ts'

/** How long before a surface comes back a crowd may ask at once, at the latest, ms. */
export const latestSpikeMs = 30_000

/**
 * Whether all who ask at once do so long enough before a surface comes back, if they meet an outage at all: the first
 * retries of whoever is spread by jitter come close together too, and what would show is the crowd, not the client.
 */
export function isFair(scenario: Scenario): boolean {
  const spikes = scenario.workload?.spikes ?? []
  if (spikes.length === 0) return true
  const starts = phaseStarts(scenario)
  const lengthMs = scenarioLengthMs(scenario)
  const timeOf = ({ phase, offset }: Instant) =>
    (phase === 'start' ? 0 : phase === 'end' ? lengthMs : (starts.get(phase) ?? 0)) + offset
  const lengths = new Map(phasesOf(scenario).map(phase => [phase.name, phase] as const))
  const heals = [...starts].flatMap(([lap, startMs]) => {
    const phase = lengths.get(lap.split('#')[0] ?? lap)
    return phase?.faults ? [startMs + phase.for] : []
  })
  for (const { until } of scenario.faults ?? []) heals.push(timeOf(until))
  return spikes.every(({ at }) => heals.every(heal => timeOf(at) >= heal || heal - timeOf(at) >= latestSpikeMs))
}
