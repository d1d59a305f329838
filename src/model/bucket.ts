import { levelOf, type Moved, type Span, type Written } from './level.ts'
import type { Level } from './scenario.ts'

/**
 * A token bucket whose rate may move linearly over its span. Tokens are exact: the refill between two looks is the
 * integral of the rate, so it does not matter how often one looks.
 */
export interface Bucket {
  readonly rate: Level
  /** In the drill's time. */
  startMs: number
  endMs: number
  /** How its ramp goes where people have moved the timeline. */
  written?: Written | undefined
  /** Fixed size, or one minute's worth of the rate in force. */
  readonly burst: number | undefined
  tokens: number
  lastMs: number
}

const minuteMs = 60_000

/** A full bucket at the start of its span. `rate` is per minute; at a rate of 0 and no `burst` it begins empty. */
export function openBucket(rate: Level, startMs: number, endMs: number, burst?: number): Bucket {
  const bucket = { rate, startMs, endMs, burst, tokens: 0, lastMs: startMs }
  if (burst !== undefined || rateAt(bucket, startMs) > 0) bucket.tokens = bucketSize(bucket, startMs)
  return bucket
}

/** How much the bucket holds when full at `t`; at least one token, so that a slow limit still admits. */
export function bucketSize(bucket: Bucket, t: number): number {
  return Math.max(1, bucket.burst ?? rateAt(bucket, t))
}

/** Per minute. */
export function rateAt(bucket: Bucket, t: number): number {
  return levelOf(bucket.rate, bucket, t)
}

/** People may move the timeline under way: from now on the bucket goes by the times of `entry`. */
export function follow(bucket: Bucket, { startMs, endMs, written }: Moved): void {
  Object.assign(bucket, { startMs, endMs, written })
}

/** Brings the bucket up to `t`. */
export function refill(bucket: Bucket, t: number): void {
  for (const end of [...bendsOf(bucket), t]) {
    if (end <= bucket.lastMs || end > t) continue
    bucket.tokens = Math.min(bucketSize(bucket, end), bucket.tokens + gained(bucket, bucket.lastMs, end))
    bucket.lastMs = end
  }
}

/**
 * What a request of `cost` takes at `t`. One that is larger than the bucket takes all of a full one: it would never be
 * admitted otherwise.
 */
function costAt(bucket: Bucket, cost: number, t: number): number {
  return Math.min(cost, bucketSize(bucket, t))
}

/** Takes `cost` out of a bucket that has been brought up to `t` and need not wait. */
export function take(bucket: Bucket, cost: number, t: number): void {
  bucket.tokens = Math.max(0, bucket.tokens - costAt(bucket, cost, t))
}

/** Ms from `t` until a bucket brought up to `t` admits `cost`, if nobody else asks; `Infinity` when it never will. */
export function waitMs(bucket: Bucket, cost: number, t: number): number {
  let target = costAt(bucket, cost, t)
  let wait = untilHolds(bucket, target, t)
  // While the bucket grows, so does what a request larger than it must wait for.
  for (let i = 0; i < 50 && Number.isFinite(wait); i++) {
    const grown = costAt(bucket, cost, t + wait)
    if (grown <= target) break
    target = grown
    wait = untilHolds(bucket, target, t)
  }
  return wait
}

function untilHolds(bucket: Bucket, target: number, t: number): number {
  let missing = target - bucket.tokens
  // Sums of fractions fall short by a hair: whoever waited as long as told is let in.
  if (missing <= 1e-9 * Math.max(1, target)) return 0
  let from = t
  for (const end of bendsOf(bucket)) {
    if (end <= from) continue
    const gain = gained(bucket, from, end)
    if (gain >= missing) return from - t + timeToGain(bucket, missing, from, end)
    missing -= gain
    from = end
  }
  const rate = rateAt(bucket, from)
  return rate <= 0 ? Number.POSITIVE_INFINITY : from - t + (missing * minuteMs) / rate
}

/** Ms in which `amount` comes in, within a stretch [from, end] of linear rate: the root of a quadratic. */
function timeToGain(bucket: Bucket, amount: number, from: number, end: number): number {
  const rate = rateAt(bucket, from)
  const slope = ((rateAt(bucket, end) - rate) * minuteMs) / (end - from)
  return (2 * amount * minuteMs) / (rate + Math.sqrt(Math.max(0, rate * rate + 2 * slope * amount)))
}

/** Tokens that come in over a stretch of linear rate. */
function gained(bucket: Bucket, from: number, end: number): number {
  return (((rateAt(bucket, from) + rateAt(bucket, end)) / 2) * (end - from)) / minuteMs
}

/** Where rate or size change their course: the span's ends, and where one minute's worth passes one token. */
function bendsOf({ rate, startMs, endMs, burst, written }: Bucket): readonly number[] {
  if (typeof rate === 'number') return []
  const part = burst === undefined ? (1 - rate.from) / (rate.to - rate.from) : 0
  const bendsOfRamp = ({ startMs, endMs }: Span) =>
    part > 0 && part < 1 ? [startMs, startMs + part * (endMs - startMs), endMs] : [startMs, endMs]
  if (!written) return bendsOfRamp({ startMs, endMs })
  return [...bendsOfRamp(written).map(s => written.live(s)), ...written.bends].sort((a, b) => a - b)
}
