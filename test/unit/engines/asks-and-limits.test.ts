import { expect, test } from 'vitest'
import { lengthOf } from '../../../src/engines/processed.ts'
import { spentOf } from '../../../src/engines/spent.ts'

const now = Date.UTC(2026, 2, 2, 11)

test('a limit is spent when nothing of its requests is left, in the words of either provider', () => {
  const anthropic = {
    'anthropic-ratelimit-requests-limit': '60',
    'anthropic-ratelimit-requests-remaining': '0',
    'anthropic-ratelimit-requests-reset': '2026-03-02T11:00:45Z',
  }
  expect(spentOf(anthropic, now)).toEqual({ limit: 60, resetMs: 45_000 })
  const openai = {
    'x-ratelimit-limit-requests': '10',
    'x-ratelimit-remaining-requests': '0',
    'x-ratelimit-reset-requests': '1m0.5s',
  }
  expect(spentOf(openai, now)).toEqual({ limit: 10, resetMs: 60_500 })
  expect(spentOf({ ...openai, 'x-ratelimit-reset-requests': '350ms' }, now)?.resetMs).toBe(350)
})

test('what is not spent, or names no reset, is not', () => {
  const headers = { 'anthropic-ratelimit-requests-limit': '60', 'anthropic-ratelimit-requests-remaining': '0' }
  expect(spentOf({}, now)).toBeUndefined()
  expect(spentOf(headers, now)).toBeUndefined()
  const reset = { 'anthropic-ratelimit-requests-reset': '2026-03-02T11:00:45Z' }
  expect(spentOf({ ...headers, ...reset, 'anthropic-ratelimit-requests-remaining': '1' }, now)).toBeUndefined()
  expect(spentOf({ ...headers, 'anthropic-ratelimit-requests-reset': '2026-03-02T10:59:00Z' }, now)).toBeUndefined()
})

test('an answer takes as long as all of its parts, and a stall in it', () => {
  const chunks = [
    { afterMs: 5, data: 'a' },
    { afterMs: 7, data: 'b' },
  ]
  const script = { type: 'respond', afterMs: 100, status: 200, headers: {}, chunks, good: true } as const
  expect(lengthOf({ ...script, end: { type: 'finish' } })).toBe(112)
  expect(lengthOf({ ...script, end: { type: 'stall', forMs: 1_000, rest: chunks } })).toBe(1_124)
  expect(lengthOf({ type: 'refuse' })).toBe(0)
})
