import { draw } from '../lib/draw.ts'
import { type Arrival, covers, surfaceName } from './arrival.ts'
import { type Bucket, bucketSize, openBucket, refill, waitMs } from './bucket.ts'
import { type Effect, pass } from './effect.ts'
import type { LimitEntry, LimitScope, When } from './scenario.ts'
import { levelAt, type Plan, type PlannedFault, type PlannedLimit, type PlannedOption, phaseAt } from './timeline.ts'
import { countOf, type World } from './world.ts'

export interface Decision {
  readonly effect: Effect
  /** Id of the fault that hit. */
  readonly fault: string | undefined
  /** Path of the entry that hit, or of the limit that rejected. */
  readonly entry: string | undefined
  readonly limited: boolean
  /** State of the limits in force on this arrival, after it. */
  readonly rateLimits: readonly RateLimitState[]
}

export interface RateLimitState {
  readonly dimension: Dimension
  readonly limit: number
  readonly remaining: number
  readonly resetMs: number
}

export type Dimension = 'requests' | 'input_tokens' | 'output_tokens'
const dimensions: readonly Dimension[] = ['requests', 'input_tokens', 'output_tokens']

/**
 * What happens to one arrival at `t` (ms since the first phase began). Entries are tried in order and the first hit
 * wins; tracks come before phases, faults before limits (`design.md` §3). Pure but for the counters of `world`.
 */
export function decide(plan: Plan, world: World, arrival: Arrival, t: number, seed: number): Decision {
  const phase = t >= 0 ? phaseAt(plan.phases, t) : undefined
  const surface = surfaceName(arrival.provider, arrival.surface)
  for (const track of plan.tracks) {
    if (t < track.startMs || t >= track.endMs) continue
    const hit = tryFault(track, world, arrival, surface, t, seed)
    if (hit) return hit
  }
  for (const entry of phase?.faults ?? []) {
    const hit = tryFault(entry, world, arrival, surface, t, seed)
    if (hit) return hit
  }
  const limits = (phase?.limits ?? []).filter(limit => limit.surfaces.some(pattern => covers(pattern, surface)))
  return limits.length === 0 ? healthy : applyLimits(limits, world, arrival, t)
}

const healthy: Decision = Object.freeze({ effect: pass, fault: undefined, entry: undefined, limited: false, rateLimits: [] })

function tryFault(
  entry: PlannedFault,
  world: World,
  arrival: Arrival,
  surface: string,
  t: number,
  seed: number,
): Decision | undefined {
  if (!isTarget(entry, arrival, surface)) return undefined
  const count = countOf(world, entry)
  count.eligible++
  const scope = scopeOf(entry.when, arrival)
  const nth = (count.byScope.get(scope) ?? 0) + 1
  count.byScope.set(scope, nth)
  if (!isCounted(entry.when, nth)) return undefined
  const chance = levelAt(entry.share, entry, t) * optionsTotal(entry.options)
  count.expected += chance
  const option = choose(entry, arrival, chance, seed)
  if (!option) return undefined
  count.hits++
  const drawFor = (purpose: string) => drawEntry(entry, arrival, seed, purpose)
  return {
    effect: option.fault.effect(option.params, { arrival, draw: drawFor }),
    fault: option.fault.id,
    entry: entry.path,
    limited: false,
    rateLimits: [],
  }
}

/** Whether the entry speaks of this arrival at all, its counts and chances aside. */
export function isTarget(entry: PlannedFault | PlannedLimit, arrival: Arrival, surface: string): boolean {
  if (!entry.surfaces.some(pattern => covers(pattern, surface))) return false
  if (!('when' in entry)) return true
  const { when, options } = entry
  if (when.streaming !== undefined && when.streaming !== arrival.streaming) return false
  if (!arrival.streaming && options.every(option => option.fault.streamingOnly === true)) return false
  return (
    matches(when.model, arrival.model) &&
    matches(when.tenant, arrival.tenant) &&
    matches(when.region, arrival.region) &&
    matches(when.key, arrival.key)
  )
}

