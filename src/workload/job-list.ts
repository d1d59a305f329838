export type JobState = 'queued' | 'running' | 'done' | 'dead' | 'failed'

/** A job as the app's list shows it. */
export interface ListedJob {
  readonly state: JobState
  readonly attempts?: number
}

/** What queues call their states; anything else is taken as queued. */
const words: ReadonlyMap<string, JobState> = new Map([
  ...['running', 'active', 'processing', 'started', 'in-progress', 'in_progress'].map(
    word => [word, 'running'] as const,
  ),
  ...['done', 'completed', 'complete', 'succeeded', 'success', 'finished', 'ok'].map(word => [word, 'done'] as const),
  ...['dead', 'dead-letter', 'dead_letter', 'deadletter', 'dlq'].map(word => [word, 'dead'] as const),
  ...['failed', 'error', 'errored', 'cancelled', 'canceled'].map(word => [word, 'failed'] as const),
])

/** Reads what `jobs.list` returned, by id. Tolerant: what has no id is skipped. */
export function readJobList(listed: unknown): ReadonlyMap<string, ListedJob> {
  const jobs = new Map<string, ListedJob>()
  for (const item of itemsOf(listed)) {
    const id = jobIdOf(item)
    if (id === undefined || typeof item !== 'object' || item === null) continue
    const said = fieldOf(item, 'state') ?? fieldOf(item, 'status')
    const attempts = fieldOf(item, 'attempts') ?? fieldOf(item, 'tries')
    jobs.set(id, {
      state: words.get(String(said).toLowerCase()) ?? 'queued',
      ...(typeof attempts === 'number' && Number.isFinite(attempts) && { attempts }),
    })
  }
  return jobs
}

/** The id in what `jobs.submit` returned or `jobs.list` shows: the thing itself, or its `id` or `jobId`. */
export function jobIdOf(value: unknown): string | undefined {
  if (typeof value === 'number' || (typeof value === 'string' && value !== '')) return String(value)
  if (typeof value !== 'object' || value === null) return undefined
  const id = fieldOf(value, 'id') ?? fieldOf(value, 'jobId')
  return typeof id === 'number' || (typeof id === 'string' && id !== '') ? String(id) : undefined
}

function itemsOf(listed: unknown): Iterable<unknown> {
  if (Array.isArray(listed)) return listed
  if (listed instanceof Map) return listed.values()
  if (typeof listed !== 'object' || listed === null) return []
  const jobs = fieldOf(listed, 'jobs')
  return Array.isArray(jobs) ? jobs : []
}

function fieldOf(value: object, name: string): unknown {
  return Reflect.get(value, name)
}
