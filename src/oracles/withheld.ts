import type { JournalView, TaskRecord } from './view.ts'

/**
 * Whether the app answered for the provider without asking it: a breaker, a cache in its stead, a queue. A task that got
 * a good answer of its own is none, nor is one whose process the scenario took away.
 */
export function isWithheld({ attempts, settled }: TaskRecord): boolean {
  if (attempts.length > 0 || !settled || settled.lostTo !== undefined) return false
  return settled.outcome === 'failed' || settled.outcome === 'degraded' || settled.source === 'cache'
}

/** Tasks that were turned away or served from a store, by instance. */
export function withheldByInstance(view: JournalView): ReadonlyMap<number, readonly TaskRecord[]> {
  return Map.groupBy(view.tasks.filter(isWithheld), ({ started }) => started.instance)
}
