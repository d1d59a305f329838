import type { JobEvent } from '../journal/event.ts'
import type { Json } from '../model/scenario.ts'
import type { TaskRecord } from './view.ts'

/** A background job, as the app's own list showed it, or its hook told of it. */
export interface JobRecord {
  readonly id: string
  /** Whose order it was. */
  readonly task: TaskRecord
  readonly submittedMs: number
  readonly startedMs?: number
  readonly doneMs?: number
  /** Given up, and said so. */
  readonly deadMs?: number
  /** Dropped, as nobody waits for it any more. */
  readonly expiredMs?: number
  /** No longer in the list, without having been seen done or dead. */
  readonly goneMs?: number
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Collects the fates of jobs. A job whose order was given before t = 0 belongs to the warm-up. */
export class JobsReader {
  readonly records: Mutable<JobRecord>[] = []
  private readonly byTask = new Map<string, Mutable<JobRecord>>()

  read({ type, t, job: id, detail }: JobEvent, tasks: ReadonlyMap<string, TaskRecord>): void {
    const owner = field(detail, 'task')
    if (typeof owner !== 'string') return
    if (type === 'job-submitted') {
      const task = tasks.get(owner)
      if (!task) return
      const record = { id, task, submittedMs: t }
      this.records.push(record)
      this.byTask.set(owner, record)
      return
    }
    const job = this.byTask.get(owner)
    if (!job) return
    if (type === 'job-started') job.startedMs ??= t
    if (type === 'job-done') job.doneMs ??= t
    if (type === 'job-dead') job.deadMs ??= t
    if (type === 'job-listed' && field(detail, 'state') === 'gone') job.goneMs ??= t
  }
}

function field(detail: Json | undefined, name: string): unknown {
  return typeof detail === 'object' && detail !== null ? Reflect.get(detail, name) : undefined
}
