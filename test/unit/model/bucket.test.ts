import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Bucket, bucketSize, openBucket, rateAt, refill, take, waitMs } from '../../../src/model/bucket.ts'
import type { Level } from '../../../src/model/scenario.ts'

const minuteMs = 60_000
const lengthMs = 15 * minuteMs

const rate = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 600 }),
  fc.integer({ min: 1, max: 50 }).map(n => n / 10),
)
const level: fc.Arbitrary<Level> = fc.oneof(rate, fc.record({ from: rate, to: rate }))
const burst = fc.option(fc.integer({ min: 1, max: 200 }), { nil: undefined })
const gaps = fc.array(fc.integer({ min: 0, max: 2 * minuteMs }), { maxLength: 100 })

/** The integral of the rate over [a, b], in tokens: rates are linear here. */
const inflow = (bucket: Bucket, a: number, b: number) =>
  (((rateAt(bucket, a) + rateAt(bucket, b)) / 2) * (b - a)) / minuteMs

const admit = (bucket: Bucket, cost: number, t: number): boolean => {
  refill(bucket, t)
  if (waitMs(bucket, cost, t) > 0) return false
  take(bucket, cost, t)
  return true
}

test('no window of time lets through more than the bucket held and what flowed in', () => {
  fc.assert(
    fc.property(level, burst, gaps, (rate, size, gaps) => {
      const bucket = openBucket(rate, 0, lengthMs, size)
      let t = 0
      const admitted: number[] = []
      for (const gap of gaps) {
        t = Math.min(t + gap, lengthMs - 1)
        for (let i = 0; i < 5; i++) if (admit(bucket, 1, t)) admitted.push(t)
      }
      for (const [i, from] of admitted.entries())
        for (const [j, to] of admitted.entries())
          if (j >= i) expect(j - i + 1).toBeLessThanOrEqual(bucketSize(bucket, from) + inflow(bucket, from, to) + 1e-6)
    }),
  )
})

test('it does not matter how often one looks', () => {
  fc.assert(
    fc.property(level, burst, gaps, fc.integer({ min: 0, max: 700 }), (rate, size, gaps, spent) => {
      const seen = openBucket(rate, 0, lengthMs, size)
      const alone = openBucket(rate, 0, lengthMs, size)
      for (const bucket of [seen, alone]) take(bucket, spent, 0)
      let t = 0
      for (const gap of gaps) {
        t += gap
        refill(seen, t)
      }
      refill(alone, t)

      expect(alone.tokens).toBeCloseTo(seen.tokens, 6)
    }),
  )
})

test('whoever waits as long as told is let in, and nobody is a millisecond sooner', () => {
  fc.assert(
    fc.property(level, burst, gaps, fc.integer({ min: 1, max: 1_000 }), (rate, size, gaps, cost) => {
      const bucket = openBucket(rate, 0, lengthMs, size)
      let t = 0
      for (const gap of gaps) {
        t += gap
        admit(bucket, cost, t)
      }
      refill(bucket, t)
      const wait = waitMs(bucket, cost, t)
      fc.pre(wait > 0 && Number.isFinite(wait))
      const copy = { ...bucket }
      // A falling rate shrinks the bucket and with it what a large request takes: then sooner is possible.
      const grows = typeof rate === 'number' || rate.to >= rate.from || cost <= 1
      if (wait > 1 && grows) expect(admit(copy, cost, t + wait - 1)).toBe(false)
      expect(admit(bucket, cost, t + wait)).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('a bucket offered more than its rate gives its size at once and then its rate', () => {
  const bucket = openBucket(600, 0, lengthMs, 20)
  let admitted = 0
  for (let t = 0; t < 10 * minuteMs; t += 25) if (admit(bucket, 1, t)) admitted++

  expect(admitted).toBe(20 + 6_000 - 1)
})

test('one minute is held when nothing else is said, but at least one request', () => {
  expect(openBucket(30, 0, lengthMs).tokens).toBe(30)
  expect(openBucket(0.5, 0, lengthMs).tokens).toBe(1)
  const ramp = openBucket({ from: 6, to: 60 }, 0, lengthMs)
  expect(ramp.tokens).toBe(6)
  refill(ramp, lengthMs)
  expect(ramp.tokens).toBe(60)
})

test('a rate of nothing admits nothing', () => {
  const bucket = openBucket(0, 0, lengthMs)
  expect([0, minuteMs, lengthMs].map(t => admit(bucket, 1, t))).toEqual([false, false, false])
  expect(waitMs(bucket, 1, lengthMs)).toBe(Number.POSITIVE_INFINITY)
})

test('a ramp from nothing tells when the first request will be let in', () => {
  const bucket = openBucket({ from: 0, to: 60 }, 0, lengthMs)

  // The inflow is 2 t² after t minutes: one request has come in after the square root of a half.
  const wait = waitMs(bucket, 1, 0)

  expect(wait).toBeCloseTo(Math.SQRT1_2 * minuteMs, 6)
  expect(admit({ ...bucket }, 1, Math.floor(wait))).toBe(false)
  expect(admit(bucket, 1, Math.ceil(wait))).toBe(true)
})

test('a ramp down to nothing knows what will never come', () => {
  const bucket = openBucket({ from: 60, to: 0 }, 0, minuteMs)
  take(bucket, 60, 0)

  expect(waitMs(bucket, 29, 0)).toBeLessThan(minuteMs)
  expect(waitMs(bucket, 31, 0)).toBe(Number.POSITIVE_INFINITY)
})

test('a request larger than the bucket is let in when the bucket is full, and empties it', () => {
  const bucket = openBucket(100, 0, lengthMs)
  expect(admit(bucket, 5_000, 0)).toBe(true)
  expect(bucket.tokens).toBe(0)
  expect(waitMs(bucket, 5_000, 0)).toBe(minuteMs)
})
