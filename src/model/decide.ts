import { draw } from '../lib/draw.ts'
import { type Arrival, covers, surfaceName } from './arrival.ts'
import { askCapacity, type Served } from './capacity.ts'
import type { PlannedCapacity } from './capacity-plan.ts'
import { type Effect, pass } from './effect.ts'
import { askLimits, type RateLimitState } from './limits.ts'
import type { When } from './scenario.ts'
import { type Plan, type PlannedFault, type PlannedLimit, type PlannedOption, phaseAt, shareAt } from './timeline.ts'
import { countOf, type World } from './world.ts'

export type { Dimension, RateLimitState } from './limits.ts'

export interface Decision {
  readonly effect: Effect
  /** Id of the fault that hit. */
  readonly fault: string | undefined
  /** Path of the entry that hit, or of the limit or capacity that rejected. */
  readonly entry: string | undefined
  readonly limited: boolean
  /** Turned away for want of capacity. */
  readonly rejected?: true
  /** The slot it has, or waits for, where capacity reacts to load. */
  readonly served?: Served
  /** State of the limits in force on this arrival, after it. */
  readonly rateLimits: readonly RateLimitState[]
}

/**
 * What happens to one arrival at `t` (ms since the first phase began). Entries are tried in order and the first hit
 * wins; tracks come before phases, faults before limits, limits before capacity. Pure but for the counters of `world`.
 */
export function decide(plan: Plan, world: World, arrival: Arrival, t: number, seed: number): Decision {
  const phase = t >= 0 ? phaseAt(plan.phases, t) : undefined
  const surface = surfaceName(arrival.provider, arrival.surface)
  const limits = (phase?.limits ?? []).filter(limit => isTarget(limit, arrival, surface))
  let taken: Decision | undefined
  for (const entry of inForce(plan, phase?.faults ?? [], t)) {
    if (!isTarget(entry, arrival, surface)) continue
    if (taken) countOf(world, entry).shadowed++
    else taken = tryFault(entry, world, arrival, t, seed)
  }
  if (taken) {
    for (const limit of limits) countOf(world, limit).shadowed++
  } else if (limits.length > 0) taken = applyLimits(limits, world, arrival, t)
  const capacity = world.reacts ? capacityFor(plan, world, arrival, surface, t) : undefined
  if (!capacity) return taken ?? healthy
  if (taken && (taken.fault !== undefined || taken.limited)) {
    if (t >= 0) countOf(world, capacity).shadowed++
    return taken
  }
  return applyCapacity(capacity, taken ?? healthy, world, arrival, t, seed)
}

/** The first entry that is in force and speaks of the arrival: those of phases come before the scenario's own. It stands in front of the others. */
function capacityFor(
  { capacity }: Plan,
  world: World,
  arrival: Arrival,
  surface: string,
  t: number,
): PlannedCapacity | undefined {
  if (capacity.length === 0) return undefined
  const [first, ...others] = capacity.filter(
    entry => t >= entry.startMs && t < entry.endMs && isTarget(entry, arrival, surface),
  )
  if (t >= 0) for (const other of others) countOf(world, other).shadowed++
  return first
}

function applyCapacity(
  capacity: PlannedCapacity,
  before: Decision,
  world: World,
  arrival: Arrival,
  t: number,
  seed: number,
): Decision {
  const admission = askCapacity(capacity, world, arrival, t, seed)
  if (t >= 0) {
    const count = countOf(world, capacity)
    count.eligible++
    if (admission.type !== 'served' || admission.waitMs > 0) count.hits++
  }
  switch (admission.type) {
    case 'served':
      return { ...before, served: admission.served }
    case 'never':
      return { ...before, effect: { type: 'hold', connect: false }, entry: capacity.path }
    case 'rejected':
      return {
        ...before,
        effect: { type: 'answer', error: 'overloaded', options: {} },
        entry: capacity.path,
        rejected: true,
      }
  }
}

const healthy: Decision = Object.freeze({
  effect: pass,
  fault: undefined,
  entry: undefined,
  limited: false,
  rateLimits: [],
})

/** Tracks first, then the phase's own. */
function inForce(plan: Plan, faults: readonly PlannedFault[], t: number): readonly PlannedFault[] {
  if (plan.tracks.length === 0) return faults
  return [...plan.tracks.filter(track => t >= track.startMs && t < track.endMs), ...faults]
}

function applyLimits(limits: readonly PlannedLimit[], world: World, arrival: Arrival, t: number): Decision {
  const { rejected, states } = askLimits(limits, world, arrival, t)
  if (!rejected) return { ...healthy, rateLimits: states }
  return {
    effect: { type: 'answer', error: 'rate-limited', options: rejected.options },
    fault: undefined,
    entry: rejected.limit.path,
    limited: true,
    rateLimits: states,
  }
}

