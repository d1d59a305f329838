import type { AttemptRecord, JournalView } from './view.ts'

/**
 * Whether no process of the instance began between two of its attempts: what the one had learnt in memory the other still
 * knew.
 */
export function sameLife(view: JournalView): (before: AttemptRecord, after: AttemptRecord) => boolean {
  const begun = view.clientEvents.filter(({ event }) => event === 'started')
  return (before, after) =>
    !begun.some(({ instance, t }) => instance === after.started.instance && t > before.startMs && t <= after.startMs)
}
