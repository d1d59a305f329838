import { expect, test } from 'vitest'
import { lateBy } from '../../../src/faults/parts/late.ts'
import { effectOf } from './support.ts'

const delays = (values: Record<string, number> = {}) =>
  Array.from({ length: 4_000 }, (_, attempt) => {
    const effect = effectOf('brownout', values, attempt)
    if (effect.type !== 'delay') throw new Error(`Expected a delay, got ${effect.type}`)
    expect(effect.then).toEqual({ type: 'pass' })
    return effect.byMs
  }).toSorted((a, b) => a - b)

test('slow-first-byte delays a good answer by what it is told', () => {
  expect(effectOf('slow-first-byte', { by: 4_000 })).toEqual(lateBy(4_000))
  expect(effectOf('slow-first-byte')).toEqual(lateBy(15_000))
})

test('slow-tokens spaces the tokens of a good answer', () => {
  expect(effectOf('slow-tokens', { per_token: 250 })).toEqual({ type: 'slow', perTokenMs: 250 })
})

test('a brownout has the median and the 99th percentile it is told', () => {
  const sorted = delays({ median: 1_000, p99: 8_000 })

  expect(sorted[2_000]).toBeGreaterThan(900)
  expect(sorted[2_000]).toBeLessThan(1_100)
  expect(sorted[3_960]).toBeGreaterThan(6_500)
  expect(sorted[3_960]).toBeLessThan(9_800)
})

test('a brownout delays by whole, finite, positive milliseconds', () => {
  expect(delays().every(ms => Number.isSafeInteger(ms) && ms > 0)).toBe(true)
})

test('a brownout of equal median and 99th percentile delays all alike', () => {
  expect(new Set(delays({ median: 700, p99: 700 }))).toEqual(new Set([700]))
})

test('a brownout whose 99th percentile lies under its median delays all by the median', () => {
  expect(new Set(delays({ median: 700, p99: 100 }))).toEqual(new Set([700]))
})
