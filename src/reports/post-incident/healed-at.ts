import { type Plan, plannedCapacity, plannedFaults, plannedLimits } from '../../model/timeline.ts'

/** When the last fault, limit or bounded capacity of the scenario ended, ms; its end where it has none. */
export function healedAt(plan: Plan): number {
  const entries = [...plannedFaults(plan), ...plannedLimits(plan), ...plannedCapacity(plan)]
  const ends = entries.filter(({ startMs, endMs }) => endMs > startMs).map(({ endMs }) => endMs)
  return ends.length === 0 ? plan.lengthMs : Math.min(plan.lengthMs, Math.max(...ends))
}
