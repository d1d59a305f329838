import { expect, test } from 'vitest'
import { unsteady } from '../../../src/run/script.ts'

test('a warm-up in which a task failed names the first that did', () => {
  expect(unsteady({ due: 10, well: 8, firstFailure: 'failed, Http502' })).toBe(
    'Only 8 of 10 tasks (80%) settled well in the healthy warm-up; 95% must. The first that did not: failed, Http502',
  )
})

test('one that was too short for its tasks says so, as nothing failed', () => {
  expect(unsteady({ due: 10, well: 8, firstFailure: undefined })).toMatch(
    /; 95% must\. The others .* were still open at its end: give it longer/,
  )
})

test('as many as must settle well are enough', () => {
  expect(unsteady({ due: 20, well: 19, firstFailure: undefined })).toBe(undefined)
  expect(unsteady({ due: 10, well: 8, firstFailure: undefined }, 0.8)).toBe(undefined)
})
