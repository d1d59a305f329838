import { expect, test } from 'vitest'
import type { FaultEntry, When } from '../../../src/model/scenario.ts'
import { minuteMs } from '../../../src/model/timeline.ts'
import { ask, fault, phase, planOf, range, ref } from './support.ts'

const always = (t = 0) => ({ from: { phase: 'start', offset: t }, until: { phase: 'end', offset: 0 } })

/** Ids of the faults that met 10,000 users who asked once each. */
function census(entry: FaultEntry, streaming = false): Record<string, number> {
  const world = ask(planOf([phase('p', [entry])]))
  const counts: Record<string, number> = {}
  for (const user of range(10_000)) {
    const id = world.at(1, { user, streaming }).fault ?? 'none'
    counts[id] = (counts[id] ?? 0) + 1
  }
  return counts
}

/** Numbers of the arrivals, from 1, that were hit. */
function hits(
  when: When,
  count: number,
  at: (n: number) => Parameters<ReturnType<typeof ask>['at']> = () => [1],
): number[] {
  const world = ask(planOf([phase('p', [fault('down', { when })]), phase('q')]))
  return range(count)
    .map(i => i + 1)
    .filter(n => world.at(...at(n)).fault !== undefined)
}

test('entries are tried in order: tracks, then faults of the phase, then limits; the first hit wins', () => {
  const limits = [{ surface: ['api'], requests: 0 }]
  const entries = [fault('slow', { when: { tenant: ['b', 'c'] } }), fault('odd', { when: { tenant: ['c', 'd'] } })]
  const plan = planOf([phase('p', entries, limits)], {
    faults: [{ ...fault('down', { when: { tenant: ['a', 'b'] } }), ...always() }],
  })
  const { at } = ask(plan)

  expect(['a', 'b', 'c', 'd', 'e'].map(tenant => at(5, { tenant })).map(d => [d.fault, d.entry, d.limited])).toEqual([
    ['down', 'faults[0]', false],
    ['down', 'faults[0]', false],
    ['slow', 'phases[0].faults[0]', false],
    ['odd', 'phases[0].faults[1]', false],
    [undefined, 'phases[0].limits[0]', true],
  ])
})

test('what an earlier entry takes is counted as shadowed, not as eligible', () => {
  const plan = planOf([phase('p', [fault('down'), fault('slow')], [{ surface: ['api'], requests: 1 }])])
  const { at, world } = ask(plan)

  at(1)
  at(2)

  const counts = [...plan.phases.flatMap(p => [...p.faults, ...p.limits])].map(entry => world.counts.get(entry.index))
  expect(counts.map(c => [c?.eligible ?? 0, c?.hits ?? 0, c?.shadowed ?? 0])).toEqual([
    [2, 2, 0],
    [0, 0, 2],
    [0, 0, 2],
  ])
})

test('a surface covers its parts and nothing beside them', () => {
  const { at } = ask(planOf([phase('p', [fault('down')])]))
  const hit = (provider: string, surface: string) => at(1, { provider, surface }).fault !== undefined

  expect(hit('anthropic', 'api')).toBe(true)
  expect(hit('anthropic', 'api.models')).toBe(true)
  expect(hit('anthropic', 'apiary')).toBe(false)
  expect(hit('anthropic', 'chat')).toBe(false)
  expect(hit('openai', 'api')).toBe(false)
})

test('outside the phases the world is well', () => {
  const { at } = ask(planOf([phase('p', [fault('down')])], { faults: [{ ...fault('slow'), ...always(-minuteMs) }] }))

  for (const t of [-minuteMs, -1, minuteMs, 10 * minuteMs])
    expect(at(t)).toEqual({
      effect: { type: 'pass' },
      fault: undefined,
      entry: undefined,
      limited: false,
      rateLimits: [],
    })
})

test('a share is the share of arrivals that are hit', () => {
  const { down = 0 } = census(fault('down', { share: 0.3 }))
  // Standard deviation 46.
  expect(Math.abs(down - 3_000)).toBeLessThan(230)
  expect(census(fault('down', { share: 0 }))).toEqual({ none: 10_000 })
  expect(census(fault('down'))).toEqual({ down: 10_000 })
})

