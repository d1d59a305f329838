import type { Level } from './scenario.ts'
import { levelAt } from './timeline.ts'

/**
 * A token bucket whose rate may move linearly over its span. Tokens are exact: the refill between two looks is the
 * integral of the rate, so it does not matter how often one looks.
 */
export interface Bucket {
  readonly rate: Level
  readonly startMs: number
  readonly endMs: number
  /** Fixed size, or one minute's worth of the rate in force. */
  readonly burst: number | undefined
  tokens: number
  lastMs: number
}

const minuteMs = 60_000

/** A full bucket at the start of its span. `rate` is per minute. */
export function openBucket(rate: Level, startMs: number, endMs: number, burst?: number): Bucket {
  const bucket = { rate, startMs, endMs, burst, tokens: 0, lastMs: startMs }
  bucket.tokens = bucketSize(bucket, startMs)
  return bucket
}

/** How much the bucket holds when full at `t`; at least one token, so that a slow limit still admits. */
export function bucketSize(bucket: Bucket, t: number): number {
  return Math.max(1, bucket.burst ?? rateAt(bucket, t))
}

/** Per minute. */
export function rateAt(bucket: Bucket, t: number): number {
  return levelAt(bucket.rate, bucket, t)
}

/** Brings the bucket up to `t`. */
export function refill(bucket: Bucket, t: number): void {
  if (t <= bucket.lastMs) return
  const mean = (rateAt(bucket, bucket.lastMs) + rateAt(bucket, t)) / 2
  const gained = (mean * (t - bucket.lastMs)) / minuteMs
  bucket.tokens = Math.min(bucketSize(bucket, t), bucket.tokens + gained)
  bucket.lastMs = t
}

/** Ms from `t` until the bucket holds `cost`, at the rate in force at `t`; `Infinity` when it never will. */
export function waitMs(bucket: Bucket, cost: number, t: number): number {
  if (bucket.tokens >= cost) return 0
  const rate = rateAt(bucket, t)
  return rate <= 0 ? Number.POSITIVE_INFINITY : ((cost - bucket.tokens) * minuteMs) / rate
}
