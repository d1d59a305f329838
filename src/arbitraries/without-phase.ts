import { phaseStarts, scenarioLengthMs } from '../model/scale.ts'
import { type Instant, isRepeat, type PhaseItem, type Scenario } from '../model/scenario.ts'

/**
 * `scenario` without the phase of that name. What was to happen in it happens when the next one begins; a track that has
 * no time left is gone, and so is what is expected of the phase.
 */
export function withoutPhase(scenario: Scenario, name: string): Scenario {
  const next = nextName(scenario, name)
  const phases = scenario.phases.flatMap((item): readonly PhaseItem[] => {
    if (!isRepeat(item)) return item.name === name ? [] : [item]
    const rest = item.repeat.phases.filter(phase => phase.name !== name)
    return rest.length === 0 ? [] : [{ repeat: { ...item.repeat, phases: rest } }]
  })
  const move = (instant: Instant): Instant =>
    instant.phase.split('#')[0] === name ? { phase: next, offset: 0 } : instant
  return reanchored({ ...scenario, phases }, move, [name])
}

/** Moves every instant of `scenario`, and drops what no longer makes sense. */
export function reanchored(
  scenario: Scenario,
  move: (instant: Instant) => Instant,
  gone: readonly string[] = [],
): Scenario {
  const starts = phaseStarts(scenario)
  const lengthMs = scenarioLengthMs(scenario)
  const timeOf = ({ phase, offset }: Instant) =>
    (phase === 'start' ? 0 : phase === 'end' ? lengthMs : (starts.get(phase) ?? 0)) + offset
  const { faults, events, status_page, expect, workload, ...rest } = scenario
  const tracks = faults
    ?.map(track => ({ ...track, from: move(track.from), until: move(track.until) }))
    .filter(({ from, until }) => timeOf(until) > Math.max(0, timeOf(from)) && timeOf(from) < lengthMs)
  const updates = status_page?.map(update => ({
    ...update,
    at: move(update.at),
    ...(update.says_at && { says_at: move(update.says_at) }),
  }))
  const expected = expect?.filter(({ during }) => !during?.some(phase => gone.includes(phase)))
  return {
    ...rest,
    ...(tracks && tracks.length > 0 && { faults: tracks }),
    ...(updates && updates.length > 0 && { status_page: updates }),
    ...(events && events.length > 0 && { events: events.map(event => ({ ...event, at: move(event.at) })) }),
    ...(workload && {
      workload: workload.spikes
        ? { ...workload, spikes: workload.spikes.map(spike => ({ ...spike, at: move(spike.at) })) }
        : workload,
    }),
    ...(expected && expected.length > 0 && { expect: expected }),
  }
}

function nextName({ phases }: Scenario, name: string): string {
  const names = phases.flatMap(item => (isRepeat(item) ? item.repeat.phases : [item])).map(phase => phase.name)
  return names[names.indexOf(name) + 1] ?? 'end'
}
