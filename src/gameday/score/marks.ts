import { isBreak } from '../../journal/breaks.ts'
import type { JournalEvent, Mark } from '../../journal/event.ts'

/** Marks that the drill writes by itself, or that tell how it was steered, and what somebody noted: no deed of who responds. */
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
  ...['inject', 'inject-failed', 'alert', 'note'],
])

/** What people marked, in order. */
export function deedsOf(events: readonly JournalEvent[]): readonly Mark[] {
  return events.flatMap(event => (event.type === 'mark' && !ours.has(event.mark) && !isBreak(event) ? [event] : []))
}
