import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LiveTimeline } from '../../../src/drill/live-timeline.ts'
import { book, createPool } from '../../../src/model/capacity.ts'
import { doneBy } from '../../../src/model/capacity-speed.ts'
import { askLimits } from '../../../src/model/limits.ts'
import { type Plan, phaseNameAt, plannedFaults, plannedLimits, shareAt } from '../../../src/model/timeline.ts'
import { createWorld } from '../../../src/model/world.ts'
import { rateAt } from '../../../src/reports/in-force.ts'
import { arrival } from '../model/support.ts'
import { planOf } from './support.ts'

const minuteMs = 60_000

/** Three phases of ten minutes, and a fault from the middle of the first to the middle of the last. */
const three = planOf(`
phases:
  - { name: a, for: 10m, faults: [{ surface: api, fault: overloaded }] }
  - { name: b, for: 10m, faults: [{ surface: api, fault: unavailable, share: { from: 0%, to: 100% } }] }
  - { name: c, for: 10m }
faults:
  - { from: a + 5m, until: c + 5m, surface: login, fault: overloaded }
`)

/** `a 0..10 b 10..20`: phases and their times in minutes. */
function phasesOf({ phases, lengthMs }: Plan): string {
  const spans = phases.map(({ name, startMs, endMs }) => `${name} ${startMs / minuteMs}..${endMs / minuteMs}`)
  return `${spans.join(' ')} end ${lengthMs / minuteMs}`
}

test('what nobody moves is as it is written', () => {
  const timeline = new LiveTimeline(three)

  expect(timeline.plan()).toBe(three)
  expect(timeline.live(12 * minuteMs)).toBe(12 * minuteMs)
  expect(timeline.position(12 * minuteMs)).toBe(12 * minuteMs)
})

