import { describe, expect, test } from 'vitest'
import { drawExponential, randomStream } from '../../../src/lib/draw.ts'
import { fluidDrainMs } from '../../../src/model/capacity-drain.ts'
import { workBy } from '../../../src/model/capacity-speed.ts'
import type { CapacityEntry } from '../../../src/model/scenario.ts'
import { capacityPlan, hourMs, mean, offer, Queue } from './capacity-support.ts'
import { range } from './support.ts'

const seeds = range(8).map(i => i + 1)

/** Seconds until nobody waits, with `backlog` calls there at once and `load` new ones a second. */
function drainSeconds(entry: Omit<CapacityEntry, 'surface'>, backlog: number, load: number, seed: number): number {
  const queue = new Queue(capacityPlan(entry, [{ name: 'p', for: entry.speed ? 20 * 60_000 : hourMs }]).capacity[0])
  const random = randomStream(seed, 'drain')
  const work = () => drawExponential(queue.capacity.service.meanMs, random())
  for (let i = 0; i < backlog; i++) queue.ask(0, work())
  for (let t = 0; ; ) {
    t += drawExponential(1_000 / load, random())
    const admission = queue.ask(t, work())
    if (admission.type === 'served' && admission.waitMs === 0) return t / 1_000
  }
}

describe('a backlog is gone when backlog / (limit - load) says, to 5 %', () => {
  test.for([
    { backlog: 3_600, load: 1, limit: 5, seconds: 900 },
    { backlog: 1_200, load: 2, limit: 8, seconds: 200 },
    { backlog: 3_600, load: 4, limit: 5, seconds: 3_600 },
  ])('$backlog calls, $load new a second, $limit served', ({ backlog, load, limit, seconds }) => {
    expect(seconds).toBe(backlog / (limit - load))
    const measured = seeds.map(seed => drainSeconds({ slots: limit, service: 1_000 }, backlog, load, seed))

    expect(Math.abs(mean(measured) / seconds - 1)).toBeLessThan(0.05)
    const served = (ms: number) => (limit * ms) / 1_000
    const fluid = fluidDrainMs({ backlog, load: load / 1_000, served, atMostMs: 2 * hourMs })
    expect(Math.abs(fluid / 1_000 - seconds)).toBeLessThanOrEqual(1)
  })
})

describe('with a limit that rises from low to high, it is gone at the root of the quadratic, to 3 %', () => {
  test.for([
    { backlog: 3_600, load: 1, low: 0.5, high: 5, over: 1_200 },
    { backlog: 2_000, load: 2, low: 1, high: 10, over: 1_200 },
    { backlog: 300, load: 1, low: 1, high: 4, over: 1_200 },
  ])('$backlog calls, $load new a second, $low to $high', ({ backlog, load, low, high, over }) => {
    // backlog + load t - low t - (high - low) t² / (2 over) = 0 within the ramp, linear after it.
    const slope = (high - low) / over
    const within = (load - low + Math.sqrt((load - low) ** 2 + 2 * slope * backlog)) / slope
    const left = backlog + load * over - ((low + high) / 2) * over
    const seconds = within <= over ? within : over + left / (high - load)
    const entry = { slots: high, service: 1_000, speed: { from: low / high, to: 1 } }
    const measured = seeds.map(seed => drainSeconds(entry, backlog, load, seed))

    expect(Math.abs(mean(measured) / seconds - 1)).toBeLessThan(0.03)
    const speed = capacityPlan(entry, [{ name: 'p', for: over * 1_000 }]).capacity[0]?.pool.speed
    const served = (ms: number) => (speed ? (high * workBy(speed, ms)) / 1_000 : 0)
    const fluid = fluidDrainMs({ backlog, load: load / 1_000, served, atMostMs: 2 * hourMs })
    expect(Math.abs(fluid / 1_000 - seconds)).toBeLessThanOrEqual(1.1)
  })
})

interface Storm {
  /** New calls a second. */
  readonly load: number
  readonly attempts: number
  readonly entry: Omit<CapacityEntry, 'surface'>
  /** Seconds it runs at this speed after 60 s in which nothing gets through. */
  readonly slow?: number
  readonly slowSpeed?: number
  readonly timeoutMs?: number
  /** What refusals have used up ahead is worked off slowly near the threshold. */
  readonly seconds?: number
  readonly seed: number
}

const downMs = 60_000

