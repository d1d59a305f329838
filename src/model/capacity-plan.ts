import { covers } from './arrival.ts'
import { type ServiceTime, serviceTime } from './capacity-service.ts'
import type { PlannedShelf } from './capacity-slots.ts'
import { layOutSpeed, type Speed, type WarmUp } from './capacity-speed.ts'
import type { CapacityEntry, Level } from './scenario.ts'
import type { PlannedFault, Span } from './timeline.ts'

/** One entry of `capacity`, with what it takes over from the scenario's own filled in. */
export interface PlannedCapacity extends Span {
  readonly index: number
  readonly path: string
  /** `whole run` for the scenario's own. */
  readonly phase: string
  readonly surfaces: readonly string[]
  readonly pool: PlannedPool
  readonly service: ServiceTime
  readonly maxWaitMs: number
  /** Work that a refusal takes, ms at nominal speed. */
  readonly refusalMs: number
  readonly worksOn: boolean
}

/** The slots behind one set of surfaces, over the whole run: their queue outlives the phases. */
export interface PlannedPool {
  /** The surfaces, for keyed draws. */
  readonly id: string
  readonly speed: Speed
  readonly shelves: readonly PlannedShelf[]
  /** What these were laid out from. */
  readonly stretches: readonly PoolStretch[]
  readonly warmUps: readonly WarmUp[]
}

/** A phase, or a lap of one, with the entries it was written with. */
export interface CapacityPhase extends Span {
  readonly name: string
  readonly path: string
  readonly entries: readonly CapacityEntry[]
  readonly faults: readonly PlannedFault[]
}

export interface CapacityInput {
  readonly entries: readonly CapacityEntry[]
  readonly phases: readonly CapacityPhase[]
  readonly tracks: readonly PlannedFault[]
  readonly lengthMs: number
  nextIndex(): number
  fullSurfaces(surface: readonly string[]): readonly string[]
}

export const wholeRun = 'whole run'

// What is not said: one answer takes a second, and a provider finishes what it has begun, and bills it.
const usualServiceMs = 1_000
const usualCv = 1

interface Draft extends Span {
  readonly entry: CapacityEntry
  readonly path: string
  readonly phase: string
  readonly surfaces: readonly string[]
  readonly pool: string
  readonly speed: { readonly level: Level; readonly over: Span }
}

/**
 * The entries in the order in which an arrival asks them: those of phases first, then the scenario's own. A phase's
 * entry takes what it does not say from the scenario's on the same surfaces, whose slots and queue it then shares, or
 * else from the first that covers them.
 */
export function planCapacity(input: CapacityInput): readonly PlannedCapacity[] {
  const run: Span = { startMs: 0, endMs: input.lengthMs }
  const always: Span = { startMs: Number.NEGATIVE_INFINITY, endMs: Number.POSITIVE_INFINITY }
  const base = input.entries.map((entry, i): Draft => {
    const surfaces = input.fullSurfaces(entry.surface)
    const speed = { level: entry.speed ?? 1, over: run }
    return { ...always, entry, path: `capacity[${i}]`, phase: wholeRun, surfaces, pool: poolOf(surfaces), speed }
  })
  const own = input.phases.flatMap(({ name, path, entries, startMs, endMs }) =>
    entries.map((entry, i): Draft => {
      const surfaces = input.fullSurfaces(entry.surface)
      const pool = poolOf(surfaces)
      const from = base.find(draft => draft.pool === pool) ?? base.find(draft => coversAll(draft.surfaces, surfaces))
      const speed =
        entry.speed === undefined && from ? from.speed : { level: entry.speed ?? 1, over: { startMs, endMs } }
      const merged = { ...from?.entry, ...entry }
      return { startMs, endMs, entry: merged, path: `${path}.capacity[${i}]`, phase: name, surfaces, pool, speed }
    }),
  )
  const pools = new Map<string, PlannedPool>()
  const drafts = [...own, ...base]
  for (const { pool, surfaces } of drafts)
    if (!pools.has(pool)) {
      const stretches = stretchesOf(drafts.filter(draft => draft.pool === pool))
      pools.set(pool, layOutPool(pool, stretches, warmUpsOf(pool, surfaces, input)))
    }
  return drafts.flatMap(({ entry, path, phase, startMs, endMs, surfaces, pool: id }) => {
    const pool = pools.get(id)
    if (!pool) return []
    const service = serviceTime(entry.service ?? usualServiceMs, entry.cv ?? usualCv)
    return {
      ...{ index: input.nextIndex(), path, phase, startMs, endMs, surfaces, pool, service },
      maxWaitMs: entry.max_wait ?? Number.POSITIVE_INFINITY,
      refusalMs: (entry.reject_cost ?? 0) * service.meanMs,
      worksOn: entry.work_after_disconnect ?? true,
    }
  })
}

