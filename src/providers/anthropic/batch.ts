import type { Span } from '../../model/timeline.ts'
import type { ApiError } from './errors.ts'

const dayMs = 86_400_000

export interface BatchLine {
  readonly customId: string
  /** The body of a message request. */
  readonly params: unknown
  /** When it would be done, were the batch let run, ms since the epoch. */
  readonly doneMs: number
  /** Why it will be turned down. */
  readonly fault?: ApiError
}

/** A message batch as the API keeps it; all but a cancellation is known from the start. */
export interface Batch {
  readonly id: string
  readonly createdMs: number
  /** Seeds what the model says to each line. */
  readonly seed: number
  readonly lines: readonly BatchLine[]
  readonly cancelTakesMs: number
  cancelledMs?: number
}

export type LineEnd = 'done' | 'canceled' | 'expired'

/** What has not been worked on a day after it was sent never is. */
export function expiresMs({ createdMs }: Batch): number {
  return createdMs + dayMs
}

export function lineEnd(batch: Batch, { doneMs }: BatchLine): LineEnd {
  const { cancelledMs } = batch
  if (cancelledMs !== undefined && doneMs > cancelledMs) return 'canceled'
  return doneMs > expiresMs(batch) ? 'expired' : 'done'
}

/** When the last line has its result, ms since the epoch. */
export function endsMs(batch: Batch): number {
  const { lines, cancelledMs, cancelTakesMs } = batch
  const last = lines.reduce((latest, { doneMs }) => Math.max(latest, doneMs), 0)
  const end = Math.min(last, expiresMs(batch))
  return cancelledMs === undefined ? end : Math.min(end, cancelledMs + cancelTakesMs)
}

export interface Pace {
  /** Uniform in [0, 1). */
  readonly random: () => number
  readonly nowMs: number
  /** How many times faster than the clock of `nowMs` the work goes. */
  readonly speed: number
  /** When nothing is worked on, ms since the epoch, in order. */
  readonly down: readonly Span[]
}

/**
 * When each of `count` lines is done: a lognormal whole around five minutes, longer where there are thousands, as small
 * batches were seen to take three to eleven. While the API is down the work rests.
 */
export function doneInstants(count: number, { random, nowMs, speed, down }: Pace): readonly number[] {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const wholeMs = 5 * 60_000 * Math.exp(0.4 * normal) * (1 + count / 2_000)
  return Array.from({ length: count }, () =>
    afterWork(nowMs, Math.round((wholeMs / speed) * (0.2 + 0.8 * random())), down),
  )
}

function afterWork(fromMs: number, workMs: number, down: readonly Span[]): number {
  let at = fromMs
  let left = workMs
  for (const { startMs, endMs } of down) {
    if (endMs <= at) continue
    if (at + left <= startMs) break
    left -= Math.max(0, startMs - at)
    at = endMs
  }
  return at + left
}
