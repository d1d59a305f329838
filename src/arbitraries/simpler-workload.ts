import type { Scenario, WorkloadSpec } from '../model/scenario.ts'
import { phasesOf, withKey } from './parts.ts'

/** Fewer users of fewer instances, who ask less often. */
export function* smallerWorkload(scenario: Scenario): Generator<Scenario> {
  const { workload } = scenario
  if (!workload) return
  const { users, instances, think, tenants, questions } = workload
  const set = (to: WorkloadSpec): Scenario => ({ ...scenario, workload: to })
  // To ask more of the app, or of a provider that reacts to load, would be to make another outage.
  const isReacting = scenario.capacity !== undefined || phasesOf(scenario).some(({ capacity }) => capacity)
  const most = isReacting ? rateOf(workload) : Math.max(rateOf(workload), quietTasksAMinute)
  const isBusier = (to: WorkloadSpec) => rateOf(to) > most
  if (instances !== undefined) yield set(withKey(workload, 'instances', undefined))
  if (users !== undefined)
    for (const fewer of steps(users)) {
      // Fewer who ask as much in all; then fewer who ask less.
      const busy = { ...workload, users: fewer, think: busyThinkMs }
      if (think !== undefined && !isBusier(busy)) yield set(busy)
      yield set({ ...workload, users: fewer })
    }
  const usual = { ...workload, think: usualThinkMs }
  if (think !== undefined && think !== usualThinkMs && !isBusier(usual)) yield set(usual)
  for (const key of ['spikes', 'streaming', 'critical', 'tenants', 'questions', 'sessions', 'jobs', 'tasks'] as const)
    if (workload[key] !== undefined) yield set(withKey(workload, key, undefined))
  if (workload.streaming !== undefined && workload.streaming < 1) yield set({ ...workload, streaming: 1 })
  for (const [key, value] of [
    ['tenants', tenants],
    ['questions', questions],
  ] as const)
    if (value !== undefined && value > 1) yield set({ ...workload, [key]: 1 })
}

/** Every run of a search asks so often in the end, if it may: more would be more to run, less would need longer phases. */
const usualThinkMs = 30_000
const busyThinkMs = 10_000

/** Any app copes with so few. */
const quietTasksAMinute = 12

/** Tasks a minute, about. */
const rateOf = ({ users = 60, instances = 1, think = 60_000 }: WorkloadSpec) => (users * instances * 60_000) / think

const steps = (users: number) => [1, 2, 3, 6, 12, 30].filter(fewer => fewer < users)

/** What is expected and does not matter, and a seed that nobody chose. */
export function* plainerHead(scenario: Scenario): Generator<Scenario> {
  for (const key of ['title', 'basis', 'tags', 'needs', 'expect', 'seed'] as const)
    if (scenario[key] !== undefined) yield withKey(scenario, key, undefined)
  const { expect = [] } = scenario
  if (expect.length > 1) for (const [i] of expect.entries()) yield { ...scenario, expect: expect.toSpliced(i, 1) }
}
