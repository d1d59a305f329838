import { retryDueMs } from './attempts.ts'
import { chainsOf } from './chains.ts'
import type { AttemptRecord, JournalView } from './view.ts'

/** A wait that the client chose by itself: no `retry-after` said how long. */
export interface Delay {
  /** From the end of one attempt to the start of the next, ms. */
  readonly ms: number
  /** The attempt that came after it. */
  readonly retry: AttemptRecord
}

/** The waits before the first retry, the second and so on, of all calls together. */
export function ownDelays(view: JournalView): readonly (readonly Delay[])[] {
  const byNumber: Delay[][] = []
  for (const { attempts } of chainsOf(view))
    attempts.forEach((retry, i) => {
      const before = attempts[i - 1]
      if (!before || before.endMs === undefined || retryDueMs(before) !== undefined) return
      const list = byNumber[i - 1] ?? []
      byNumber[i - 1] = list
      list.push({ ms: retry.startMs - before.endMs, retry })
    })
  return Array.from(byNumber, list => list ?? [])
}

/** The value that a share `q` of `values` does not exceed; 0 of none. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0
}

/** Standard deviation by mean; 0 where the mean is. */
export function variation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  if (!(mean > 0)) return 0
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return Math.sqrt(squares / values.length) / mean
}

/** `1st`, `2nd`, `3rd`, `4th`; of eleven and more, too. */
export function ordinal(n: number): string {
  const teens = n % 100 >= 11 && n % 100 <= 13
  const ending = teens ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')
  return `${n}${ending}`
}
