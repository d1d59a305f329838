import { inContext } from '../attribution/attribution.ts'
import type { TaskInput } from '../model/integration.ts'
import { Conversations } from '../workload/conversations.ts'
import { performTask, type Settled } from '../workload/perform-task.ts'
import type { TaskSource, User, Workload } from '../workload/workload.ts'
import { describeError } from './describe-error.ts'
import type { Running } from './instance.ts'
import type { Instances } from './instances.ts'
import type { Jobs } from './jobs.ts'
import type { Since } from './since.ts'
import type { Stage } from './stage.ts'
import { untilEnd } from './until-end.ts'

/** How the healthy warm-up went. */
export interface WarmUp {
  /** Tasks that settled in it, or that had a quarter of it to do so. */
  due: number
  well: number
  /** The first task that did not settle well, in words. */
  firstFailure: string | undefined
}

export interface TasksOptions {
  readonly stage: Stage
  readonly instances: Instances
  readonly workload: Workload
  readonly source: TaskSource
  /** Present when some tasks are jobs. */
  readonly jobs: Jobs | undefined
  /** Present where a run goes on that another process has begun. */
  readonly since?: Since | undefined
  onSettled(settled: Settled): void
}

/** The tasks of a run: each is given to the app, and its fate is written down. */
export class Tasks {
  readonly warmUp: WarmUp = { due: 0, well: 0, firstFailure: undefined }
  /** Started so far. */
  count: number
  private readonly options: TasksOptions
  private readonly conversations: Conversations | undefined

  constructor(options: TasksOptions) {
    this.options = options
    this.count = options.since?.tasks ?? 0
    const { sessions } = options.workload
    this.conversations = sessions && new Conversations(sessions, options.since?.conversations)
  }

  /** Does the user's task number `n`; resolves when it has settled. */
  async do(user: User, n: number): Promise<void> {
    const { stage, instances, source, jobs } = this.options
    const running = instances.route(user.instance, user.number)
    const instance = running?.instance ?? instances.homeOf(user.instance, user.number)
    const turn = this.conversations?.next(user)
    const task: TaskInput = { ...source.task(user, n, `t${++this.count}`), ...turn?.input }
    const { id, question, session, tenant } = task
    stage.journal.write({
      type: 'task-started',
      t: stage.t(),
      task: id,
      instance,
      user: user.number,
      tenant,
      session,
      class: task.class,
      question,
      streaming: task.stream,
    })
    stage.clock.progress()
    const startedMs = stage.clock.now()
    const isEarly = stage.t() <= -stage.plan.warmUpMs / 4
    if (isEarly) this.warmUp.due++
    stage.attributor.open({
      id,
      instance,
      ...(instance !== user.instance && { home: user.instance }),
      user: user.number,
      tenant,
      session,
      question,
      number: n,
      attempts: 0,
      inFlight: 0,
    })
    let thrown: string | undefined
    const onThrown = (error: unknown) => {
      thrown = describeError(error)
    }
    const settled = await this.settle(running, task, {
      isJob: source.isJob(user, n),
      onThrown,
      onAnswer: answer => turn?.answered({ prompt: task.prompt, answer }),
    })
    if (!jobs?.isOpen(id)) stage.attributor.close(id)
    if (stage.over) return
    stage.journal.write({ type: 'task-settled', t: stage.t(), task: id, ...settled })
    stage.clock.progress()
    this.options.onSettled(settled)
    const isExcused = settled.lostTo !== undefined || stage.network.wasDownSince(startedMs)
    this.keepWarmUp(settled, { isEarly, isExcused, thrown })
  }

  private async settle(running: Running | undefined, task: TaskInput, how: How): Promise<Settled> {
    const { instances, jobs } = this.options
    if (!running) return { ...lost, error: 'AppDown', ...(instances.isDownExcused && { lostTo: 'down' }) }
    const { instance, life, integration, app, signal } = running
    const work = inContext({ instance, task: task.id, life }, () =>
      how.isJob && jobs
        ? jobs.submit(running, task, how.onThrown)
        : performTask(integration, app, task, { signal, onThrown: how.onThrown, onAnswer: how.onAnswer }),
    )
    const settled = await untilEnd(life, work)
    return 'outcome' in settled ? settled : { ...lost, ...settled }
  }

  private keepWarmUp({ outcome }: Settled, { isEarly, isExcused, thrown }: Shown): void {
    if (this.options.stage.t() > 0) return
    // A queue that takes everything in is as healthy as it gets.
    const isWell = outcome === 'ok' || outcome === 'queued'
    // What the scenario itself took away shows nothing.
    if (isExcused && !isWell) {
      if (isEarly) this.warmUp.due--
      return
    }
    if (!isEarly) this.warmUp.due++
    if (isWell) this.warmUp.well++
    else this.warmUp.firstFailure ??= `${outcome}${thrown === undefined ? '' : `, ${thrown}`}`
  }
}

/** What a task of the warm-up shows, beside its outcome. */
interface Shown {
  readonly isEarly: boolean
  /** Whether the scenario took the app's process or its network away meanwhile. */
  readonly isExcused: boolean
  readonly thrown: string | undefined
}

interface How {
  readonly isJob: boolean
  onThrown(error: unknown): void
  onAnswer(answer: string): void
}

const lost = { outcome: 'failed', claimed: false, answer: 'none' } as const
