import { inContext } from '../attribution/attribution.ts'
import type { JobEvent } from '../journal/event.ts'
import { redact } from '../journal/redact.ts'
import type { TaskInput } from '../model/integration.ts'
import type { Json } from '../model/scenario.ts'
import { jobIdOf, type ListedJob, readJobList } from '../workload/job-list.ts'
import type { Settled } from '../workload/perform-task.ts'
import { nameOf } from '../workload/perform-task.ts'
import { inTime } from './in-time.ts'
import type { Running } from './instance.ts'
import type { Instances } from './instances.ts'
import type { Stage } from './stage.ts'
import { untilEnd } from './until-end.ts'

/** How often the app is asked for its list. */
const lookEveryMs = 10_000
const listPatienceMs = 30_000

interface OpenJob {
  readonly id: string
  readonly task: string
  readonly instance: number
  /** What the list showed last. */
  shown: ListedJob | undefined
}

/** The background jobs of a run: handed to the app's own queue, and followed in its own list until they end. */
export class Jobs {
  private readonly stage: Stage
  private readonly instances: Instances
  /** By the task that submitted it. */
  private readonly open = new Map<string, OpenJob>()
  private isClosed = false

  constructor(stage: Stage, instances: Instances) {
    this.stage = stage
    this.instances = instances
  }

  /** Whether the task lives on as a job. */
  isOpen(task: string): boolean {
    return this.open.has(task)
  }

  /** Hands `task` to the app as a job. To be called in the task's own context. Never rejects. */
  async submit({ integration, app, instance, life }: Running, task: TaskInput, onThrown: (error: unknown) => void) {
    try {
      const returned = await integration.jobs?.submit(app, task)
      // What the app says when its life is over is nobody's word any more.
      if (life.isOver) return failed('none')
      const id = jobIdOf(returned) ?? task.id
      this.open.set(task.id, { id, task: task.id, instance, shown: undefined })
      this.write('job-submitted', id, { task: task.id })
      const settled: Settled = { outcome: 'queued', claimed: true, answer: 'none', source: 'queue', jobId: redact(id) }
      return settled
    } catch (error) {
      onThrown(error)
      return failed(nameOf(error))
    }
  }

  /** No job comes any more. */
  close(): void {
    this.isClosed = true
  }

  /** Looks after the jobs until none is open and none can come; resolves then. */
  async watch(): Promise<void> {
    const { clock, stopper } = this.stage
    while (!this.stage.over && !(this.isClosed && this.open.size === 0)) {
      await clock.sleep(lookEveryMs, stopper.signal)
      for (const running of this.instances.running) {
        if (this.stage.over) return
        await this.look(running)
      }
    }
  }

  private async look({ instance, life, integration, app }: Running): Promise<void> {
    const mine = [...this.open.values()].filter(job => job.instance === instance)
    if (mine.length === 0 || life.isOver) return
    const listing = inContext({ instance, task: undefined, life }, async () => integration.jobs?.list(app))
    try {
      const listed = await inTime(this.stage, untilEnd(life, listing), this.stage.appMs(listPatienceMs), 'jobs.list')
      if (life.isOver || this.stage.over) return
      const jobs = readJobList(listed)
      for (const job of mine) this.tell(job, jobs.get(job.id))
    } catch {
      // A list that cannot be had is asked for again.
    }
  }

  private tell(job: OpenJob, now: ListedJob | undefined): void {
    const { shown } = job
    if (now && shown && now.state === shown.state && now.attempts === shown.attempts) return
    job.shown = now
    this.write('job-listed', job.id, { task: job.task, ...(now ?? { state: 'gone' }) })
    if (now?.state === 'running' && shown?.state !== 'running') this.write('job-started', job.id, { task: job.task })
    if (now?.state === 'done') this.write('job-done', job.id, { task: job.task })
    if (now?.state === 'dead' || now?.state === 'failed') this.write('job-dead', job.id, { task: job.task })
    if (now?.state === 'queued' || now?.state === 'running') return
    // Done, dead, or no longer in the list.
    this.open.delete(job.task)
    this.stage.attributor.close(job.task)
  }

  private write(type: JobEvent['type'], id: string, detail: Json): void {
    this.stage.journal.write({ type, t: this.stage.t(), job: redact(id), detail })
    this.stage.clock.progress()
  }
}

function failed(error: string): Settled {
  return { outcome: 'failed', claimed: false, answer: 'none', error }
}
