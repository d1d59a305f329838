import { drawExponential, randomStream } from '../../../src/lib/draw.ts'
import { type Admission, book, createPool, type Pool } from '../../../src/model/capacity.ts'
import type { PlannedCapacity } from '../../../src/model/capacity-plan.ts'
import { drawService } from '../../../src/model/capacity-service.ts'
import type { CapacityEntry, PhaseItem, Scenario } from '../../../src/model/scenario.ts'
import { minuteMs } from '../../../src/model/timeline.ts'
import { phase, planOf } from './support.ts'

export const hourMs = 60 * minuteMs

/** The plan of one capacity on `api` in a single quiet hour, or in these phases. */
export function capacityPlan(
  entry: Omit<CapacityEntry, 'surface'>,
  phases: readonly PhaseItem[] = [{ ...phase('p'), for: hourMs }],
  more: Partial<Scenario> = {},
) {
  return planOf(phases, { capacity: [{ surface: ['api'], ...entry }], ...more })
}

/** A queue on its own: who comes when, and what becomes of them. */
export class Queue {
  readonly capacity: PlannedCapacity
  readonly pool: Pool

  constructor(capacity: PlannedCapacity | undefined) {
    if (!capacity) throw new Error('a plan without capacity')
    this.capacity = capacity
    this.pool = createPool(capacity.pool)
  }

  ask(t: number, workMs: number): Admission {
    return book(this.pool, this.capacity, t, workMs)
  }
}

export interface Seen {
  readonly t: number
  readonly admission: Admission
  readonly workMs: number
}

/** Calls at random, `perSecond` on average, of which the first tenth is not told: the queue begins empty. */
export function offer(entry: Omit<CapacityEntry, 'surface'>, perSecond: number, count: number, seed: number): Seen[] {
  const queue = new Queue(capacityPlan(entry).capacity[0])
  const random = randomStream(seed, 'offer')
  const seen: Seen[] = []
  let t = 0
  for (let i = 0; i < count; i++) {
    t += drawExponential(1_000 / perSecond, random())
    const workMs = drawService(queue.capacity.service, random())
    const admission = queue.ask(t, workMs)
    if (i >= count / 10) seen.push({ t, admission, workMs })
  }
  return seen
}

export const waitOf = ({ admission }: Seen) => (admission.type === 'served' ? admission.waitMs : Number.NaN)

export const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
