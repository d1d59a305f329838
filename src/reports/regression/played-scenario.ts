import type { Json, Phase, Scenario, Track, WorkloadSpec } from '../../model/scenario.ts'
import { isRepeat } from '../../model/scenario.ts'
import type { RecordedRun } from '../recorded/recorded-run.ts'

/** A scenario as it really went, and what its phases are called in it. */
export interface PlayedScenario {
  readonly scenario: Scenario
  /** The name in the scenario of a phase of the plan. */
  nameOf(phase: string): string
}

/**
 * What the journal went through, as a scenario: its text, with the traffic that there was. Where people moved the timeline,
 * every phase has the length that it came to have, and what they injected is a fault across phases.
 */
export function playedScenario(run: RecordedRun): PlayedScenario {
  const { written, isSteered } = run
  const moved = isSteered ? asSteered(run) : { scenario: written, nameOf: (phase: string) => phase }
  const { found: _found, matrix: _matrix, game_day: _day, stop_when: _stop, seed: _seed, ...rest } = moved.scenario
  const workload = workloadOf(run)
  return { ...moved, scenario: { ...rest, seed: run.result.seed, ...(workload && { workload }) } }
}

function asSteered({ written, result, view }: RecordedRun): PlayedScenario {
  const { plan } = result
  const sources = written.phases.flatMap(item => (isRepeat(item) ? item.repeat.phases : [item]))
  const names = new Map<string, string>()
  // A phase that was held to the end has no end of its own.
  const lastMs = Math.max(1, view.endMs)
  const lengthMs = Math.min(plan.lengthMs, lastMs)
  const phases = plan.phases.flatMap(({ name, base, startMs, endMs }): Phase[] => {
    const source = sources.find(phase => phase.name === base)
    const length = Math.round(Math.min(endMs, lastMs) - startMs)
    if (!source || length <= 0) return []
    names.set(name, freeName(name.replace('#', '-'), [...names.values()]))
    return [{ ...source, name: names.get(name) ?? name, for: length }]
  })
  const entries = plan.scenario.faults ?? []
  const faults = plan.tracks.flatMap(({ startMs, endMs }, i): Track[] => {
    const entry = entries[i]
    const until = Math.round(Math.min(endMs, lengthMs))
    if (!entry || until <= startMs) return []
    return [
      { ...entry, from: { phase: 'start', offset: Math.round(startMs) }, until: { phase: 'start', offset: until } },
    ]
  })
  const { faults: _faults, ...rest } = plan.scenario
  const scenario = { ...rest, phases, ...(faults.length > 0 && { faults }) }
  return { scenario, nameOf: phase => names.get(phase) ?? phase }
}

function freeName(name: string, taken: readonly string[]): string {
  return taken.includes(name) ? freeName(`${name}-again`, taken) : name
}

/** The traffic in numbers, so that it does not depend on how long the scenario is. */
function workloadOf({ started, result }: RecordedRun): WorkloadSpec | undefined {
  const given = result.scenario.workload
  const { workload } = started
  if (!isObject(workload) || typeof workload['users'] !== 'number') return given
  const number = (key: string) => (typeof workload[key] === 'number' ? workload[key] : undefined)
  const [users, instances, tenants, questions] = ['users', 'instances', 'tenants', 'questions'].map(number)
  const [think, streaming, critical, jobShare] = ['thinkMs', 'streamingShare', 'criticalShare', 'jobShare'].map(number)
  const { arrivals, sessions } = given ?? {}
  return {
    ...(users !== undefined && { users }),
    ...(instances !== undefined && { instances }),
    ...(tenants !== undefined && { tenants }),
    ...(questions !== undefined && { questions }),
    ...(think !== undefined && { think }),
    ...(arrivals !== undefined && { arrivals }),
    ...(streaming !== undefined && { streaming }),
    ...(critical !== undefined && { critical }),
    ...(sessions && { sessions }),
    ...(jobShare !== undefined && { jobs: { share: jobShare } }),
    ...(given?.spikes && { spikes: given.spikes }),
  }
}

function isObject(value: unknown): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
