import { UsageError } from '../lib/errors.ts'
import type { Plan } from '../model/timeline.ts'
import type { Workload } from './workload.ts'

/** A journal of so many tasks has about a gigabyte; a run of them would end for want of memory, hours later. */
export const tasksAtMost = 500_000

const minuteMs = 60_000

/** Throws a `UsageError` for a workload that no run can hold. */
export function refuseTooManyTasks(plan: Plan, workload: Workload): void {
  const tasks = tasksOf(plan, workload)
  if (tasks <= tasksAtMost) return
  const about = Math.round(tasks).toLocaleString('en-US')
  throw new UsageError(
    `The workload comes to about ${about} tasks; a run holds ${tasksAtMost.toLocaleString('en-US')}.`,
    'Ask for fewer users or instances, a lower rate of arrivals or smaller spikes, or for a shorter scenario.',
  )
}

/** Tasks of a whole run, when all is well; none where events of the scenario change the traffic, for then nobody knows. */
function tasksOf(plan: Plan, { arrivals, users, instances, thinkMs }: Workload): number {
  const { warmUpMs, lengthMs, tailMs, scenario } = plan
  if (scenario.events?.some(event => 'traffic' in event)) return 0
  const spikes = (scenario.workload?.spikes ?? []).reduce((sum, spike) => sum + spike.tasks, 0)
  if (arrivals === undefined)
    return spikes + (users * instances * (warmUpMs + lengthMs + tailMs)) / Math.max(1, thinkMs)
  const { from, to } = typeof arrivals === 'number' ? { from: arrivals, to: arrivals } : arrivals
  return spikes + (from * warmUpMs + ((from + to) / 2) * lengthMs + to * tailMs) / minuteMs
}
