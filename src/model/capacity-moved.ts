import { layOutPool, type PlannedCapacity, type PlannedPool, type PoolStretch } from './capacity-plan.ts'
import { levelAt, type Span, type Written } from './level.ts'

type Course = Omit<Written, keyof Span>

/**
 * Capacity where people have moved the timeline: slots come and go with their phases, and a ramp of their speed stands
 * still while its phase is held. A provider that warms up goes on doing so. `entries` have their own times already.
 */
export function movedCapacity(entries: readonly PlannedCapacity[], course: Course): readonly PlannedCapacity[] {
  const pools = new Map<PlannedPool, PlannedPool>()
  return entries.map(entry => {
    const pool = pools.get(entry.pool) ?? movedPool(entry.pool, course)
    pools.set(entry.pool, pool)
    return { ...entry, pool }
  })
}

function movedPool({ id, stretches, warmUps }: PlannedPool, course: Course): PlannedPool {
  return layOutPool(
    id,
    stretches.flatMap(stretch => movedStretch(stretch, course)),
    warmUps.map(({ startMs, forMs }) => ({ startMs: course.live(startMs), forMs })),
  )
}

/** A ramp in pieces, between which it bends. */
function movedStretch(stretch: PoolStretch, { at, live, bends }: Course): readonly PoolStretch[] {
  const { level, over } = stretch
  const liveOf = (s: number) => (Number.isFinite(s) ? live(s) : s)
  const [startMs, endMs] = [liveOf(stretch.startMs), liveOf(stretch.endMs)]
  // What people moved over has no time, and its slots are counted all the same: those of a run are told by their place.
  if (typeof level === 'number' || endMs <= startMs) return [{ ...stretch, startMs, endMs, over: { startMs, endMs } }]
  const within = [live(over.startMs), live(over.endMs), ...bends].filter(t => t > startMs && t < endMs)
  const cuts = [startMs, ...[...new Set(within)].sort((a, b) => a - b), endMs]
  return cuts.slice(1).map((to, i) => {
    const from = cuts[i] ?? startMs
    const levelOf = (t: number, beyond: number) => levelAt(level, over, Number.isFinite(t) ? at(t) : beyond)
    const span = { startMs: from, endMs: to }
    const ramp = { from: levelOf(from, over.startMs), to: levelOf(to, over.endMs) }
    return { ...stretch, ...span, level: ramp.from === ramp.to ? ramp.from : ramp, over: span }
  })
}
