import type { Stretch } from './change-points.ts'
import type { Dimension, Log } from './log.ts'

/** What some rows have in common. */
export interface Measure {
  readonly rows: number
  /** Rows of each kind, by its index. */
  readonly counts: readonly number[]
  /** Rows that are no answer. */
  readonly errors: number
  /** Latencies of answers, ms, ascending. */
  readonly latencies: Float64Array
}

/** Measures the rows of a stretch, or those that `dimension` has at `value`. */
export function measure(log: Log, { from, to }: Stretch, dimension?: Dimension, value?: number): Measure {
  const counts = log.meanings.map(() => 0)
  const latencies: number[] = []
  let rows = 0
  for (let row = from; row < to; row++) {
    if (dimension && dimension.of[row] !== value) continue
    const kind = log.kinds[row] ?? 0
    rows++
    counts[kind] = (counts[kind] ?? 0) + 1
    const latency = log.latencies[row] ?? Number.NaN
    if (!Number.isNaN(latency) && !log.meanings[kind]?.fault) latencies.push(latency)
  }
  const errors = counts.reduce((sum, n, kind) => (log.meanings[kind]?.fault ? sum + n : sum), 0)
  return { rows, counts, errors, latencies: Float64Array.from(latencies).sort() }
}

/** Half of the rows of one kind took less than this, ms; `undefined` when the log does not say. */
export function medianLatencyOf(log: Log, { from, to }: Stretch, kind: number): number | undefined {
  const taken: number[] = []
  for (let row = from; row < to; row++) {
    const latency = log.latencies[row] ?? Number.NaN
    if (log.kinds[row] === kind && !Number.isNaN(latency)) taken.push(latency)
  }
  return taken.length === 0 ? undefined : quantile(Float64Array.from(taken).sort(), 0.5)
}

/** Of ascending values; 0 of none. */
export function quantile(sorted: Float64Array, q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0
}

/** How much likelier the outcomes are when told by each value of the dimension, less what the extra parameters cost. */
export function gainBy(log: Log, stretch: Stretch, dimension: Dimension): number {
  const parts = dimension.values
    .map((_, value) => measure(log, stretch, dimension, value))
    .filter(part => part.rows > 0)
  if (parts.length < 2) return 0
  const whole = measure(log, stretch)
  const kinds = whole.counts.filter(n => n > 0).length
  const gain = parts.reduce((sum, part) => sum + likelihood(part), -likelihood(whole))
  return gain - 1.5 * (parts.length - 1) * Math.max(1, kinds) * Math.log(whole.rows)
}

function likelihood({ counts, rows }: Measure): number {
  return counts.reduce((sum, n) => (n > 0 ? sum + n * Math.log(n / rows) : sum), 0)
}
