import type { JournalEvent, Mark } from '../../journal/event.ts'
import type { Json } from '../../model/scenario.ts'

/** What a mark says besides: of an alert its `title` and `status`, of an inject who and what. */
export function fieldOf({ detail }: Mark, name: string): Json | undefined {
  return typeof detail === 'object' && detail !== null && !Array.isArray(detail)
    ? (detail as Readonly<Record<string, Json>>)[name] // no list, so it has names
    : undefined
}

/** Marks that the drill writes by itself, or that tell how it was steered: no deed of who responds. */
const ours: ReadonlySet<string> = new Set([
  ...[
    'held',
    'released',
    'skipped',
    'extended',
    'moved-on',
    'injected',
    'injection-ended',
    'stopped',
    'timers-hurried',
  ],
  ...['inject', 'inject-failed', 'alert'],
])

/** What people marked, in order. */
export function deedsOf(events: readonly JournalEvent[]): readonly Mark[] {
  return events.flatMap(event => (event.type === 'mark' && !ours.has(event.mark) ? [event] : []))
}