test('a share may move over the phase', () => {
  const { at } = ask(planOf([phase('p', [fault('down', { share: { from: 0, to: 1 } })])]))
  const sum = (t: number) => range(2_000).filter(user => at(t, { user }).fault !== undefined).length

  expect(sum(0)).toBe(0)
  expect(Math.abs(sum(minuteMs / 4) - 500)).toBeLessThan(100)
  expect(Math.abs(sum(minuteMs / 2) - 1_000)).toBeLessThan(110)
  // The draw of one who asks is the same; only the bar rises.
  expect(sum(minuteMs - 1)).toBeGreaterThan(1_990)
})

test('the parts of a mix exclude one another and have their weights', () => {
  const mix = [
    { fault: ref('down'), share: 0.5 },
    { fault: ref('slow'), share: 0.2 },
  ]
  const whole = census(fault('', { mix }))
  expect(Math.abs((whole['down'] ?? 0) - 5_000)).toBeLessThan(250)
  expect(Math.abs((whole['slow'] ?? 0) - 2_000)).toBeLessThan(200)

  const half = census(fault('', { mix, share: 0.5 }))
  expect(Math.abs((half['down'] ?? 0) - 2_500)).toBeLessThan(220)
  expect(Math.abs((half['slow'] ?? 0) - 1_000)).toBeLessThan(150)
})

test('a fault of streams leaves other answers alone, in a mix too', () => {
  const { at, world } = ask(planOf([phase('p', [fault('cut')])]))
  expect(at(1, { streaming: false }).fault).toBeUndefined()
  expect(world.counts.size).toBe(0)
  expect(at(1, { streaming: true }).fault).toBe('cut')

  const mix = [
    { fault: ref('cut'), share: 0.6 },
    { fault: ref('down'), share: 0.4 },
  ]
  const plain = census(fault('', { mix }))
  expect(plain['cut']).toBeUndefined()
  expect(Math.abs((plain['down'] ?? 0) - 4_000)).toBeLessThan(250)
  const streamed = census(fault('', { mix }), true)
  expect((streamed['cut'] ?? 0) + (streamed['down'] ?? 0)).toBe(10_000)
})

test('every condition of `when` must hold', () => {
  const meets = (when: When, more: Parameters<ReturnType<typeof ask>['at']>[1]) =>
    ask(planOf([phase('p', [fault('down', { when })])])).at(1, more).fault !== undefined

  expect(meets({ model: ['claude-*'] }, { model: 'claude-opus-5' })).toBe(true)
  expect(meets({ model: ['*opus*', 'x'] }, { model: 'claude-opus-5' })).toBe(true)
  expect(meets({ model: ['claude-opus'] }, { model: 'claude-opus-5' })).toBe(false)
  expect(meets({ model: ['a.b*'] }, { model: 'aXb1' })).toBe(false)
  expect(meets({ model: ['*'] }, { model: undefined })).toBe(false)
  expect(meets({ streaming: true }, { streaming: true })).toBe(true)
  expect(meets({ streaming: true }, { streaming: false })).toBe(false)
  expect(meets({ streaming: false }, { streaming: true })).toBe(false)
  expect(meets({ tenant: ['acme'] }, { tenant: 'acme' })).toBe(true)
  expect(meets({ tenant: ['acme'] }, { tenant: 'other' })).toBe(false)
  expect(meets({ region: ['eu-*'] }, { region: 'eu-west' })).toBe(true)
  expect(meets({ region: ['eu-*'] }, { region: undefined })).toBe(false)
  expect(meets({ key: ['canary'] }, { key: 'canary' })).toBe(true)
  expect(meets({ key: ['canary'] }, { key: 'k-1234' })).toBe(false)
  expect(meets({ tenant: ['acme'], streaming: true }, { tenant: 'acme', streaming: false })).toBe(false)
})

test('`first`, `nth` and `every` count eligible arrivals', () => {
  expect(hits({ first: 2 }, 6)).toEqual([1, 2])
  expect(hits({ nth: 3 }, 6)).toEqual([3])
  expect(hits({ every: 2 }, 6)).toEqual([2, 4, 6])
  expect(hits({ every: 2, first: 4 }, 8)).toEqual([2, 4])
  // Arrivals that do not meet the condition are not counted.
  expect(hits({ nth: 2, streaming: true }, 6, n => [1, { streaming: n % 2 === 0 }])).toEqual([4])
})

