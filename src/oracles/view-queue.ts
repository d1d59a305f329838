import type { ClientEventRecord } from '../journal/event.ts'
import type { QueueReport } from '../model/integration.ts'
import type { TaskRecord } from './view.ts'
import type { JobRecord } from './view-jobs.ts'
import type { Told } from './view-reports.ts'

type QueueEvent = Told & QueueReport
type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Silence about a job after which it is taken as forgotten, when the queue works on others meanwhile. */
const forgottenAfterMs = 5 * 60_000
/** Jobs of later that have been done, so that the queue is seen to work. */
const fewestLater = 3

export interface QueueFacts {
  readonly events: readonly QueueEvent[]
  readonly tasks: ReadonlyMap<string, TaskRecord>
  readonly clientEvents: readonly ClientEventRecord[]
  /** When the tool itself had died: what was in a queue then is nobody's to keep. */
  readonly breaks: readonly number[]
  readonly endMs: number
}

/**
 * The jobs of a run, `listed` being those that the app's own list showed: what `report.queue` told is added to them. An
 * app that has the hook alone has its jobs from there.
 */
export function jobsOf(listed: readonly Mutable<JobRecord>[], facts: QueueFacts): readonly JobRecord[] {
  if (facts.events.length === 0) return listed
  if (listed.length > 0) {
    const byName = new Map(listed.flatMap(job => [[job.id, job] as const, [job.task.id, job] as const]))
    for (const event of facts.events) tell(byName.get(event.job) ?? byName.get(event.task?.id ?? ''), event)
    return listed
  }
  const told = new Map<string, Mutable<JobRecord>>()
  const lastWord = new Map<string, number>()
  for (const event of facts.events) {
    const { t, op, job: id } = event
    const task = event.task ?? facts.tasks.get(id)
    if (op === 'accepted' && task && t >= 0 && !told.has(id)) told.set(id, { id, task, submittedMs: t })
    tell(told.get(id), event)
    lastWord.set(id, t)
  }
  const jobs = [...told.values()]
  for (const job of jobs) {
    const goneMs = forgottenMs(job, jobs, lastWord.get(job.id) ?? job.submittedMs, facts)
    if (goneMs !== undefined) job.goneMs = goneMs
  }
  return jobs
}

function tell(job: Mutable<JobRecord> | undefined, { op, t }: QueueEvent): void {
  if (!job) return
  if (op === 'started') job.startedMs ??= t
  if (op === 'done') job.doneMs ??= t
  if (op === 'expired') job.expiredMs ??= t
  if (op === 'dead' || op === 'expired') job.deadMs ??= t
}

/** When it shows that nobody works on the job any more: jobs of later were done, and of this one nothing is heard. */
function forgottenMs(
  job: JobRecord,
  jobs: readonly JobRecord[],
  wordMs: number,
  { clientEvents, breaks, endMs }: QueueFacts,
): number | undefined {
  if (job.doneMs !== undefined || job.deadMs !== undefined) return undefined
  if (breaks.some(t => t >= job.submittedMs)) return undefined
  const lastMs = Math.max(wordMs, ...job.task.attempts.map(({ startMs, endMs: end = startMs }) => end))
  const { instance } = job.task.started
  const ended = clientEvents.find(
    ({ event, t, instance: whose }) => (event === 'crash' || event === 'stopped') && t > lastMs && whose === instance,
  )
  const later = jobs
    .filter(({ task, submittedMs }) => task.started.instance === instance && submittedMs > job.submittedMs)
    .filter(({ submittedMs }) => ended === undefined || submittedMs > ended.t)
    .flatMap(({ doneMs }) => (doneMs !== undefined && doneMs > lastMs ? [doneMs] : []))
    .sort((a, b) => a - b)
  const seenMs = later[fewestLater - 1]
  return seenMs !== undefined && endMs - seenMs >= forgottenAfterMs ? seenMs : undefined
}
