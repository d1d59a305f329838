import { downSpans, type PlannedCapacity, wholeRun } from './capacity-plan.ts'
import { workBy } from './capacity-speed.ts'
import type { Scenario } from './scenario.ts'
import type { PlannedFault, Span } from './timeline.ts'

const minuteMs = 60_000
const longestDrainMs = 60 * minuteMs
const stepMs = 1_000

export interface Drain {
  /** Requests that wait. */
  readonly backlog: number
  /** New requests, per ms. */
  readonly load: number
  /** Requests that can be served within the first `ms`. */
  served(ms: number): number
  readonly atMostMs: number
}

/** When a queue is empty that is served like a fluid, ms to a second or so; `atMostMs` when it is not by then. */
export function fluidDrainMs({ backlog, load, served, atMostMs }: Drain): number {
  if (backlog <= 0) return 0
  for (let t = stepMs; t < atMostMs; t += stepMs) if (served(t) >= backlog + load * t) return t
  return atMostMs
}

export interface DrainInput {
  readonly scenario: Scenario
  readonly phases: readonly (Span & { readonly faults: readonly PlannedFault[] })[]
  readonly tracks: readonly PlannedFault[]
  readonly capacity: readonly PlannedCapacity[]
  readonly lengthMs: number
}

/**
 * How long the provider would be busy after the last phase with what its phases left undone, if every task that found
 * it down or full came back later, once. Only the scenario's own capacity still holds then.
 */
export function drainAfterMs({ scenario, phases, tracks, capacity, lengthMs }: DrainInput): number {
  const load = loadPerMs(scenario, phases, lengthMs)
  const input = { phases: phases.map(phase => ({ ...phase, name: '', path: '', entries: [] })), tracks }
  const drains = capacity
    .filter(({ phase }) => phase === wholeRun)
    .map(own => {
      const downs = downSpans(own.surfaces, input)
      const entryAt = (t: number) =>
        capacity.find(entry => entry.pool === own.pool && t >= entry.startMs && t < entry.endMs) ?? own
      const served = (startMs: number, endMs: number) => requestsServed(entryAt(startMs), startMs, endMs)
      const cuts = [0, lengthMs, ...[...phases, ...downs].flatMap(({ startMs, endMs }) => [startMs, endMs])]
      const times = [...new Set(cuts)].filter(t => t >= 0 && t <= lengthMs).sort((a, b) => a - b)
      let backlog = 0
      for (let i = 1; i < times.length; i++) {
        const [startMs = 0, endMs = 0] = [times[i - 1], times[i]]
        const isDown = downs.some(span => startMs >= span.startMs && startMs < span.endMs)
        backlog = Math.max(0, backlog + load * (endMs - startMs) - (isDown ? 0 : served(startMs, endMs)))
      }
      const after = (ms: number) => served(lengthMs, lengthMs + ms)
      // What never drains is not worth waiting for.
      if (after(2 * longestDrainMs) - after(longestDrainMs) <= load * longestDrainMs) return 0
      return fluidDrainMs({ backlog, load, served: after, atMostMs: longestDrainMs })
    })
  return Math.max(0, ...drains)
}

function requestsServed({ pool, service }: PlannedCapacity, startMs: number, endMs: number): number {
  const middle = (startMs + endMs) / 2
  const slots = pool.shelves
    .filter(({ open }) => open.some(span => middle >= span.startMs && middle < span.endMs))
    .reduce((sum, { count }) => sum + count, 0)
  if (!Number.isFinite(slots)) return slots
  return (slots * (workBy(pool.speed, endMs) - workBy(pool.speed, startMs))) / service.meanMs
}

/** Tasks that the workload starts, per ms, as far as the scenario alone tells. */
function loadPerMs({ workload = {} }: Scenario, phases: readonly Span[], lengthMs: number): number {
  const { arrivals, think, tasks = 2_000, users = 60, instances = 1 } = workload
  if (arrivals !== undefined)
    return (typeof arrivals === 'number' ? arrivals : Math.max(arrivals.from, arrivals.to)) / minuteMs
  if (think !== undefined) return (users * instances) / (think + 1_000)
  const shortest = Math.min(...phases.map(({ startMs, endMs }) => endMs - startMs))
  return instances * Math.max(tasks / Math.max(lengthMs, minuteMs), Number.isFinite(shortest) ? 20 / shortest : 0)
}
