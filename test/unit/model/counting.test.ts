import { expect, test } from 'vitest'
import type { Arrival } from '../../../src/model/arrival.ts'
import type { FaultEntry, LimitEntry, Track, When } from '../../../src/model/scenario.ts'
import { minuteMs } from '../../../src/model/timeline.ts'
import { ask, fault, phase, planOf, range, ref } from './support.ts'

type Ask = ReturnType<typeof ask>

const one = (entry: FaultEntry): Ask => ask(planOf([phase('p', [entry])]))
const isHit = (world: Ask, t: number, more: Partial<Arrival> = {}) => world.at(t, more).fault !== undefined

/** Numbers of the arrivals, from 1, that were hit. */
const hits = (world: Ask, arrivals: readonly Partial<Arrival>[], t = 1) =>
  arrivals.flatMap((more, i) => (isHit(world, t, more) ? [i + 1] : []))

/** Two calls of two keys each, in turn: c1 k1, c2 k2, c3 k1, c4 k2, and again. */
const inTurn = range(12).map(i => ({ call: `c${(i % 4) + 1}`, key: `k${(i % 2) + 1}` }))

test.for<[When, number[]]>([
  [{ first: 3 }, [1, 2, 3]],
  [{ first: 3, per: 'run' }, [1, 2, 3]],
  [{ first: 2, per: 'call' }, [1, 2, 3, 4, 5, 6, 7, 8]],
  [{ first: 2, per: 'key' }, [1, 2, 3, 4]],
  [{ nth: 5 }, [5]],
  [{ nth: 5, per: 'run' }, [5]],
  [{ nth: 3, per: 'call' }, [9, 10, 11, 12]],
  [{ nth: 3, per: 'key' }, [5, 6]],
  [{ every: 5 }, [5, 10]],
  [{ every: 5, per: 'run' }, [5, 10]],
  [{ every: 2, per: 'call' }, [5, 6, 7, 8]],
  [{ every: 3, per: 'key' }, [5, 6, 11, 12]],
  // All that is said must hold.
  [{ first: 6, every: 2 }, [2, 4, 6]],
  [{ first: 6, every: 4 }, [4]],
  [{ nth: 4, every: 3 }, []],
  [{ nth: 4, first: 3 }, []],
])('%j hits the arrivals %j of twelve', ([when, expected]) => {
  expect(hits(one(fault('down', { when })), inTurn)).toEqual(expected)
})

test('what the entry does not speak of is not counted', () => {
  const second = (more: Partial<FaultEntry> & { when?: When }) =>
    one(fault('down', { ...more, when: { ...more.when, nth: 2 } }))
  const odd = (name: keyof Arrival, value: unknown) =>
    range(6).map((i): Partial<Arrival> => (i % 2 === 0 ? { [name]: value } : {}))

  // The second that it speaks of is the fourth of all: every other one is of something else.
  expect(hits(second({ surface: ['api.messages'] }), odd('surface', 'api.files'))).toEqual([4])
  expect(hits(second({ when: { model: ['claude-*'] } }), odd('model', 'gpt-5'))).toEqual([4])
  expect(hits(second({ when: { tenant: ['acme'] } }), odd('tenant', 'other'))).toEqual([4])
  expect(hits(second({ when: { key: ['canary'] } }), odd('key', 'k-1'))).toEqual([4])
  expect(hits(second({ when: { streaming: false } }), odd('streaming', true))).toEqual([4])
  const regions = range(6).map(i => (i % 2 === 0 ? {} : { region: 'eu-west' }))
  expect(hits(second({ when: { region: ['eu-*'] } }), regions)).toEqual([4])
})

test('a fault of streams counts streams alone', () => {
  const arrivals = range(6).map(i => ({ streaming: i % 2 === 1 }))

  expect(hits(one(fault('cut', { when: { nth: 2 } })), arrivals)).toEqual([4])
})

test('arrivals are counted, not hits: a share only thins what the count lets through', () => {
  const when: When = { first: 200 }
  const hit = hits(
    one(fault('down', { share: 0.5, when })),
    range(400).map(user => ({ user })),
  )

  expect(hit.every(n => n <= 200)).toBe(true)
  // Standard deviation 7.
  expect(Math.abs(hit.length - 100)).toBeLessThan(36)
})

test('what a count lets pass goes to the next entry, which counts it for itself', () => {
  const world = ask(
    planOf([phase('p', [fault('down', { when: { every: 3 } }), fault('slow', { when: { nth: 2 } }), fault('odd')])]),
  )

  expect(range(6).map(() => world.at(1).fault)).toEqual(['odd', 'slow', 'down', 'odd', 'odd', 'down'])
})

test('counts begin anew with each phase', () => {
  const entry = fault('down', { when: { first: 1 } })
  const world = ask(planOf([phase('p', [entry]), phase('q', [entry])]))

  expect([0, 1, minuteMs, minuteMs + 1].map(t => isHit(world, t))).toEqual([true, false, true, false])
})

