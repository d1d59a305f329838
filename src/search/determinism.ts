import type { JournalEvent } from '../journal/event.ts'
import type { RunResult } from '../run/result.ts'

/** Where two runs of one scenario part, in words; `undefined` where they are equal. */
export function divergence(first: Pick<RunResult, 'journal'>, second: Pick<RunResult, 'journal'>): string | undefined {
  const [a, b] = [first.journal, second.journal]
  const length = Math.max(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const [one, other] = [a[i], b[i]]
    if (JSON.stringify(one) === JSON.stringify(other)) continue
    return `line ${i + 1} of the journal, ${timeOf(one ?? other)}: ${sayLine(one, other)} in one run, ${sayLine(other, one)} in another`
  }
  return undefined
}

function timeOf(event: JournalEvent | undefined): string {
  const t = event?.t ?? 0
  return t < 0 ? `${-t} ms before the first phase` : `at ${t} ms`
}

/** An event by its type and what tells it from `other`. */
function sayLine(event: JournalEvent | undefined, other?: JournalEvent): string {
  if (!event) return 'nothing'
  if (event.type !== other?.type)
    return `${event.type}${'task' in event && event.task !== undefined ? ` of ${event.task}` : ''}`
  const theirs = new Map(Object.entries(other))
  const differing = Object.entries(event).filter(
    ([key, value]) => JSON.stringify(theirs.get(key)) !== JSON.stringify(value),
  )
  return `${event.type} with ${differing.map(([key, value]) => `${key} ${JSON.stringify(value)}`).join(', ')}`
}