/** Patterns with `*` for any run of characters; no patterns match everything. */
function matches(patterns: readonly string[] | undefined, value: string | undefined): boolean {
  if (!patterns) return true
  if (value === undefined) return false
  return patterns.some(pattern =>
    pattern.includes('*') ? globOf(pattern).test(value) : pattern === value,
  )
}

function globOf(pattern: string): RegExp {
  const escaped = pattern.split('*').map(part => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
  return new RegExp(`^${escaped.join('.*')}$`)
}

function isCounted(when: When, nth: number): boolean {
  if (when.first !== undefined && nth > when.first) return false
  if (when.nth !== undefined && nth !== when.nth) return false
  return when.every === undefined || nth % when.every === 0
}

function scopeOf(when: When, arrival: Arrival): string {
  switch (when.per) {
    case 'call':
      return `call ${arrival.call ?? ''}`
    case 'key':
      return `key ${arrival.key}`
    default:
      return ''
  }
}

const optionsTotal = (options: readonly PlannedOption[]) => options.reduce((sum, option) => sum + option.share, 0)

/** One of the entry's options, each with its own weight, or none. */
function choose(entry: PlannedFault, arrival: Arrival, chance: number, seed: number): PlannedOption | undefined {
  const total = optionsTotal(entry.options)
  if (chance <= 0 || total <= 0) return undefined
  const u = drawEntry(entry, arrival, seed, 'share')
  if (u >= chance) return undefined
  // `u / chance` is uniform again: it walks the options by weight.
  let rest = (u / chance) * total
  for (const option of entry.options) {
    rest -= option.share
    if (rest < 0) return option
  }
  return entry.options.at(-1)
}

/** Keyed by (seed, entry, who asks): `sticky` widens the who, so that all its attempts share one draw. */
function drawEntry(entry: PlannedFault, arrival: Arrival, seed: number, purpose: string): number {
  const who = ((): readonly (string | number)[] => {
    switch (entry.sticky) {
      case 'call':
        return ['call', arrival.call ?? '']
      case 'user':
        return ['user', arrival.instance, arrival.user]
      case 'key':
        return ['key', arrival.key]
      case 'session':
        return ['session', arrival.session ?? '']
      default:
        return [arrival.instance, arrival.user, arrival.taskNumber, arrival.attemptNumber]
    }
  })()
  return draw(seed, purpose, entry.drawKey, ...who)
}

function applyLimits(limits: readonly PlannedLimit[], world: World, arrival: Arrival, t: number): Decision {
  const states: RateLimitState[] = []
  for (const limit of limits) {
    const count = countOf(world, limit)
    count.eligible++
    count.expected++
    const asked = dimensions.flatMap(dimension => {
      const rate = limit.entry[dimension]
      if (rate === undefined) return []
      const bucket = bucketFor(limit, dimension, world, arrival)
      refill(bucket, t)
      return [{ dimension, bucket, cost: Math.min(costOf(dimension, arrival), bucketSize(bucket, t)) }]
    })
    const wait = Math.max(0, ...asked.map(({ bucket, cost }) => waitMs(bucket, cost, t)))
    if (wait === 0) for (const { bucket, cost } of asked) bucket.tokens -= cost
    else count.hits++
    states.push(...asked.map(({ dimension, bucket }) => stateOf(dimension, bucket, t)))
    if (wait > 0)
      return {
        effect: { type: 'answer', error: 'rate-limited', options: retryAfterOf(limit.entry, wait) },
        fault: undefined,
        entry: limit.path,
        limited: true,
        rateLimits: states,
      }
  }
  return { effect: pass, fault: undefined, entry: undefined, limited: false, rateLimits: states }
}

function retryAfterOf(entry: LimitEntry, wait: number) {
  const { as = 'seconds', value } = entry.retry_after ?? {}
  if (as === 'none') return {}
  // A limit that will never admit again still names a time, as real ones do.
  const ms = value ?? (Number.isFinite(wait) ? wait : 60_000)
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
    remaining: Math.max(0, Math.floor(bucket.tokens)),
    resetMs: Math.ceil(Math.min(waitMs(bucket, limit, t), 86_400_000)),
  }
}
