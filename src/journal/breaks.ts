import { formatDuration } from '../lib/duration.ts'
import type { JournalEvent, Mark } from './event.ts'

/**
 * The tool itself died in the middle of a drill, and another process went on with it: `interrupted` stands where it broke
 * off, `resumed` where time went on. Between them time stands still while the app comes up again, and nothing is judged.
 */
export interface Break extends Mark {
  readonly mark: 'interrupted' | 'resumed'
  readonly detail: BreakDetail
}

/** What was under way, and was lost with the process. */
export interface BreakDetail extends Readonly<Record<string, number>> {
  readonly tasks: number
  readonly attempts: number
  readonly jobs: number
}

/** Whether it tells of a break; a mark that people made under the same name does not. */
export function isBreak(event: JournalEvent): event is Break {
  if (event.type !== 'mark' || (event.mark !== 'interrupted' && event.mark !== 'resumed')) return false
  const { detail } = event
  return typeof detail === 'object' && detail !== null && 'tasks' in detail && 'attempts' in detail && 'jobs' in detail
}

/** Each break, as a sentence for people. */
export function breakNotices(events: readonly JournalEvent[]): readonly string[] {
  return events
    .filter(event => isBreak(event))
    .filter(({ mark }) => mark === 'interrupted')
    .map(({ t, says = 'what was under way was lost with it' }) => {
      const when = formatDuration(t)
      return `blackstart itself was ended at ${when} of the scenario, and another process went on from there: ${says}.`
    })
}
