import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatDuration, parseDuration } from '../../../src/lib/duration.ts'

test('what is printed reads back as the same number', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e12 }), ms => {
      expect(parseDuration(formatDuration(ms))).toBe(ms)
    }),
  )
})

test('durations are read as people write them', () => {
  const read = ['90s', '1h30m', '250ms', '1.5h', '1d', '0', '0s', '1m5ms'].map(parseDuration)
  expect(read).toEqual([90_000, 5_400_000, 250, 5_400_000, 86_400_000, 0, 0, 60_005])
})

test('what is no duration is not guessed at', () => {
  for (const text of ['', '5', '5 m', '-5m', '5min', 'm', '1h 30m', '1e3s', '.5s'])
    expect(parseDuration(text), text).toBeUndefined()
})

test('printed durations are short', () => {
  expect([0, 90, 1_600, 60_000, 90_000, 90_250, 5_400_000, 86_400_001, -90_000].map(formatDuration)).toEqual([
    '0s',
    '90ms',
    '1.6s',
    '1m',
    '1m30s',
    '1m30.25s',
    '1h30m',
    '1d1ms',
    '-1m30s',
  ])
})
