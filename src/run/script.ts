import type { RunEnded } from '../journal/event.ts'
import { Traffic } from '../workload/traffic.ts'
import { TaskSource } from '../workload/workload.ts'
import { announcePhases, announceStatus, tellProgress } from './announce.ts'
import { watchBudget } from './budget.ts'
import { scheduleClientEvents } from './client-events.ts'
import { describeError } from './describe-error.ts'
import { watchHealth } from './health.ts'
import type { Instances } from './instances.ts'
import { Jobs } from './jobs.ts'
import type { SimulateOptions } from './simulate.ts'
import type { Stage } from './stage.ts'
import { StopWatch } from './stop-watch.ts'
import { Tasks, type WarmUp } from './tasks.ts'
import { Users } from './users.ts'

/** How a run ended. */
export interface End {
  readonly reason: RunEnded['reason']
  /** Why nothing was injected. */
  readonly problem?: string
  /** The stop condition that was met. */
  readonly stopped?: string
  /** Why it was ended before its time. */
  readonly cut?: string
}

/** Tasks still open this long after the healed stretch are given up. */
export const patienceMs = 15 * 60_000

/** What happens, in order: start, warm-up, phases, the healed stretch, and patience with what is still open. */
export async function script(stage: Stage, instances: Instances, options: SimulateOptions): Promise<End> {
  const { plan, clock, journal } = stage
  const { workload } = options
  try {
    await instances.start(workload.instances)
  } catch (error) {
    return { reason: 'start-failed', problem: `The client's start failed: ${describeError(error)}` }
  }
  stage.beginWarmUp()
  journal.write({ type: 'phase-entered', t: stage.t(), phase: 'steady-state' })
  announcePhases(stage)
  announceStatus(stage)
  stage.scheduleWallStep()
  if (options.integration.health) void watchHealth(stage, instances)

  const halted = Promise.withResolvers<End>()
  const stopWatch = new StopWatch(plan.scenario.stop_when ?? [])
  const source = new TaskSource(workload, stage.seed)
  const traffic = new Traffic(clock, stage.stopper.signal)
  const jobs = workload.jobShare === undefined ? undefined : new Jobs(stage, instances)
  const tasks = new Tasks({
    stage,
    instances,
    workload,
    source,
    jobs,
    onSettled({ outcome }) {
      const stopped = stopWatch.settled(outcome, stage.t())
      if (stopped === undefined) return
      journal.write({ type: 'mark', t: stage.t(), mark: 'stopped', says: stopped })
      halted.resolve({ reason: 'stopped', stopped })
    },
  })
  scheduleClientEvents(stage, { instances, traffic })
  if (options.budget) watchBudget(stage, options.budget, cut => halted.resolve({ reason: 'cut', cut }))
  const asked = new Users({ stage, workload, source, traffic, tasks }).live().finally(() => jobs?.close())
  const everyone = Promise.all([asked, jobs?.watch()]).then(() => complete)

  // A moment before the first phase: when the warm-up fails, nothing of the outage has begun.
  await Promise.race([clock.sleep(plan.warmUpMs - 1), everyone])
  const problem = unsteady(tasks.warmUp, plan.scenario.steady_state?.at_least)
  if (problem !== undefined) return { reason: 'steady-state', problem }

  const endMs = plan.lengthMs + plan.tailMs
  const cancel = tellProgress(stage, tasks, endMs, options.onProgress)
  const outOfPatience = clock.sleep(endMs + patienceMs - stage.t()).then(() => complete)
  const end = await Promise.race([everyone, outOfPatience, halted.promise])
  cancel()
  return end
}

export const complete: End = { reason: 'complete' }

/** The share of tasks that must settle well in the warm-up, where the scenario does not say. */
const steadyShare = 0.95

const whatAnAnswerIs =
  '. What `perform` gave does not hold the answer to its prompt: send `prompt` on as it is, with its mark [q:…], and give back the text that came.'

const stillOpen =
  ' The others began in its first three quarters and were still open at its end: give it longer (`steady_state: { for: … }`), or look at what keeps them.'

/** Why the healthy warm-up does not show an app that works; undefined when it does. */
export function unsteady({ due, well, firstFailure }: WarmUp, atLeast = steadyShare): string | undefined {
  if (due === 0) return 'No task was started early enough in the healthy warm-up to show anything.'
  const share = well / due
  if (share >= atLeast) return undefined
  const percent = (value: number) => `${Math.round(value * 100)}%`
  const first = firstFailure === undefined ? stillOpen : ` The first that did not: ${firstFailure}`
  const hint = firstFailure === 'not-an-answer' ? whatAnAnswerIs : ''
  return `Only ${well} of ${due} tasks (${percent(share)}) settled well in the healthy warm-up; ${percent(atLeast)} must.${first}${hint}`
}