const track = (entry: FaultEntry, from: string, offset = 0): Track => ({
  ...entry,
  from: { phase: from, offset },
  until: { phase: 'end', offset: 0 },
})

test('a track counts from its own beginning, through phases and laps', () => {
  const laps = { repeat: { times: 2, phases: [phase('p', [fault('odd', { when: { first: 1 } })]), phase('q')] } }
  const counted = track(fault('down', { when: { nth: 4 } }), 'p', 30_000)
  const world = ask(planOf([laps], { faults: [counted] }))
  // Two arrivals in each half minute of four minutes.
  const times = range(8).flatMap(half => [half * 30_000 + 1, half * 30_000 + 2])

  const seen = times.map(t => world.at(t).fault ?? '-')

  // It has seen nothing of the first half minute; its fourth arrival is the sixth of all. The lap's own count starts anew.
  expect(seen.join(' ')).toBe('odd - - - - down - - odd - - - - - - -')
})

test('two tracks are tried in their order, and before the faults of any phase', () => {
  const tracks = [
    track(fault('slow', { when: { every: 2 } }), 'start'),
    track(fault('odd', { when: { every: 2 } }), 'start'),
  ]
  const world = ask(planOf([phase('p', [fault('down')])], { faults: tracks }))

  // Of what the first leaves, the second has every other one.
  expect(range(8).map(() => world.at(1).fault)).toEqual(['down', 'slow', 'odd', 'slow', 'down', 'slow', 'odd', 'slow'])
})

test('what a fault takes costs a limit nothing', () => {
  const limits: LimitEntry[] = [{ surface: ['api'], requests: 2 }]
  const world = ask(planOf([phase('p', [fault('down', { when: { first: 5 } })], limits)]))

  const seen = range(9)
    .map(() => world.at(1))
    .map(({ fault, limited }) => fault ?? (limited ? 'limited' : 'ok'))

  expect(seen).toEqual(['down', 'down', 'down', 'down', 'down', 'ok', 'ok', 'limited', 'limited'])
})

test('a limit has full buckets again in the next phase, for each whom it counts', () => {
  const limits: LimitEntry[] = [{ surface: ['api'], requests: 2, per: 'tenant' }]
  const world = ask(planOf([phase('p', [], limits), phase('q', [], limits)]))
  const admitted = (t: number) => range(12).filter(i => !world.at(t, { tenant: `t${i % 3}` }).limited).length

  expect(admitted(minuteMs - 1)).toBe(6)
  expect(admitted(minuteMs)).toBe(6)
})

test('the rate of a limit moves over its own phase and lap', () => {
  const ramp: LimitEntry[] = [{ surface: ['api'], requests: { from: 60, to: 0 }, burst: 1 }]
  const world = ask(planOf([{ repeat: { times: 2, phases: [phase('p', [], ramp)] } }]))
  // One asks every second.
  const admitted = (from: number, to: number) => range(60).filter(s => s >= from && s < to)

  const lap = (start: number) => {
    const passed = range(60).filter(s => !world.at(start + s * 1_000).limited)
    const within = (from: number, to: number) => admitted(from, to).filter(s => passed.includes(s)).length
    return [within(0, 20), within(20, 40), within(40, 60)]
  }

  const [early = 0, middle = 0, late = 0] = lap(0)
  expect(early).toBeGreaterThan(middle)
  expect(middle).toBeGreaterThan(late)
  expect(lap(minuteMs)).toEqual([early, middle, late])
})

test('who is stuck to a mix meets the same part of it every time, and the parts have their weights', () => {
  const mix = [
    { fault: ref('down'), share: 0.5 },
    { fault: ref('slow'), share: 0.3 },
  ]
  const world = one(fault('', { mix, sticky: 'user' }))
  const fates = range(2_000).map(user => new Set(range(4).map(n => world.at(n, { user, attemptNumber: n }).fault)))

  expect(fates.every(fate => fate.size === 1)).toBe(true)
  const share = (id: string | undefined) => fates.filter(fate => fate.has(id)).length / fates.length
  // Standard deviation of each: 0.011.
  expect(share('down')).toBeCloseTo(0.5, 1)
  expect(share('slow')).toBeCloseTo(0.3, 1)
  expect(share(undefined)).toBeCloseTo(0.2, 1)
})

test('who is stuck to a share that rises is hit from some instant on, and who is hit stays hit', () => {
  const world = one(fault('down', { share: { from: 0, to: 1 }, sticky: 'session' }))

  for (const session of range(50).map(n => `s${n}`)) {
    const fates = range(60).map(s => isHit(world, s * 1_000, { session, attemptNumber: s }))
    expect(fates.lastIndexOf(false) + 1).toBe(fates.indexOf(true) === -1 ? 60 : fates.indexOf(true))
  }
})

test('without `sticky` each attempt has a draw of its own, also in one call', () => {
  const world = one(fault('down', { share: 0.5 }))
  const hit = hits(
    world,
    range(400).map(attemptNumber => ({ attemptNumber })),
  )

  // Standard deviation 10.
  expect(Math.abs(hit.length - 200)).toBeLessThan(50)
})