test('a phase that is held goes on with its faults until it is let go, and all else comes so much later', () => {
  const timeline = new LiveTimeline(three)
  timeline.hold(4 * minuteMs)
  const held = timeline.plan()
  expect(timeline.isHeld).toBe(true)
  expect(phaseNameAt(held.phases, 1_000 * minuteMs, held.lengthMs)).toBe('a')
  expect(held.phases[0]?.faults[0]?.endMs).toBeGreaterThan(1_000 * minuteMs)
  expect(Math.round(timeline.position(500 * minuteMs) / minuteMs)).toBe(4)

  timeline.release(7 * minuteMs)

  expect(timeline.isHeld).toBe(false)
  expect(phasesOf(timeline.plan())).toBe('a 0..13 b 13..23 c 23..33 end 33')
  expect(timeline.plan().tracks.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([[8 * minuteMs, 28 * minuteMs]])
})

test('what comes at the very instant of a hold has come', () => {
  const timeline = new LiveTimeline(three)
  timeline.hold(10 * minuteMs)

  expect(timeline.live(10 * minuteMs)).toBe(10 * minuteMs)
  expect(phaseNameAt(timeline.plan().phases, 10 * minuteMs, Number.POSITIVE_INFINITY)).toBe('b')
})

test('a phase that is skipped ends now, and what was to come in it never does', () => {
  const timeline = new LiveTimeline(three)
  timeline.skipTo(10 * minuteMs, 4 * minuteMs)

  expect(phasesOf(timeline.plan())).toBe('a 0..4 b 4..14 c 14..24 end 24')
  expect([3, 4, 5, 9.9, 10, 11].map(m => timeline.isSkipped(m * minuteMs))).toEqual([
    ...[false, false, true, true, false, false],
  ])
  expect(timeline.position(4 * minuteMs)).toBe(10 * minuteMs)
})

test('moving on over whole phases leaves them no time', () => {
  const timeline = new LiveTimeline(three)
  timeline.skipTo(22 * minuteMs, 3 * minuteMs)

  expect(phasesOf(timeline.plan())).toBe('a 0..3 b 3..3 c 3..11 end 11')
  expect(phaseNameAt(timeline.plan().phases, 3 * minuteMs, 11 * minuteMs)).toBe('c')
})

test('a phase that is skipped while it is held is let go', () => {
  const timeline = new LiveTimeline(three)
  timeline.hold(4 * minuteMs)
  timeline.skipTo(10 * minuteMs, 9 * minuteMs)

  expect(timeline.isHeld).toBe(false)
  expect(phasesOf(timeline.plan())).toBe('a 0..9 b 9..19 c 19..29 end 29')
})

test('a phase that is extended ends later, however often, held or not', () => {
  const timeline = new LiveTimeline(three)
  timeline.delay(10 * minuteMs, 5 * minuteMs)
  timeline.hold(12 * minuteMs)
  timeline.delay(10 * minuteMs, 1 * minuteMs)
  timeline.release(13 * minuteMs)

  expect(phasesOf(timeline.plan())).toBe('a 0..17 b 17..27 c 27..37 end 37')
})

test('a phase can be ended, or held, in the time that it was extended by', () => {
  const ended = new LiveTimeline(three)
  ended.delay(10 * minuteMs, 5 * minuteMs)
  ended.skipTo(10 * minuteMs, 12 * minuteMs)
  expect(phasesOf(ended.plan())).toBe('a 0..12 b 12..22 c 22..32 end 32')
  expect(ended.isSkipped(10 * minuteMs)).toBe(false)

  const held = new LiveTimeline(three)
  held.delay(10 * minuteMs, 5 * minuteMs)
  held.hold(12 * minuteMs)
  expect(phaseNameAt(held.plan().phases, 90 * minuteMs, Number.POSITIVE_INFINITY)).toBe('a')
  held.release(20 * minuteMs)
  expect(phasesOf(held.plan())).toBe('a 0..23 b 23..33 c 33..43 end 43')
})

test('who moves on over a phase that was extended does not wait for its extension', () => {
  const timeline = new LiveTimeline(three)
  timeline.delay(10 * minuteMs, 5 * minuteMs)
  timeline.skipTo(25 * minuteMs, 12 * minuteMs)

  expect(phasesOf(timeline.plan())).toBe('a 0..12 b 12..12 c 12..17 end 17')
  expect([10, 20, 25].map(m => timeline.isSkipped(m * minuteMs))).toEqual([true, true, false])
})

test('a ramp stands still while its phase is held, and goes on from there', () => {
  const timeline = new LiveTimeline(three)
  const share = (minute: number) => {
    const fault = plannedFaults(timeline.plan()).find(({ phase }) => phase === 'b')
    return fault && Math.round(shareAt(fault, minute * minuteMs) * 100)
  }
  expect([10, 15, 20].map(share)).toEqual([0, 50, 100])

  timeline.hold(15 * minuteMs)
  expect([15, 40, 900].map(share)).toEqual([50, 50, 50])
  timeline.release(35 * minuteMs)
  expect([35, 37.5, 40].map(share)).toEqual([50, 75, 100])

  timeline.skipTo(19 * minuteMs, 36 * minuteMs)
  expect([36, 36.5, 37].map(share)).toEqual([90, 95, 100])
})

test('the ramp of a limit stands still with its phase, and so many requests are let in', () => {
  const timeline = new LiveTimeline(
    planOf(`
phases:
  - { name: a, for: 10m, limits: [{ surface: api, requests: { from: 0/m, to: 100/m }, burst: 1 }] }
`),
  )
  const rate = (minute: number) => {
    const [limit] = plannedLimits(timeline.plan())
    return limit && rateAt(limit, minute * minuteMs)?.perMinute
  }
  const world = createWorld()
  /** Of somebody who asks a hundred times a second. */
  const admitted = (fromMinute: number, toMinute: number) => {
    const limits = plannedLimits(timeline.plan())
    const times = Array.from({ length: (toMinute - fromMinute) * 6_000 }, (_, i) => fromMinute * minuteMs + i * 10)
    return times.filter(t => !askLimits(limits, world, arrival(), t).rejected).length
  }
  expect([0, 5, 10].map(rate)).toEqual([0, 50, 100])
  expect(admitted(0, 5)).toBeCloseTo(125, -1)

  timeline.hold(5 * minuteMs)
  expect([5, 7, 900].map(rate).map(r => Math.round(r ?? 0))).toEqual([50, 50, 50])
  expect(admitted(5, 9)).toBeCloseTo(200, -1)

  timeline.release(9 * minuteMs)
  expect([9, 14].map(rate)).toEqual([50, 100])
  expect(admitted(9, 14)).toBeCloseTo(375, -1)
})

test('the ramp of a capacity stands still with its phase, and its slots go when the phase does', () => {
  const timeline = new LiveTimeline(
    planOf(`
capacity: [{ surface: api, slots: 4, service: 1s }]
phases:
  - { name: a, for: 10m, capacity: [{ surface: api, slots: 2, speed: { from: 100%, to: 0% } }] }
  - { name: b, for: 10m }
`),
  )
  const poolNow = () => timeline.plan().capacity[0]?.pool ?? expect.unreachable('there is one')
  /** How long a ms of work takes. */
  const slowness = (minute: number) => Math.round(doneBy(poolNow().speed, minute * minuteMs, 1) - minute * minuteMs)
  const slots = (minute: number) => {
    const [entry] = timeline.plan().capacity
    const pool = createPool(poolNow())
    const starts = Array.from({ length: 4 }, () => entry && book(pool, entry, minute * minuteMs, 1_000))
    return starts.filter(start => start?.type === 'served' && start.waitMs === 0).length
  }
  expect([0, 5, 9].map(slowness)).toEqual([1, 2, 10])

  timeline.hold(5 * minuteMs)
  expect([5, 9, 900].map(slowness)).toEqual([2, 2, 2])
  expect([4, 12, 900].map(slots)).toEqual([2, 2, 2])

  timeline.release(9 * minuteMs)
  expect([5, 9, 13].map(slowness)).toEqual([2, 2, 10])
  expect([4, 13, 15].map(slots)).toEqual([2, 2, 4])

  timeline.skipTo(10 * minuteMs, 11 * minuteMs)
  expect([9, 10, 12].map(slots)).toEqual([2, 2, 4])
})

test('events, spikes and the status page move with the phases that they are in', () => {
  const plan = planOf(`
phases: [{ name: a, for: 10m }, { name: b, for: 10m }]
events: [{ at: b + 1m, offline: 30s }]
status_page: [{ at: b, incident: monitoring }]
workload: { users: 1, spikes: [{ at: b + 2m, tasks: 3 }] }
`)
  const timeline = new LiveTimeline(plan)
  timeline.hold(2 * minuteMs)
  timeline.release(5 * minuteMs)
  const { status_page, events, workload } = timeline.plan().scenario

  const at = [events, status_page, workload?.spikes].map(all => all?.[0]?.at)
  expect(at).toEqual([14, 13, 15].map(m => ({ phase: 'start', offset: m * minuteMs })))
})

/** What people may do to a drill, each so long after the last. */
const deeds = fc.array(
  fc.record({
    what: fc.constantFrom('hold' as const, 'release' as const, 'skip' as const, 'extend' as const, 'goto' as const),
    afterMs: fc.integer({ min: 0, max: 10 * minuteMs }),
    ms: fc.integer({ min: 1, max: 20 * minuteMs }),
  }),
  { maxLength: 12 },
)

test('whatever people do, time never goes back, and each instant comes in its order', () => {
  fc.assert(
    fc.property(deeds, all => {
      const timeline = new LiveTimeline(three)
      let t = 0
      let last = 0
      for (const { what, afterMs, ms } of all) {
        t += afterMs
        const s = timeline.position(t)
        expect(s).toBeGreaterThanOrEqual(last - 1)
        const phase = three.phases.find(one => s >= one.startMs && s < one.endMs)
        if (what === 'hold') timeline.hold(t)
        else if (what === 'release') timeline.release(t)
        else if (what === 'skip' && phase) timeline.skipTo(phase.endMs, t)
        else if (what === 'extend' && phase) timeline.delay(phase.endMs, ms)
        else if (what === 'goto') timeline.skipTo(s + ms, t)
        last = timeline.position(t)
        expect(last).toBeGreaterThanOrEqual(s - 1)
        // Nothing that lies ahead comes before now.
        for (let ahead = last + 1; ahead < three.lengthMs; ahead += minuteMs)
          expect(timeline.live(ahead)).toBeGreaterThanOrEqual(t - 1)
        const ends = timeline.plan().phases.flatMap(({ startMs, endMs }) => [startMs, endMs])
        expect(ends).toEqual(ends.toSorted((a, b) => a - b))
      }
    }),
    { seed: 1, numRuns: 300 },
  )
})
