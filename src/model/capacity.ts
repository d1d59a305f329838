import { draw } from '../lib/draw.ts'
import type { Arrival } from './arrival.ts'
import type { PlannedCapacity, PlannedPool } from './capacity-plan.ts'
import { drawService } from './capacity-service.ts'
import { earliest, moveTo, occupy, type Shelf, type Slot } from './capacity-slots.ts'
import { doneBy, timeOf, workBy } from './capacity-speed.ts'
import type { World } from './world.ts'

/** A pool during a run: which slot is free when. All that is to come of a request is known when it arrives. */
export interface Pool {
  plan: PlannedPool
  readonly shelves: readonly Shelf[]
}

/** A request that has a slot, or will. */
export interface Served {
  readonly capacity: PlannedCapacity
  readonly slot: Slot
  /** When it gets its slot, ms since t = 0. */
  readonly startMs: number
  /** When its answer is whole. */
  readonly finishMs: number
}

export type Admission =
  | { readonly type: 'served'; readonly served: Served; readonly waitMs: number }
  /** Nothing will ever serve it. */
  | { readonly type: 'never' }
  | { readonly type: 'rejected' }

/** Asks for a slot at `t`, for one arrival. What is turned away costs the slot that it would have had. */
export function askCapacity(
  capacity: PlannedCapacity,
  world: World,
  arrival: Arrival,
  t: number,
  seed: number,
): Admission {
  const { instance, user, taskNumber, attemptNumber } = arrival
  const u = draw(seed, 'service', capacity.pool.id, instance, user, taskNumber, attemptNumber)
  return book(poolOf(capacity.pool, world.pools), capacity, t, drawService(capacity.service, u))
}

/** First come, first served: the first slot that is free takes `workMs` of work, at its own speed. */
export function book(pool: Pool, capacity: PlannedCapacity, t: number, workMs: number): Admission {
  const { speed } = pool.plan
  let shelf: Shelf | undefined
  let startMs = Number.POSITIVE_INFINITY
  for (const candidate of pool.shelves) {
    const at = earliest(candidate, t)
    if (at >= startMs) continue
    shelf = candidate
    startMs = at
  }
  if (startMs - t > capacity.maxWaitMs) {
    if (shelf && capacity.refusalMs > 0) occupy(shelf, t, doneBy(speed, startMs, capacity.refusalMs))
    return { type: 'rejected' }
  }
  const finishMs = doneBy(speed, startMs, workMs)
  if (!shelf || finishMs === Number.POSITIVE_INFINITY) return { type: 'never' }
  const slot = occupy(shelf, t, finishMs)
  return { type: 'served', served: { capacity, slot, startMs, finishMs }, waitMs: startMs - t }
}

/**
 * A request is gone at `t`: what was not yet done of it is not done. Those that wait behind it keep the time they were
 * given; who comes next is served that much earlier.
 */
export function leave({ capacity, slot, startMs, finishMs }: Served, t: number): void {
  const { speed } = capacity.pool
  if (t >= finishMs) return
  const undone = workBy(speed, finishMs) - workBy(speed, Math.max(t, startMs))
  moveTo(slot, Math.max(t, timeOf(speed, workBy(speed, slot.freeMs) - undone)))
}

export function createPool(plan: PlannedPool): Pool {
  return { plan, shelves: plan.shelves.map(shelf => ({ plan: shelf, heap: [] })) }
}

function poolOf(plan: PlannedPool, pools: Map<string, Pool>): Pool {
  let pool = pools.get(plan.id)
  if (!pool) {
    pool = createPool(plan)
    pools.set(plan.id, pool)
  }
  if (pool.plan !== plan) follow(pool, plan)
  return pool
}

/** People may move the timeline under way: slots keep what they have, and open and close by `plan` from now on. */
function follow(pool: Pool, plan: PlannedPool): void {
  pool.plan = plan
  pool.shelves.forEach((shelf, i) => {
    shelf.plan = plan.shelves[i] ?? { ...shelf.plan, open: [] }
  })
}