test('counts are per run, per call or per key', () => {
  const at = (n: number): Parameters<ReturnType<typeof ask>['at']> => [
    1,
    { call: n <= 3 ? 'c1' : 'c2', key: n % 2 === 0 ? 'even' : 'odd' },
  ]
  expect(hits({ first: 1, per: 'run' }, 6, at)).toEqual([1])
  expect(hits({ first: 1, per: 'call' }, 6, at)).toEqual([1, 4])
  expect(hits({ nth: 2, per: 'key' }, 6, at)).toEqual([3, 4])
})

test('counts begin anew with each lap, and an entry that was hit counts on for those after it', () => {
  const plan = planOf([
    {
      repeat: {
        times: 3,
        phases: [phase('p', [fault('down', { when: { first: 1 } }), fault('slow', { when: { nth: 2 } })])],
      },
    },
  ])
  const { at } = ask(plan)

  const seen = [0, 1, 2].flatMap(lap => range(4).map(i => at(lap * minuteMs + i).fault ?? '-'))

  // The first arrival is taken by "down", so the second that "slow" sees is the third.
  expect(seen.join(' ')).toBe('down - slow - down - slow - down - slow -')
})

const who = range(40).flatMap(user =>
  range(5).map(task => ({ user, taskNumber: task + 1, session: `s${user}`, key: `k${user % 20}` })),
)

for (const [sticky, group] of [
  ['call', (a: (typeof who)[0], call: number) => `${a.user} ${a.taskNumber} ${call}`],
  ['user', (a: (typeof who)[0]) => `${a.user}`],
  ['key', (a: (typeof who)[0]) => a.key],
  ['session', (a: (typeof who)[0]) => a.session],
] as const)
  test(`sticky: ${sticky} decides once for all attempts of the same ${sticky}`, () => {
    const { at } = ask(planOf([phase('p', [fault('down', { share: 0.5, sticky })])]))
    const fates = new Map<string, Set<boolean>>()
    for (const one of who)
      for (const attemptNumber of [1, 2, 3, 4]) {
        const callNumber = attemptNumber > 2 ? 2 : 1
        const name = group(one, callNumber)
        const fate =
          at(attemptNumber, { ...one, attemptNumber, callNumber, call: `${attemptNumber}` }).fault !== undefined
        fates.set(name, (fates.get(name) ?? new Set()).add(fate))
      }

    expect([...fates.values()].every(fate => fate.size === 1)).toBe(true)
    const hit = [...fates.values()].filter(fate => fate.has(true)).length / fates.size
    expect(hit).toBeGreaterThan(0.2)
    expect(hit).toBeLessThan(0.8)
  })

test('sticky: user tells the users of two instances apart', () => {
  const { at } = ask(planOf([phase('p', [fault('down', { share: 0.5, sticky: 'user' })])]))
  const fates = (instance: number) => range(50).map(user => at(1, { instance, user }).fault)

  expect(fates(1)).not.toEqual(fates(0))
})

test('one instance, user or call more does not shift the decisions of the others', () => {
  for (const sticky of [undefined, 'call', 'user', 'session'] as const) {
    const entry = fault('down', { share: 0.5, ...(sticky && { sticky }) })
    const fates = (others: number) => {
      const { at } = ask(planOf([phase('p', [entry])]))
      return range(50).map(i => {
        for (const other of range(others))
          at(i, { instance: 1 + other, user: 100 + other, call: `x${i}`, session: 'other' })
        return at(i, { taskNumber: i + 1, session: `s${i}`, call: `c${i * (others + 1)}` }).effect
      })
    }
    expect(fates(3)).toEqual(fates(0))
  }
})

test('two entries on one surface draw apart, and so do laps', () => {
  const half = (id: string) => fault(id, { share: 0.5 })
  const { at } = ask(planOf([{ repeat: { times: 2, phases: [phase('p', [half('down'), half('slow')])] } }]))
  const fates = (t: number) => range(2_000).map(user => at(t, { user }).fault)

  const first = fates(1)
  expect(Math.abs(first.filter(id => id === 'slow').length - 500)).toBeLessThan(100)
  const same = fates(minuteMs + 1).filter((id, i) => (id === 'down') === (first[i] === 'down')).length
  expect(Math.abs(same - 1_000)).toBeLessThan(120)
})
