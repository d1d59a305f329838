import { type Instant, isRepeat, type Phase, type Scenario } from './scenario.ts'

/** Scales every `for` and every instant's offset by `factor`, nothing else (`--duration`). */
export function scaleScenario(scenario: Scenario, factor: number): Scenario {
  const ms = (value: number) => Math.max(1, Math.round(value * factor))
  const at = <T extends Instant>(instant: T): T => ({ ...instant, offset: Math.round(instant.offset * factor) })
  const phase = (p: Phase): Phase => ({ ...p, for: ms(p.for) })
  return {
    ...scenario,
    phases: scenario.phases.map(item =>
      isRepeat(item) ? { repeat: { ...item.repeat, phases: item.repeat.phases.map(phase) } } : phase(item),
    ),
    ...(scenario.faults && { faults: scenario.faults.map(t => ({ ...t, from: at(t.from), until: at(t.until) })) }),
    ...(scenario.status_page && {
      status_page: scenario.status_page.map(u => ({
        ...u,
        at: at(u.at),
        ...(u.says_at && { says_at: at(u.says_at) }),
      })),
    }),
    ...(scenario.events && { events: scenario.events.map(e => ({ ...e, at: at(e.at) })) }),
    ...(scenario.workload?.spikes && {
      workload: { ...scenario.workload, spikes: scenario.workload.spikes.map(s => ({ ...s, at: at(s.at) })) },
    }),
  }
}

/** Length of all phases, ms, laps included. */
export function scenarioLengthMs(scenario: Scenario): number {
  const sum = (phases: readonly Phase[]) => phases.reduce((total, phase) => total + phase.for, 0)
  return scenario.phases.reduce(
    (total, item) => total + (isRepeat(item) ? item.repeat.times * sum(item.repeat.phases) : item.for),
    0,
  )
}

/** Start of each phase on the clock, ms; a later lap is called `NAME#3`. */
export function phaseStarts(scenario: Scenario): ReadonlyMap<string, number> {
  const starts = new Map<string, number>()
  let clockMs = 0
  const add = (phase: Phase, lap: number) => {
    starts.set(lap === 1 ? phase.name : `${phase.name}#${lap}`, clockMs)
    clockMs += phase.for
  }
  for (const item of scenario.phases) {
    if (!isRepeat(item)) add(item, 1)
    else for (let lap = 1; lap <= item.repeat.times; lap++) for (const phase of item.repeat.phases) add(phase, lap)
  }
  return starts
}
