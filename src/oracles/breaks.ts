import type { AttemptOutcome } from '../journal/event.ts'
import type { AttemptRecord } from './view.ts'

const breaks: ReadonlySet<AttemptOutcome> = new Set<AttemptOutcome>([
  'cut',
  'stream-error',
  'body-timeout',
  'garbled',
  'reset',
  // A client's own idle timeout in the middle of an answer leaves it a part, too.
  'aborted',
])

/** Whether a good answer had begun and did not come to its end. */
export function brokeOff({ headers, ended }: AttemptRecord): boolean {
  if (!ended || !headers || headers.status >= 400) return false
  return breaks.has(ended.outcome) && ended.bytes > 0
}
