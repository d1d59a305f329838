import { expect, test } from 'vitest'
import { worstExit } from '../../../src/reports/worst.ts'

test('the exit code of several runs is the first of the stated order', () => {
  expect(worstExit([0, 6, 1, 3])).toBe(3)
  expect(worstExit([0, 6, 1])).toBe(1)
  expect(worstExit([6, 0])).toBe(6)
  expect(worstExit([1, 130, 5])).toBe(130)
  expect(worstExit([70, 2])).toBe(2)
  expect(worstExit([0, 0])).toBe(0)
})
