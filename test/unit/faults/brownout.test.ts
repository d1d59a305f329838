import { expect, test } from 'vitest'
import { oneCall, problemsOf } from '../../support/one-call.ts'
import { good } from './good.ts'
import { effectOf } from './support.ts'

/** Delays of 4,000 arrivals, sorted. */
const delays = (values: Record<string, number> = {}) =>
  Array.from({ length: 4_000 }, (_, attempt) => {
    const effect = effectOf('brownout', values, attempt)
    if (effect.type !== 'delay') throw new Error(`Expected a delay, got ${effect.type}`)
    expect(effect.then).toEqual({ type: 'pass' })
    return effect.byMs
  }).toSorted((a, b) => a - b)

test('the answer is whole and good, and late by a time that the seed draws', async () => {
  const late = new Set<number>()
  for (const seed of [1, 2, 3])
    for (const stream of [false, true]) {
      const [seen, usual] = [await oneCall('brownout', { seed, stream }), await good({ seed, stream })]
      expect(seen).toMatchObject({ settled: 'returned', stopReason: 'end_turn', body: usual.body, text: usual.text })
      expect(seen.tookMs).toBeGreaterThan(usual.tookMs)
      late.add(seen.tookMs - usual.tookMs)
    }

  // Streamed or not, the same draw.
  expect(late.size).toBe(3)
})

test('`median` and `p99` are what half and all but one in a hundred are later than', () => {
  const sorted = delays({ median: 1_000, p99: 8_000 })

  expect(sorted[2_000]).toBeGreaterThan(900)
  expect(sorted[2_000]).toBeLessThan(1_100)
  expect(sorted[3_960]).toBeGreaterThan(6_500)
  expect(sorted[3_960]).toBeLessThan(9_800)
})

test('its delays are whole, finite, positive milliseconds', () => {
  expect(delays().every(ms => Number.isSafeInteger(ms) && ms > 0)).toBe(true)
})

test('a 99th percentile at its median, or under it, delays all alike', async () => {
  expect(new Set(delays({ median: 700, p99: 700 }))).toEqual(new Set([700]))
  expect(new Set(delays({ median: 700, p99: 100 }))).toEqual(new Set([700]))
  const [seen, usual] = [await oneCall('{ brownout: { median: 700ms, p99: 700ms } }'), await good()]
  expect(seen.tookMs - usual.tookMs).toBe(700)
})

test('a median or percentile of nothing is an error at its line', () => {
  expect(problemsOf('brownout', { median: '0s', p99: '0ms' })).toEqual([
    '10: Expected a duration such as 90s or 1h30m, at least 1ms, found the text "0s".',
    '11: Expected a duration such as 90s or 1h30m, at least 1ms, found the text "0ms".',
  ])
})
