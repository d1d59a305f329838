import type { Integration } from '../model/integration.ts'
import { scheduleClientEvents } from '../run/client-events.ts'
import { watchHealth } from '../run/health.ts'
import type { Instances } from '../run/instances.ts'
import { Jobs } from '../run/jobs.ts'
import { unsteady } from '../run/script.ts'
import type { Stage } from '../run/stage.ts'
import { Tasks } from '../run/tasks.ts'
import { Users } from '../run/users.ts'
import { Traffic } from '../workload/traffic.ts'
import { TaskSource, type Workload } from '../workload/workload.ts'

/** The users of a client module, who ask it things while the test looks at single moments. */
export interface Crowd {
  /** Resolves when nobody asks any more, and every task has settled. */
  readonly everyone: Promise<unknown>
  /** The next task's number. */
  next(): number
  /** Why the client is not fit for an outage; known once the healthy warm-up is over. */
  readonly problem: string | undefined
}

export interface CrowdOptions {
  readonly stage: Stage
  readonly instances: Instances
  readonly integration: Integration
  readonly workload: Workload
}

/** Lets the users come. To be called at the beginning of the warm-up. */
export function openCrowd({ stage, instances, integration, workload }: CrowdOptions): Crowd {
  const { clock, plan } = stage
  const source = new TaskSource(workload, stage.seed)
  const traffic = new Traffic(clock, stage.stopper.signal)
  const jobs = workload.jobShare === undefined ? undefined : new Jobs(stage, instances)
  const tasks = new Tasks({ stage, instances, workload, source, jobs, onSettled() {} })
  let problem: string | undefined
  if (integration.health) void watchHealth(stage, instances)
  scheduleClientEvents(stage, { instances, traffic })
  const asked = new Users({ stage, workload, source, traffic, tasks }).live().finally(() => jobs?.close())
  clock.after(plan.warmUpMs - 1, () => {
    problem = unsteady(tasks.warmUp, plan.scenario.steady_state?.at_least)
  })
  return {
    everyone: Promise.all([asked, jobs?.watch()]),
    next: () => ++tasks.count,
    get problem() {
      return problem
    },
  }
}
