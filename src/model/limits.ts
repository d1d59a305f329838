import type { Arrival } from './arrival.ts'
import { type Bucket, bucketSize, follow, openBucket, refill, take, waitMs } from './bucket.ts'
import type { AnswerOptions } from './effect.ts'
import type { LimitEntry, LimitScope } from './scenario.ts'
import type { PlannedLimit } from './timeline.ts'
import { countOf, type World } from './world.ts'

export type Dimension = 'requests' | 'input_tokens' | 'output_tokens'
const dimensions: readonly Dimension[] = ['requests', 'input_tokens', 'output_tokens']

/** What a provider tells in its rate-limit headers. */
export interface RateLimitState {
  readonly dimension: Dimension
  readonly limit: number
  readonly remaining: number
  /** Ms until the bucket is full. */
  readonly resetMs: number
}

export interface LimitsVerdict {
  /** The limit that rejects, when one does, and what it says about coming back. */
  readonly rejected: { readonly limit: PlannedLimit; readonly options: AnswerOptions } | undefined
  /** The buckets after the arrival. */
  readonly states: readonly RateLimitState[]
}

const dayMs = 86_400_000

/** Asks all limits in order. What one of them rejects costs the buckets of the others nothing. */
export function askLimits(limits: readonly PlannedLimit[], world: World, arrival: Arrival, t: number): LimitsVerdict {
  const asked: { bucket: Bucket; dimension: Dimension; cost: number }[] = []
  let rejected: LimitsVerdict['rejected']
  for (const limit of limits) {
    const count = countOf(world, limit)
    count.eligible++
    count.expected++
    const own = dimensions.flatMap(dimension => {
      if (limit.entry[dimension] === undefined) return []
      const bucket = bucketFor(limit, dimension, world, arrival)
      refill(bucket, t)
      return [{ bucket, dimension, cost: costOf(dimension, arrival) }]
    })
    asked.push(...own)
    const wait = Math.max(0, ...own.map(({ bucket, cost }) => waitMs(bucket, cost, t)))
    if (wait === 0) continue
    count.hits++
    rejected = { limit, options: retryAfterOf(limit.entry, wait) }
    break
  }
  if (!rejected) for (const { bucket, cost } of asked) take(bucket, cost, t)
  return { rejected, states: asked.map(({ bucket, dimension }) => stateOf(dimension, bucket, t)) }
}

function retryAfterOf(entry: LimitEntry, wait: number): AnswerOptions {
  const { as = 'seconds', value } = entry.retry_after ?? {}
  if (as === 'none') return {}
  // A limit that will never admit again still names a time, as real ones do.
  const ms = value ?? (Number.isFinite(wait) ? Math.ceil(Math.min(wait, dayMs)) : 60_000)
  return { retryAfter: { as, ms } }
}

function bucketFor(limit: PlannedLimit, dimension: Dimension, world: World, arrival: Arrival): Bucket {
  const id = `${limit.index} ${dimension} ${scopeValue(limit.entry.per ?? 'org', arrival)}`
  let bucket = world.buckets.get(id)
  if (!bucket) {
    const burst = dimension === 'requests' || limit.entry.requests === undefined ? limit.entry.burst : undefined
    bucket = openBucket(limit.entry[dimension] ?? 0, limit.startMs, limit.endMs, burst)
    world.buckets.set(id, bucket)
  }
  follow(bucket, limit)
  return bucket
}

function scopeValue(per: LimitScope, arrival: Arrival): string {
  switch (per) {
    case 'key':
      return arrival.key
    case 'tenant':
      return arrival.tenant ?? ''
    case 'model':
      return arrival.model ?? ''
    case 'org':
      return ''
  }
}

function costOf(dimension: Dimension, arrival: Arrival): number {
  switch (dimension) {
    case 'requests':
      return 1
    case 'input_tokens':
      return Math.max(1, arrival.inputTokens)
    case 'output_tokens':
      return Math.max(1, arrival.maxOutputTokens)
  }
}

function stateOf(dimension: Dimension, bucket: Bucket, t: number): RateLimitState {
  const limit = bucketSize(bucket, t)
  return {
    dimension,
    limit: Math.round(limit),
    remaining: Math.max(0, Math.floor(bucket.tokens + 1e-9)),
    resetMs: Math.ceil(Math.min(waitMs(bucket, limit, t), dayMs)),
  }
}
