import type { AnswerState, AppReport } from '../journal/event.ts'
import type { BreakerReport, CacheReport, QueueReport, RetryReport, ToolReport } from '../model/integration.ts'
import type { TaskRecord } from './view.ts'

/** What every report has. `t` is negative in the warm-up. */
export interface Told {
  readonly t: number
  readonly instance: number
  /** In whose context it was told; absent outside of all tasks, and for one of the warm-up. */
  readonly task?: TaskRecord
}

export interface CacheUse extends Told, Pick<CacheReport, 'op' | 'key' | 'ageMs'> {
  /** What the text was by its marks; absent when the app gave none. */
  readonly answer?: AnswerState
  /** The question that the text answers, by its own marks. */
  readonly question?: string
}

/** What a health check said, from now on until the instance's next one. */
export interface HealthWord extends Told {
  readonly ready: boolean
  readonly live: boolean
  /** Class of what the check threw, or `timeout`. */
  readonly problem?: string
  /** The most requests that one check has made so far. */
  readonly asks: number
}

/** What the app told of itself, in order of time: the warm-up too, since what is usual is seen there. */
export interface ReportsView {
  readonly breakers: readonly (Told & BreakerReport)[]
  readonly caches: readonly CacheUse[]
  readonly queues: readonly (Told & QueueReport)[]
  readonly tools: readonly (Told & ToolReport)[]
  readonly retries: readonly (Told & RetryReport)[]
  readonly health: readonly HealthWord[]
}

/** Collects what the hooks told. Reports that are not as they should be (a journal of another hand) are passed over. */
export class ReportsReader implements ReportsView {
  readonly breakers: (Told & BreakerReport)[] = []
  readonly caches: CacheUse[] = []
  readonly queues: (Told & QueueReport)[] = []
  readonly tools: (Told & ToolReport)[] = []
  readonly retries: (Told & RetryReport)[] = []
  readonly health: HealthWord[] = []

  read({ t, instance, task: id, hook, detail }: AppReport, tasks: ReadonlyMap<string, TaskRecord>): void {
    if (typeof detail !== 'object' || detail === null) return
    const task = id === undefined ? undefined : tasks.get(id)
    // Written by the reporter, which has checked every field.
    const told = { t, instance, ...(task && { task }), ...detail } as unknown
    if (hook === 'breaker') this.breakers.push(told as Told & BreakerReport)
    if (hook === 'cache') this.caches.push(told as CacheUse)
    if (hook === 'queue') this.queues.push(told as Told & QueueReport)
    if (hook === 'tool') this.tools.push(told as Told & ToolReport)
    if (hook === 'retry') this.retries.push(told as Told & RetryReport)
    if (hook === 'health') this.health.push({ asks: 0, ...(told as Omit<HealthWord, 'asks'>) })
  }
}

/** The reports that `isKept` keeps. */
export function filterReports(reports: ReportsView, isKept: (told: Told) => boolean): ReportsView {
  return {
    breakers: reports.breakers.filter(isKept),
    caches: reports.caches.filter(isKept),
    queues: reports.queues.filter(isKept),
    tools: reports.tools.filter(isKept),
    retries: reports.retries.filter(isKept),
    health: reports.health.filter(isKept),
  }
}