function tryFault(entry: PlannedFault, world: World, arrival: Arrival, t: number, seed: number): Decision | undefined {
  const count = countOf(world, entry)
  count.eligible++
  const scope = scopeOf(entry.when, arrival)
  const nth = (count.byScope.get(scope) ?? 0) + 1
  count.byScope.set(scope, nth)
  if (!isCounted(entry.when, nth)) return undefined
  const share = shareAt(entry, t)
  if (isFreshDraw(entry, arrival, count.drawnFor))
    count.expected += entry.options.reduce(
      (sum, option) => sum + (serves(option, arrival) ? share * option.share : 0),
      0,
    )
  const option = choose(entry, arrival, share, seed)
  if (!option) return undefined
  count.hits++
  return {
    effect: option.fault.effect(option.params, {
      arrival,
      draw: purpose => drawEntry(entry, arrival, seed, purpose),
    }),
    fault: option.fault.id,
    entry: entry.path,
    limited: false,
    rateLimits: [],
  }
}

/** Whether the entry speaks of this arrival at all, its counts and chances aside. */
export function isTarget(
  entry: PlannedFault | PlannedLimit | PlannedCapacity,
  arrival: Arrival,
  surface: string,
): boolean {
  if (!entry.surfaces.some(pattern => covers(pattern, surface))) return false
  if (!('when' in entry)) return true
  const { when, options } = entry
  if (when.streaming !== undefined && when.streaming !== arrival.streaming) return false
  return (
    options.some(option => serves(option, arrival)) &&
    matches(when.model, arrival.model) &&
    matches(when.tenant, arrival.tenant) &&
    matches(when.region, arrival.region) &&
    matches(when.key, arrival.key)
  )
}

/** What breaks a stream cannot befall an answer that is none, nor the first request what breaks a connection used again. */
function serves({ fault }: PlannedOption, { streaming, isFresh }: Arrival): boolean {
  return (streaming || fault.streamingOnly !== true) && !(isFresh === true && fault.reusedOnly === true)
}

/** Patterns with `*` for any run of characters; no patterns match everything. */
export function matches(patterns: readonly string[] | undefined, value: string | undefined): boolean {
  if (!patterns) return true
  if (value === undefined) return false
  return patterns.some(pattern => (pattern.includes('*') ? globOf(pattern).test(value) : pattern === value))
}

// Every arrival asks again, and scenarios have few patterns.
const globs = new Map<string, RegExp>()

function globOf(pattern: string): RegExp {
  let glob = globs.get(pattern)
  if (!glob) {
    const escaped = pattern.split('*').map(part => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
    glob = new RegExp(`^${escaped.join('.*')}$`, 's')
    globs.set(pattern, glob)
  }
  return glob
}

function isCounted(when: When, nth: number): boolean {
  if (when.first !== undefined && nth > when.first) return false
  if (when.nth !== undefined && nth !== when.nth) return false
  return when.every === undefined || nth % when.every === 0
}

/** Within what an entry counts for `first`, `nth` and `every`. */
export function scopeOf(when: When, arrival: Arrival): string {
  switch (when.per) {
    case 'call':
      return `call ${arrival.call ?? ''}`
    case 'key':
      return `key ${arrival.key}`
    default:
      return ''
  }
}

/** One of the entry's options, each with its own weight, or none. */
function choose(entry: PlannedFault, arrival: Arrival, share: number, seed: number): PlannedOption | undefined {
  const u = drawEntry(entry, arrival, seed, 'share')
  if (u >= share) return undefined
  // `u / share` is uniform again: it walks the options by weight, and past them to none.
  let rest = u / share
  for (const option of entry.options) {
    rest -= option.share
    if (rest < 0) return serves(option, arrival) ? option : undefined
  }
  return undefined
}

/** Whether this draw was not made before: attempts that share one also share one chance of being hit. */
function isFreshDraw(entry: PlannedFault, arrival: Arrival, drawnFor: Set<string>): boolean {
  if (entry.sticky === undefined) return true
  const who = whoOf(entry, arrival).join(' ')
  if (drawnFor.has(who)) return false
  drawnFor.add(who)
  return true
}

/** Keyed by (seed, entry, who asks): `sticky` widens the who, so that all its attempts share one draw. */
function drawEntry(entry: PlannedFault, arrival: Arrival, seed: number, purpose: string): number {
  return draw(seed, purpose, entry.drawKey, ...whoOf(entry, arrival))
}

function whoOf({ sticky }: PlannedFault, arrival: Arrival): readonly (string | number)[] {
  switch (sticky) {
    case 'call':
      return ['call', arrival.instance, arrival.user, arrival.taskNumber, arrival.callNumber]
    case 'user':
      return ['user', arrival.instance, arrival.user]
    case 'key':
      return ['key', arrival.key]
    case 'session':
      return ['session', arrival.session ?? '']
    case undefined:
      return [arrival.instance, arrival.user, arrival.taskNumber, arrival.attemptNumber]
  }
}
