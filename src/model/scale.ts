import { movedGameDay } from './game-day.ts'
import { type Instant, isRepeat, type Phase, type Scenario } from './scenario.ts'

/**
 * Scales every `for` and every instant's offset by `factor`, nothing else (`--duration`). The warm-up before and the healed
 * stretch after the phases stay as long as they are, so what happens there stays as far from them.
 */
export function scaleScenario(scenario: Scenario, factor: number): Scenario {
  const ms = (value: number) => Math.max(1, Math.round(value * factor))
  const phase = (p: Phase): Phase => ({ ...p, for: ms(p.for) })
  const phases = scenario.phases.map(item =>
    isRepeat(item) ? { repeat: { ...item.repeat, phases: item.repeat.phases.map(phase) } } : phase(item),
  )
  const [before, after] = [clockOf(scenario), clockOf({ ...scenario, phases })]
  const at = <T extends Instant>(instant: T): T => {
    const [wasMs, isMs] = [before.start(instant.phase), after.start(instant.phase)]
    const t = wasMs + instant.offset
    if (t < 0) return { ...instant, offset: t - isMs }
    if (t > before.lengthMs) return { ...instant, offset: after.lengthMs + (t - before.lengthMs) - isMs }
    return { ...instant, offset: Math.round(instant.offset * factor) }
  }
  return {
    ...scenario,
    phases,
    ...(scenario.faults && { faults: scenario.faults.map(t => ({ ...t, from: at(t.from), until: at(t.until) })) }),
    ...(scenario.status_page && {
      status_page: scenario.status_page.map(u => ({
        ...u,
        at: at(u.at),
        ...(u.says_at && { says_at: at(u.says_at) }),
      })),
    }),
    ...(scenario.events && { events: scenario.events.map(e => ({ ...e, at: at(e.at) })) }),
    ...(scenario.game_day && { game_day: movedGameDay(scenario.game_day, at) }),
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

/** The start of each phase, and of the scenario's own ends. */
function clockOf(scenario: Scenario): { readonly lengthMs: number; start(phase: string): number } {
  const starts = phaseStarts(scenario)
  const lengthMs = scenarioLengthMs(scenario)
  return { lengthMs, start: phase => (phase === 'end' ? lengthMs : (starts.get(phase) ?? 0)) }
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
