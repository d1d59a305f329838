import { inContext } from '../attribution/attribution.ts'
import type { Integration } from '../model/integration.ts'
import { performTask } from '../workload/perform-task.ts'
import { TaskSource, type User, usersOf, type Workload } from '../workload/workload.ts'
import { describeError } from './describe-error.ts'
import type { Stage } from './stage.ts'

/** How the healthy warm-up went. */
export interface WarmUp {
  /** Tasks that settled in it, or that had a quarter of it to do so. */
  due: number
  well: number
  /** The first task that did not settle well, in words. */
  firstFailure: string | undefined
}

/** The users of a run, each asking, waiting for the answer, and thinking before the next question. */
export class Users {
  readonly warmUp: WarmUp = { due: 0, well: 0, firstFailure: undefined }
  /** Tasks started so far. */
  count = 0
  private readonly stage: Stage
  private readonly integration: Integration
  private readonly workload: Workload
  private readonly source: TaskSource

  constructor(stage: Stage, integration: Integration, workload: Workload) {
    this.stage = stage
    this.integration = integration
    this.workload = workload
    this.source = new TaskSource(workload, stage.seed)
  }

  /** Lets all users live until no new task is to be started; resolves when the last of their tasks has settled. */
  async live(apps: readonly unknown[]): Promise<void> {
    await Promise.all(
      usersOf(this.workload).map(user =>
        inContext({ instance: user.instance, task: undefined }, () => this.liveOne(user, apps[user.instance])),
      ),
    )
  }

  private async liveOne(user: User, app: unknown): Promise<void> {
    const { stage, source } = this
    const endMs = stage.plan.lengthMs + stage.plan.tailMs
    // The first questions fall into the warm-up, well before its end, so that it has something to show.
    const firstWithinMs = stage.plan.warmUpMs * 0.75
    for (let n = 1; ; n++) {
      const leftMs = endMs - stage.t()
      await stage.clock.sleep(
        Math.min(source.thinkMs(user, n, firstWithinMs), Math.max(1, leftMs)),
        stage.stopper.signal,
      )
      if (stage.over || stage.t() >= endMs) return
      await this.doTask(user, n, app)
    }
  }

  private async doTask(user: User, n: number, app: unknown): Promise<void> {
    const { stage } = this
    const task = this.source.task(user, n, `t${++this.count}`)
    const { instance, number, tenant, session } = user
    stage.journal.write({
      type: 'task-started',
      t: stage.t(),
      task: task.id,
      instance,
      user: number,
      tenant,
      session,
      class: task.class,
      question: task.question,
      streaming: task.stream,
    })
    stage.clock.progress()
    const isEarly = stage.t() <= -stage.plan.warmUpMs / 4
    if (isEarly) this.warmUp.due++
    const { id, question } = task
    stage.attributor.open({
      id,
      instance,
      user: number,
      tenant,
      session,
      question,
      number: n,
      attempts: 0,
      inFlight: 0,
    })
    let thrown: string | undefined
    const settled = await inContext({ instance, task: id }, () =>
      performTask(this.integration, app, task, {
        signal: stage.stopper.signal,
        onThrown: error => {
          thrown = describeError(error)
        },
      }),
    )
    stage.attributor.close(id)
    if (stage.over) return
    stage.journal.write({ type: 'task-settled', t: stage.t(), task: id, ...settled })
    stage.clock.progress()
    if (stage.t() > 0) return
    if (!isEarly) this.warmUp.due++
    // A queue that takes everything in is as healthy as it gets.
    if (settled.outcome === 'ok' || settled.outcome === 'queued') this.warmUp.well++
    else this.warmUp.firstFailure ??= `${settled.outcome}${thrown === undefined ? '' : `, ${thrown}`}`
  }
}
