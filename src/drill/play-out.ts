import { UsageError } from '../lib/errors.ts'
import type { Integration } from '../model/integration.ts'
import { describeError } from '../run/describe-error.ts'
import { watchHealth } from '../run/health.ts'
import type { Instances } from '../run/instances.ts'
import { Jobs } from '../run/jobs.ts'
import { complete, type End, patienceMs, unsteady } from '../run/script.ts'
import type { Since } from '../run/since.ts'
import type { Stage } from '../run/stage.ts'
import { StopWatch } from '../run/stop-watch.ts'
import { Tasks } from '../run/tasks.ts'
import { Users } from '../run/users.ts'
import { Traffic } from '../workload/traffic.ts'
import { TaskSource, type Workload } from '../workload/workload.ts'

export interface PlayOutOptions {
  readonly stage: Stage
  readonly instances: Instances
  readonly integration: Integration
  /** Absent where nobody asks anything but the program itself. */
  readonly workload: Workload | undefined
  readonly instancesAtFirst: number
  /** Present where the drill goes on that another process has begun: without a warm-up, and with everybody where he was. */
  readonly since?: Since | undefined
  /** How long what is still open after the healed stretch is waited for, ms; as in a run when absent. */
  readonly patienceMs?: number | undefined
  /** Resolves when somebody or something ends the drill before its time. */
  readonly halted: PromiseWithResolvers<End>
  /** Called once the app is up: time begins to count. */
  onUp(traffic: Traffic): void
  /** How many attempts of the warm-up failed, of how many: all there is to go by where nobody asks. */
  warmUpAttempts(): { readonly ended: number; readonly well: number }
}

/** What happens in a drill, in order: start, warm-up, phases, the healed stretch, and patience with what is still open. */
export async function playOut(options: PlayOutOptions): Promise<End> {
  const { stage, instances, integration, workload, halted, onUp, since } = options
  try {
    const started = instances.start(options.instancesAtFirst).then(() => undefined)
    const early = await Promise.race([started, halted.promise])
    if (early) return early
  } catch (error) {
    return { reason: 'start-failed', problem: problemOf(error) }
  }
  begin(stage, since)
  const traffic = new Traffic(stage.clock, stage.stopper.signal)
  onUp(traffic)
  if (integration.health) void watchHealth(stage, instances)
  const { everyone, tasks } = workload ? ask(options, workload, traffic) : { everyone: undefined, tasks: undefined }
  if (!since) {
    const early = await warmUp(options, tasks)
    if (early) return early
  }

  const ended = everyone ?? untilEnd(stage)
  const outOfPatience = untilEnd(stage, options.patienceMs ?? patienceMs)
  return Promise.race([ended, outOfPatience, halted.promise])
}

/** Time begins to count, or goes on. */
function begin(stage: Stage, since: Since | undefined): void {
  if (since) {
    stage.goOn()
    return
  }
  stage.beginWarmUp()
  stage.journal.write({ type: 'phase-entered', t: stage.t(), phase: 'steady-state' })
}

/** The end of a drill that does not get beyond its warm-up; nothing where all is well. */
async function warmUp(
  { stage, halted, warmUpAttempts }: PlayOutOptions,
  tasks: Tasks | undefined,
): Promise<End | undefined> {
  const warm = stage.clock.sleep(stage.plan.warmUpMs - 1, stage.stopper.signal)
  const early = await Promise.race([warm.then(() => undefined), halted.promise])
  if (early) return early
  const problem = tasks
    ? unsteady(tasks.warmUp, stage.plan.scenario.steady_state?.at_least)
    : unsteadyAttempts(warmUpAttempts(), stage.plan.scenario.steady_state?.at_least)
  return problem === undefined ? undefined : { reason: 'steady-state', problem }
}

function problemOf(error: unknown): string {
  // What somebody can mend speaks for itself.
  if (error instanceof UsageError) return [error.message, error.hint].filter(Boolean).join('\n')
  return `The client's start failed: ${describeError(error)}`
}

function ask({ stage, instances, halted, since }: PlayOutOptions, workload: Workload, traffic: Traffic) {
  const { plan, journal } = stage
  const stopWatch = new StopWatch(plan.scenario.stop_when ?? [])
  for (const event of since ? journal.events : [])
    if (event.type === 'task-settled' && event.lostTo !== 'crash') stopWatch.settled(event.outcome, event.t)
  const source = new TaskSource(workload, stage.seed)
  const jobs = workload.jobShare === undefined ? undefined : new Jobs(stage, instances)
  const tasks = new Tasks({
    ...{ stage, instances, workload, source, jobs, since },
    onSettled({ outcome }) {
      const stopped = stopWatch.settled(outcome, stage.t())
      if (stopped === undefined) return
      journal.write({ type: 'mark', t: stage.t(), mark: 'stopped', says: stopped })
      halted.resolve({ reason: 'stopped', stopped })
    },
  })
  const asked = new Users({ stage, workload, source, traffic, tasks, since }).live().finally(() => jobs?.close())
  const everyone = Promise.all([asked, jobs?.watch()]).then(() => complete)
  return { everyone, tasks }
}

/** Resolves when the healed stretch ends, wherever people have moved that to, and `moreMs` later. */
async function untilEnd(stage: Stage, moreMs = 0): Promise<End> {
  const endMs = () => stage.plan.lengthMs + stage.plan.tailMs + moreMs
  while (!stage.over && stage.t() < endMs())
    await stage.clock.sleep(Math.min(endMs() - stage.t(), longestNapMs), stage.stopper.signal)
  return complete
}

/** A phase that is let go may end the drill much earlier than it was to end while it was held. */
const longestNapMs = 1_000

function unsteadyAttempts({ ended, well }: { ended: number; well: number }, atLeast = 0.95): string | undefined {
  if (ended === 0 || well / ended >= atLeast) return undefined
  const share = Math.round((100 * well) / ended)
  return `Only ${well} of ${ended} requests (${share}%) went well in the healthy warm-up; ${Math.round(100 * atLeast)}% must.`
}
