import type { JournalView, TaskRecord } from './view.ts'

/**
 * Whether the app answered for the provider without asking it: a breaker, a cache in its stead, a queue. A task that got
 * a good answer of its own is none, nor is one whose process the scenario took away.
 */
export function isWithheld({ attempts, settled }: TaskRecord): boolean {
  if (attempts.length > 0 || !settled || settled.lostTo !== undefined) return false
  return settled.outcome === 'failed' || settled.outcome === 'degraded' || settled.source === 'cache'
}

/** Tasks that were turned away or served from a store, by instance; not those that shared another's fate. */
export function withheldByInstance(view: JournalView): ReadonlyMap<number, readonly TaskRecord[]> {
  const isShared = sharesAttempt(view)
  const withheld = view.tasks.filter(task => isWithheld(task) && !isShared(task))
  return Map.groupBy(withheld, ({ started }) => started.instance)
}

/**
 * Whether a task without an attempt of its own may have shared another's: one for the same question was under way in the
 * same instance while it was open.
 */
export function sharesAttempt(view: JournalView): (task: TaskRecord) => boolean {
  const keyOf = ({ started }: TaskRecord) => `${started.instance} ${started.question}`
  const byQuestion = Map.groupBy(view.attempts, ({ task }) => (task ? keyOf(task) : ''))
  return task =>
    (byQuestion.get(keyOf(task)) ?? []).some(
      ({ startMs, endMs = view.endMs }) => startMs <= (task.settledMs ?? view.endMs) && endMs >= task.startMs,
    )
}
