import type { BreakDetail } from '../../journal/breaks.ts'
import type { JournalEvent } from '../../journal/event.ts'

/** What was under way when the process died, as lines of the journal that tell of its end. */
export interface LeftOpen {
  readonly lines: readonly JournalEvent[]
  readonly lost: BreakDetail
  /** Instances of the app that were up, and died with it. */
  readonly instances: readonly number[]
}

/**
 * Settles what a process left open that was killed: its app died with it, and everything that was under way. It is told as a
 * crash of the scenario's own is, so that nobody is blamed for it. `instances`: how many there were at first.
 */
export function settleOpen(events: readonly JournalEvent[], instances: number): LeftOpen {
  const t = events.at(-1)?.t ?? 0
  const tasks = new Set<string>()
  const attempts = new Set<string>()
  const jobs = new Map<string, string>()
  const up = new Set(Array.from({ length: instances }, (_, i) => i))
  for (const event of events)
    switch (event.type) {
      case 'task-started':
        tasks.add(event.task)
        break
      case 'task-settled':
        tasks.delete(event.task)
        break
      case 'attempt-started':
        attempts.add(event.attempt)
        break
      case 'attempt-ended':
        attempts.delete(event.attempt)
        break
      case 'job-submitted':
        jobs.set(ownerOf(event.detail), event.job)
        break
      case 'job-done':
      case 'job-dead':
        jobs.delete(ownerOf(event.detail))
        break
      case 'job-listed':
        if (fieldOf(event.detail, 'state') === 'gone') jobs.delete(ownerOf(event.detail))
        break
      case 'client-event':
        if (event.instance === undefined) break
        if (event.event === 'started') up.add(event.instance)
        if (event.event === 'crash' || event.event === 'stopped') up.delete(event.instance)
        break
      default:
        break
    }
  return {
    lines: [
      ...[...up].map((instance): JournalEvent => ({ type: 'client-event', t, event: 'crash', instance })),
      ...[...attempts].map(
        (attempt): JournalEvent => ({ type: 'attempt-ended', t, attempt, outcome: 'process-gone', bytes: 0 }),
      ),
      ...[...tasks].map((task): JournalEvent => ({ type: 'task-settled', t, task, ...lost })),
      ...[...jobs].map(
        ([task, job]): JournalEvent => ({ type: 'job-dead', t, job, detail: { task, lostTo: 'interrupted' } }),
      ),
    ],
    lost: { tasks: tasks.size, attempts: attempts.size, jobs: jobs.size },
    instances: [...up],
  }
}

const lost = { outcome: 'failed', claimed: false, answer: 'none', lostTo: 'crash' } as const

function ownerOf(detail: unknown): string {
  const owner = fieldOf(detail, 'task')
  return typeof owner === 'string' ? owner : ''
}

function fieldOf(detail: unknown, name: string): unknown {
  return typeof detail === 'object' && detail !== null ? Reflect.get(detail, name) : undefined
}
