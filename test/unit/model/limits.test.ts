import { expect, test } from 'vitest'
import type { Arrival } from '../../../src/model/arrival.ts'
import type { LimitEntry } from '../../../src/model/scenario.ts'
import { minuteMs } from '../../../src/model/timeline.ts'
import { ask, phase, planOf, range } from './support.ts'

const limited = (entry: Omit<LimitEntry, 'surface'>, ...more: Omit<LimitEntry, 'surface'>[]) =>
  ask(
    planOf([
      phase(
        'p',
        [],
        [entry, ...more].map(one => ({ surface: ['api'], ...one })),
      ),
    ]),
  )

/** How many of `count` arrivals at once are let in. */
const admitted = (
  { at }: ReturnType<typeof ask>,
  count: number,
  more: (i: number) => Partial<Arrival> = () => ({}),
  t = 0,
) => range(count).filter(i => !at(t, more(i)).limited).length

/** What a rejection says about coming back. */
const retryAfter = ({ at }: ReturnType<typeof ask>, t = 0) => {
  const { effect } = at(t)
  return effect.type === 'answer' && effect.error === 'rate-limited' ? effect.options.retryAfter : 'admitted'
}

test('one minute of requests is let in at once, then they come at their rate', () => {
  const world = limited({ requests: 6 })

  expect(admitted(world, 10)).toBe(6)
  expect(admitted(world, 10, () => ({}), 9_999)).toBe(0)
  expect(admitted(world, 10, () => ({}), 10_000)).toBe(1)
  expect(admitted(world, 10, () => ({}), 40_000)).toBe(3)
})

test('a burst is the size of the bucket', () => {
  expect(admitted(limited({ requests: 60, burst: 5 }), 100)).toBe(5)
  expect(admitted(limited({ requests: 6, burst: 50 }), 100)).toBe(50)
})

test('each key, tenant or model has a bucket of its own; without `per` all share one', () => {
  const four = (i: number): Partial<Arrival> => ({ key: `k${i % 4}`, tenant: `t${i % 3}`, model: `m${i % 2}` })

  expect(admitted(limited({ requests: 2, per: 'key' }), 40, four)).toBe(8)
  expect(admitted(limited({ requests: 2, per: 'tenant' }), 40, four)).toBe(6)
  expect(admitted(limited({ requests: 2, per: 'model' }), 40, four)).toBe(4)
  expect(admitted(limited({ requests: 2, per: 'org' }), 40, four)).toBe(2)
  expect(admitted(limited({ requests: 2 }), 40, four)).toBe(2)
})

test('tokens are counted as asked for: input by its text, output by its maximum', () => {
  const ask = () => ({ inputTokens: 100, maxOutputTokens: 400 })

  expect(admitted(limited({ input_tokens: 1_000 }), 40, ask)).toBe(10)
  expect(admitted(limited({ output_tokens: 1_000 }), 40, ask)).toBe(2)
  expect(admitted(limited({ input_tokens: 1_000, output_tokens: 1_600, requests: 5 }), 40, ask)).toBe(4)
})

test('a burst beside `requests` is one of requests', () => {
  expect(admitted(limited({ requests: 60, input_tokens: 1_000, burst: 4 }), 40)).toBe(4)
  expect(admitted(limited({ input_tokens: 1_000, burst: 300 }), 40)).toBe(3)
})

test('what one limit rejects costs the others nothing', () => {
  const world = limited({ requests: 10, per: 'org' }, { requests: 1, per: 'key' })

  expect(admitted(world, 8, () => ({ key: 'greedy' }))).toBe(1)
  expect(admitted(world, 9, i => ({ key: `k${i}` }))).toBe(9)
  expect(world.at(0, { key: 'late' }).entry).toBe('phases[0].limits[0]')
})

test('a rejection says when the next request will be let in', () => {
  const world = limited({ requests: 6 })
  admitted(world, 6)

  const told = retryAfter(world, 4_000)

  expect(told).toEqual({ as: 'seconds', ms: 6_000 })
  expect(retryAfter(world, 9_999)).toEqual({ as: 'seconds', ms: 1 })
  expect(retryAfter(world, 10_000)).toBe('admitted')
})

test('the time is a whole number of ms that is enough', () => {
  const world = limited({ requests: 7 })
  admitted(world, 7)

  const told = retryAfter(world, 1)

  expect(told).toEqual({ as: 'seconds', ms: Math.ceil(minuteMs / 7) - 1 })
  expect(retryAfter(world, Math.ceil(minuteMs / 7))).toBe('admitted')
})

test('retry-after is spelled, fixed or left out as the scenario says', () => {
  const told = (retry_after: NonNullable<LimitEntry['retry_after']>) => {
    const world = limited({ requests: 60, burst: 1, retry_after })
    admitted(world, 1)
    return retryAfter(world)
  }
  expect(told({ as: 'seconds' })).toEqual({ as: 'seconds', ms: 1_000 })
  expect(told({ as: 'date' })).toEqual({ as: 'date', ms: 1_000 })
  expect(told({ as: 'ms' })).toEqual({ as: 'ms', ms: 1_000 })
  expect(told({ as: 'seconds', value: 30_000 })).toEqual({ as: 'seconds', ms: 30_000 })
  expect(told({ as: 'none' })).toBeUndefined()
})

test('a limit that will never admit names a minute, and none names more than a day', () => {
  expect(retryAfter(limited({ requests: 0 }))).toEqual({ as: 'seconds', ms: minuteMs })
  const slow = limited({ requests: 1e-9 })
  admitted(slow, 1)
  expect(retryAfter(slow)).toEqual({ as: 'seconds', ms: 24 * 60 * minuteMs })
})

test('a limit that rises from nothing names the time when it lets the first one in', () => {
  const world = limited({ requests: { from: 0, to: 60 } })

  // Over a minute the inflow is 30 t² requests after t minutes.
  expect(retryAfter(world)).toEqual({ as: 'seconds', ms: Math.ceil(minuteMs / Math.sqrt(30)) })
  expect(retryAfter(world, Math.ceil(minuteMs / Math.sqrt(30)))).toBe('admitted')
})

test('the state of the bucket that decides is told with every answer', () => {
  const world = limited({ requests: 6 })

  expect(world.at(0).rateLimits).toEqual([{ dimension: 'requests', limit: 6, remaining: 5, resetMs: 10_000 }])
  admitted(world, 5)
  expect(world.at(0)).toMatchObject({
    limited: true,
    entry: 'phases[0].limits[0]',
    rateLimits: [{ dimension: 'requests', limit: 6, remaining: 0, resetMs: minuteMs }],
  })
  // Where no limit is in force there is none to tell of.
  expect(world.at(0, { surface: 'chat' }).rateLimits).toEqual([])
  expect(world.at(0, { provider: 'openai' }).limited).toBe(false)
})

test('buckets are full again when a lap begins', () => {
  const { at } = ask(planOf([{ repeat: { times: 2, phases: [phase('p', [], [{ surface: ['api'], requests: 3 }])] } }]))
  const admittedAt = (t: number) => range(9).filter(() => !at(t).limited).length

  expect([admittedAt(minuteMs - 1), admittedAt(minuteMs)]).toEqual([3, 3])
})