const poolOf = (surfaces: readonly string[]) => surfaces.toSorted().join()

const coversAll = (patterns: readonly string[], surfaces: readonly string[]) =>
  surfaces.every(surface => patterns.some(pattern => covers(pattern, surface)))

/** Slots that our own clients may count on, and how fast these are. */
export interface PoolStretch extends Span {
  readonly slots: number
  readonly level: Level
  readonly over: Span
  readonly factor: number
}

/** Slots and their speed over all time, from stretches that are in order. */
export function layOutPool(id: string, stretches: readonly PoolStretch[], warmUps: readonly WarmUp[]): PlannedPool {
  const counts = [...new Set(stretches.map(({ slots }) => slots))].sort((a, b) => a - b)
  return {
    ...{ id, stretches, warmUps },
    speed: layOutSpeed(stretches, warmUps),
    shelves: counts.map((count, i) => ({
      count: count - (counts[i - 1] ?? 0),
      open: joined(stretches.filter(({ slots, startMs, endMs }) => slots >= count && startMs < endMs)),
    })),
  }
}

/** All time, cut where another entry comes into force. Where none is, nothing is short. */
function stretchesOf(drafts: readonly Draft[]): readonly PoolStretch[] {
  const cuts = drafts.flatMap(({ startMs, endMs }) => [startMs, endMs]).filter(Number.isFinite)
  const times = [Number.NEGATIVE_INFINITY, ...new Set(cuts.sort((a, b) => a - b)), Number.POSITIVE_INFINITY]
  return times.slice(1).map((endMs, i) => {
    const startMs = times[i] ?? Number.NEGATIVE_INFINITY
    const span = { startMs, endMs }
    const draft = drafts.find(one => one.startMs <= startMs && one.endMs >= endMs)
    if (!draft) return { ...span, slots: Number.POSITIVE_INFINITY, level: 1, over: span, factor: 1 }
    const { slots = Number.POSITIVE_INFINITY, population = 1 } = draft.entry
    // Our clients' part of them: a broken slot is a slot that works more slowly.
    const part = slots / population
    const whole = Math.ceil(part)
    return { ...span, slots: whole, ...draft.speed, factor: Number.isFinite(part) ? part / whole : 1 }
  })
}

function joined(spans: readonly Span[]): readonly Span[] {
  const all: Span[] = []
  for (const { startMs, endMs } of spans) {
    const last = all.at(-1)
    if (last?.endMs === startMs) all[all.length - 1] = { startMs: last.startMs, endMs }
    else all.push({ startMs, endMs })
  }
  return all
}

/** A phase's own begins with it; the scenario's, whenever a stretch ends in which faults hit all that came. */
function warmUpsOf(pool: string, surfaces: readonly string[], input: CapacityInput): readonly WarmUp[] {
  const forMs = input.entries.find(entry => poolOf(input.fullSurfaces(entry.surface)) === pool)?.warm_up ?? 0
  const restarts = forMs > 0 ? downSpans(surfaces, input).map(({ endMs }) => ({ startMs: endMs, forMs })) : []
  const own = input.phases.flatMap(({ startMs, entries }) =>
    entries
      .filter(entry => poolOf(input.fullSurfaces(entry.surface)) === pool && (entry.warm_up ?? 0) > 0)
      .map(entry => ({ startMs, forMs: entry.warm_up ?? 0 })),
  )
  return [...restarts, ...own].sort((a, b) => a.startMs - b.startMs)
}

/** Stretches in which nothing gets through to `surfaces`: some fault hits every arrival. */
export function downSpans(
  surfaces: readonly string[],
  { phases, tracks }: Pick<CapacityInput, 'phases' | 'tracks'>,
): readonly Span[] {
  const spans = [...tracks, ...phases.flatMap(({ faults }) => faults)]
    .filter(fault => hitsAll(fault) && coversAll(fault.surfaces, surfaces) && fault.endMs > fault.startMs)
    .sort((a, b) => a.startMs - b.startMs)
  const all: Span[] = []
  for (const { startMs, endMs } of spans) {
    const last = all.at(-1)
    if (last && startMs <= last.endMs)
      all[all.length - 1] = { startMs: last.startMs, endMs: Math.max(last.endMs, endMs) }
    else all.push({ startMs, endMs })
  }
  return all
}

function hitsAll({ share, options, when }: PlannedFault): boolean {
  const weight = options.reduce((sum, option) => sum + (option.fault.streamingOnly ? 0 : option.share), 0)
  return share === 1 && weight > 1 - 1e-9 && Object.keys(when).length === 0
}
