import { expect, test } from 'vitest'
import { suggest } from '../../../src/lib/suggest.ts'

const faults = ['overloaded', 'rate-limited', 'unavailable', 'unauthorized', 'dns', 'tls']

test('a slip of the pen finds the word that was meant', () => {
  expect(suggest('overloded', faults)).toBe('overloaded')
  expect(suggest('Rate-Limited', faults)).toBe('rate-limited')
  expect(suggest('unavialable', faults)).toBe('unavailable')
  expect(suggest('dsn', faults)).toBe('dns')
})

test('a word that is far from all is met with silence', () => {
  expect(suggest('bicycle', faults)).toBeUndefined()
  expect(suggest('overloaded', [])).toBeUndefined()
})

test('the nearest of several wins', () => {
  expect(suggest('unauthorised', faults)).toBe('unauthorized')
})