/** Calls a second that get an answer in the last three minutes, when what started it is long gone. */
function goodput(storm: Storm): number {
  const { load, attempts, entry, slow = 60, slowSpeed = 0.05, timeoutMs = Number.POSITIVE_INFINITY, seed } = storm
  const endMs = (storm.seconds ?? 600) * 1_000
  const plan = capacityPlan(entry, [
    { name: 'down', for: downMs },
    {
      name: 'slow',
      for: Math.max(1, slow * 1_000),
      capacity: [{ surface: ['api'], speed: slow > 0 ? slowSpeed : 1 }],
    },
    { name: 'well', for: hourMs },
  ])
  const entryAt = (t: number) => plan.capacity.find(({ startMs, endMs }) => t >= startMs && t < endMs)
  const queue = new Queue(entryAt(0))
  const random = randomStream(seed, 'storm')
  const work = () => drawExponential(queue.capacity.service.meanMs, random())
  // Full jitter, 0.5 s doubling to 8 s; the heap of what is to be tried next is a list of one-millisecond buckets.
  const due = new Map<number, number[]>()
  const at = (t: number, attempt: number) => {
    const list = due.get(Math.floor(t))
    if (list) list.push(attempt)
    else due.set(Math.floor(t), [attempt])
  }
  let next = -20_000
  let good = 0
  for (let ms = -20_000; ms < endMs; ms++) {
    while (next < ms + 1) {
      at(next, 1)
      next += drawExponential(1_000 / load, random())
    }
    for (const attempt of due.get(ms) ?? []) {
      let failedMs: number | undefined
      if (ms >= 0 && ms < downMs) failedMs = ms
      else {
        const capacity = entryAt(ms) ?? queue.capacity
        const admission = new QueueAt(queue, capacity).ask(ms, work())
        if (admission.type !== 'served') failedMs = ms
        else if (admission.served.finishMs - ms > timeoutMs) failedMs = ms + timeoutMs
        else if (ms > endMs - 180_000) good++
      }
      if (failedMs === undefined || attempt >= attempts) continue
      at(failedMs + 1 + random() * Math.min(8_000, 500 * 2 ** (attempt - 1)), attempt + 1)
    }
    due.delete(ms)
  }
  return good / 180
}

/** The same queue under what holds at the moment. */
class QueueAt extends Queue {
  override readonly pool: Queue['pool']

  constructor(queue: Queue, capacity: Queue['capacity']) {
    super(capacity)
    this.pool = queue.pool
  }
}

const stormSeeds = [1, 2, 3]

describe('refusals that cost a share κ of serving: n attempts keep a provider down from C / (κ n) calls a second on', () => {
  // C = 100 a second, κ = 0.3, 6 attempts: 55.6 a second.
  const entry = { slots: 20, service: 200, max_wait: 2_000, reject_cost: 0.3 }

  test.for([45, 52])('%i a second recover', load => {
    for (const seed of stormSeeds)
      expect(goodput({ entry, load, attempts: 6, seconds: 1_800, seed }) / load).toBeGreaterThan(0.97)
  })

  test.for([59, 70])('%i a second never do', load => {
    for (const seed of stormSeeds) expect(goodput({ entry, load, attempts: 6, seconds: 1_800, seed })).toBeLessThan(1)
  })

  test('another provider has a threshold of its own: C = 50, κ = 0.5 and 4 attempts make 25 a second', () => {
    const other = { slots: 10, service: 200, max_wait: 2_000, reject_cost: 0.5 }
    for (const seed of stormSeeds) {
      const storm = { entry: other, attempts: 4, seconds: 1_800, seed }
      expect(goodput({ ...storm, load: 22 }) / 22).toBeGreaterThan(0.97)
      expect(goodput({ ...storm, load: 28 })).toBeLessThan(1)
    }
  })

  test('with three attempts, or refusals at half the cost, the threshold lies beyond the capacity', () => {
    for (const seed of stormSeeds) {
      expect(goodput({ entry, load: 70, attempts: 3, seed }) / 70).toBeGreaterThan(0.97)
      const cheap = { ...entry, reject_cost: 0.15 }
      expect(goodput({ entry: cheap, load: 70, attempts: 6, seed }) / 70).toBeGreaterThan(0.97)
    }
  })

  test('what starts it must also be large enough: without the slow minute the same load recovers', () => {
    for (const seed of stormSeeds)
      expect(goodput({ entry, load: 58, attempts: 6, slow: 0, seed }) / 58).toBeGreaterThan(0.97)
  })
})

describe('a queue longer than its clients wait: what is served has been given up already', () => {
  const storm = { load: 60, attempts: 3, slowSpeed: 0.1, timeoutMs: 5_000 }
  const entry = { slots: 20, service: 200 }

  test('three attempts make more than it can serve, so it stays so', () => {
    for (const seed of stormSeeds) {
      expect(goodput({ ...storm, entry, seed })).toBeLessThan(1)
      expect(goodput({ ...storm, entry: { ...entry, max_wait: 20_000 }, seed })).toBeLessThan(1)
    }
  })

  test('a queue shorter than their patience, one attempt, or less load than it could serve, and it recovers', () => {
    for (const seed of stormSeeds) {
      expect(goodput({ ...storm, entry: { ...entry, max_wait: 4_000 }, seed }) / 60).toBeGreaterThan(0.97)
      expect(goodput({ ...storm, entry, attempts: 1, seed }) / 60).toBeGreaterThan(0.97)
      expect(goodput({ ...storm, entry, load: 30, seconds: 1_800, seed }) / 30).toBeGreaterThan(0.97)
    }
  })
})

test('before anything happens, the same provider serves the same load', () => {
  const before = offer({ slots: 20, service: 200, max_wait: 2_000, reject_cost: 0.3 }, 70, 20_000, 1)
  expect(mean(before.map(({ admission }) => (admission.type === 'served' ? 1 : 0)))).toBeGreaterThan(0.999)
})
