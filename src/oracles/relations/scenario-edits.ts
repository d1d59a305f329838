import { type Instant, isRepeat, type Phase, type PhaseItem, type Scenario } from '../../model/scenario.ts'
import type { Plan } from '../../model/timeline.ts'

/** `t` ms after the first phase began, whatever the phases are. */
export const at = (t: number): Instant => ({ phase: 'start', offset: t })

/** Neither judged nor stopped: what another run of it shows is compared, and nothing else. */
export function bare({ expect: _, stop_when: __, found: ___, ...scenario }: Scenario): Scenario {
  return scenario
}

/** A phase more behind the last one; what was said of the end stays where it was. */
export function append(scenario: Scenario, phase: Phase, { lengthMs }: Plan): Scenario {
  const fixed = (instant: Instant): Instant => (instant.phase === 'end' ? at(lengthMs + instant.offset) : instant)
  return { ...mapInstants(scenario, fixed), phases: [...scenario.phases, phase] }
}

/** A phase before the first one; everything else comes later by its length. */
export function prepend(scenario: Scenario, phase: Phase): Scenario {
  const later = (instant: Instant): Instant => (instant.phase === 'start' ? at(instant.offset + phase.for) : instant)
  return { ...mapInstants(scenario, later), phases: [phase, ...scenario.phases] }
}

/** The same traffic through a world in which nothing goes wrong. With `capacity`, the provider still reacts to load. */
export function healed(scenario: Scenario, { capacity = false } = {}): Scenario {
  const { faults: _, status_page: __, events: ___, capacity: own, workload, ...rest } = scenario
  const quiet = workload && withoutSpikes(workload)
  return {
    ...rest,
    ...(quiet && { workload: quiet }),
    ...(capacity && own && { capacity: own }),
    phases: mapPhases(scenario.phases, ({ faults: _, limits: __, capacity: ___, ...phase }) => phase),
  }
}

function withoutSpikes({ spikes: _, ...workload }: NonNullable<Scenario['workload']>) {
  return workload
}

function mapPhases(items: readonly PhaseItem[], change: (phase: Phase) => Phase): readonly PhaseItem[] {
  return items.map(item =>
    isRepeat(item) ? { repeat: { ...item.repeat, phases: item.repeat.phases.map(change) } } : change(item),
  )
}

function mapInstants(scenario: Scenario, change: (instant: Instant) => Instant): Scenario {
  const { faults, status_page: page, events, workload } = scenario
  return {
    ...scenario,
    ...(faults && {
      faults: faults.map(track => ({ ...track, from: change(track.from), until: change(track.until) })),
    }),
    ...(page && {
      status_page: page.map(update => ({
        ...update,
        at: change(update.at),
        ...(update.says_at && { says_at: change(update.says_at) }),
      })),
    }),
    ...(events && { events: events.map(event => ({ ...event, at: change(event.at) })) }),
    ...(workload?.spikes && {
      workload: { ...workload, spikes: workload.spikes.map(spike => ({ ...spike, at: change(spike.at) })) },
    }),
  }
}
