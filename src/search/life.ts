import type { JournalEvent } from '../journal/event.ts'
import { isProvidersFailure, succeeded, surfaceOf } from '../oracles/attempts.ts'
import type { AttemptRecord, JournalView, TaskRecord } from '../oracles/view.ts'
import { withheldByInstance } from '../oracles/withheld.ts'
import { detailOf } from './report-detail.ts'

/** Where in a client's life a request comes; of several the first in this list. */
export const lives = ['probe', 'retry', 'first', 'restored', 'turn', 'steady'] as const

export type Life = (typeof lives)[number]

/** What each of {@link lives} means, and how to get there. */
export const lifeNotes: Readonly<Record<Life, { readonly says: string; readonly todo: string }>> = {
  probe: {
    says: 'the first request after the app kept its requests back: a breaker that is half open',
    todo: 'no breaker was seen to open; if the app has one, let it tell so (`report.breaker`), or make outages longer with --scenario',
  },
  retry: { says: 'an attempt after the first of its call', todo: 'the client never asked again' },
  first: {
    says: 'the first request of a fresh process to a surface, or the first one ever',
    todo: 'the process never began anew: put a `restart` or a `crash` into a base scenario',
  },
  restored: {
    says: 'within two minutes of the first good answer after a row of failures',
    todo: 'no outage was long enough to be recovered from; give the search more --time',
  },
  turn: {
    says: 'a later call of a task or a later turn of a conversation',
    todo: 'say `workload: { sessions: … }` in the client module’s `assumes` if the app holds conversations',
  },
  steady: { says: 'any other: the first attempt of a request while all is well', todo: 'give the app some traffic' },
}

/** A row of so many failures is an outage to the client. */
const rowOfFailures = 3
/** How long after an outage its client counts as just recovered, ms. */
const restoredMs = 120_000

interface Known {
  /** Failures in a row, up to now. */
  row: number
  lastFailureMs: number
  restoredAtMs: number
}

/** The life of every attempt of the view, by its id. `sessions`: whether the tasks of a session are one conversation. */
export function livesOf(
  journal: readonly JournalEvent[],
  view: JournalView,
  sessions: boolean,
): ReadonlyMap<string, Life> {
  const result = new Map<string, Life>()
  const firsts = firstAttempts(journal)
  const withheld = withheldByInstance(view)
  const halfOpen = halfOpenAttempts(journal)
  const laterTurns = sessions ? laterTasks(view) : new Set<TaskRecord>()
  for (const attempts of Map.groupBy(view.attempts, one => `${one.started.instance} ${surfaceOf(one)}`).values()) {
    const ends = attempts.filter(one => one.endMs !== undefined).sort((a, b) => (a.endMs ?? 0) - (b.endMs ?? 0))
    const known: Known = { row: 0, lastFailureMs: 0, restoredAtMs: Number.NEGATIVE_INFINITY }
    let next = 0
    for (const attempt of attempts) {
      for (let ended = ends[next]; ended && (ended.endMs ?? 0) <= attempt.startMs; ended = ends[++next])
        learn(known, ended)
      const keptBack = () =>
        known.row >= rowOfFailures &&
        (withheld.get(attempt.started.instance) ?? []).some(
          ({ settledMs = 0 }) => settledMs >= known.lastFailureMs && settledMs <= attempt.startMs,
        )
      if (halfOpen.has(attempt.id) || keptBack()) result.set(attempt.id, 'probe')
      else if (attempt.started.n > 1) result.set(attempt.id, 'retry')
      else if (firsts.has(attempt.id)) result.set(attempt.id, 'first')
      else if (attempt.startMs - known.restoredAtMs <= restoredMs) result.set(attempt.id, 'restored')
      else result.set(attempt.id, isLater(attempt, laterTurns) ? 'turn' : 'steady')
    }
  }
  return result
}

function learn(known: Known, attempt: AttemptRecord): void {
  const endMs = attempt.endMs ?? 0
  if (isProvidersFailure(attempt)) {
    known.row++
    known.lastFailureMs = endMs
  } else if (succeeded(attempt)) {
    if (known.row >= rowOfFailures) known.restoredAtMs = endMs
    known.row = 0
  }
}

function isLater({ task, call }: AttemptRecord, laterTurns: ReadonlySet<TaskRecord>): boolean {
  return task !== undefined && (task.calls[0] !== call || laterTurns.has(task))
}

function laterTasks(view: JournalView): ReadonlySet<TaskRecord> {
  const sessions = new Set<string>()
  return new Set(
    view.tasks.filter(task => {
      const isLater = sessions.has(task.started.session)
      sessions.add(task.started.session)
      return isLater
    }),
  )
}

/** First attempts of each process at each surface, its warm-up included. */
function firstAttempts(journal: readonly JournalEvent[]): ReadonlySet<string> {
  const firsts = new Set<string>()
  const known = new Set<string>()
  for (const event of journal) {
    if (event.type === 'client-event' && event.event === 'started')
      for (const key of [...known]) if (key.startsWith(`${event.instance ?? 0} `)) known.delete(key)
    if (event.type !== 'attempt-started') continue
    const key = `${event.instance} ${event.provider}.${event.surface}`
    if (!known.has(key)) firsts.add(event.attempt)
    known.add(key)
  }
  return firsts
}

/** Attempts that came while a breaker of their instance said that it was half open. */
function halfOpenAttempts(journal: readonly JournalEvent[]): ReadonlySet<string> {
  const found = new Set<string>()
  const halfOpen = new Map<number, Set<string>>()
  for (const event of journal) {
    if (event.type === 'app-report' && event.hook === 'breaker') {
      const keys = halfOpen.get(event.instance) ?? new Set()
      const key = detailOf(event, 'key') ?? ''
      if (detailOf(event, 'state') === 'half-open') keys.add(key)
      else keys.delete(key)
      halfOpen.set(event.instance, keys)
    }
    if (event.type === 'attempt-started' && (halfOpen.get(event.instance)?.size ?? 0) > 0) found.add(event.attempt)
  }
  return found
}
