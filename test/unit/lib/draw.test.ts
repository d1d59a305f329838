import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type DrawKey, draw, drawExponential, randomStream } from '../../../src/lib/draw.ts'

/** Pearson's statistic of `values` over `cells` equal cells; its mean is cells - 1. */
function chiSquare(values: readonly number[], cells: number): number {
  const counts = Array.from({ length: cells }, () => 0)
  for (const value of values) {
    const cell = Math.floor(value * cells)
    counts[cell] = (counts[cell] ?? 0) + 1
  }
  const mean = values.length / cells
  return counts.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0)
}

const range = (n: number) => Array.from({ length: n }, (_, i) => i)

test('a draw depends on the seed and the key alone, not on draws before it', () => {
  const keys = range(200).map((i): DrawKey => ['share', 'phase api 1', i % 7, i])
  const forwards = keys.map(key => draw(5, ...key))

  const backwards = keys.toReversed().map(key => draw(5, ...key))

  expect(backwards.toReversed()).toEqual(forwards)
  expect(keys.map(key => draw(6, ...key))).not.toEqual(forwards)
})

test('a draw lies in [0, 1), whatever the key', () => {
  const part = fc.oneof(fc.string({ unit: 'binary' }), fc.double({ noNaN: true }), fc.integer())
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.array(part), (seed, key) => {
      const value = draw(seed, ...key)
      expect(value).toBeGreaterThanOrEqual(0)
      expect(value).toBeLessThan(1)
    }),
  )
})

test('keys are told apart by their parts, not by their text together', () => {
  const different: DrawKey[] = [
    ['ab', 'c'],
    ['a', 'bc'],
    ['abc'],
    ['abc', ''],
    ['', 'abc'],
    [1],
    ['1'],
    ['#1'],
    [1, 1],
    [11],
    ['a\x1f$b'],
    ['a', 'b'],
    [],
    [''],
    [-1],
    [0.5],
  ]
  expect(new Set(different.map(key => draw(1, ...key))).size).toBe(different.length)
})

test('draws whose keys count up are uniform and do not follow one another', () => {
  const cells = 50
  // Mean 49, standard deviation 9.9: 100 is five of those away.
  for (const seed of [0, 1, 2, 12_345_678_901]) {
    const users = range(10_000).map(user => draw(seed, 'share', 'up api 1', 0, user, 1, 1))
    expect(chiSquare(users, cells)).toBeLessThan(100)
    const pairs = users.slice(1).map((value, i) => (value + (users[i] ?? 0)) % 1)
    expect(chiSquare(pairs, cells)).toBeLessThan(100)
  }
  const seeds = range(10_000).map(seed => draw(seed, 'share'))
  expect(chiSquare(seeds, cells)).toBeLessThan(100)
})

test('large seeds count in full', () => {
  expect(draw(2 ** 33 + 1)).not.toBe(draw(1))
  expect(draw(Number.MAX_SAFE_INTEGER)).not.toBe(draw(Number.MAX_SAFE_INTEGER - 2))
})

test('a random stream repeats with its key, is uniform, and differs from that of another key', () => {
  const take = (seed: number, ...key: DrawKey) => {
    const next = randomStream(seed, ...key)
    return range(10_000).map(() => next())
  }
  const first = take(1, 'chance', 0)

  expect(take(1, 'chance', 0)).toEqual(first)
  expect(chiSquare(first, 50)).toBeLessThan(100)
  for (const other of [take(1, 'chance', 1), take(2, 'chance', 0)])
    expect(
      chiSquare(
        first.map((value, i) => (value - (other[i] ?? 0) + 1) % 1),
        50,
      ),
    ).toBeLessThan(100)
})

test('exponential draws have their mean and are never negative', () => {
  const draws = range(20_000).map(i => drawExponential(500, draw(3, 'think', i)))

  expect(Math.min(...draws)).toBeGreaterThanOrEqual(0)
  expect(Math.abs(draws.reduce((a, b) => a + b) / draws.length - 500)).toBeLessThan(25)
})
