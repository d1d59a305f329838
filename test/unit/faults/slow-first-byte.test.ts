import { expect, test } from 'vitest'
import { bothWays, oneCall, problemsOf } from '../../support/one-call.ts'
import { good } from './good.ts'

test('the answer is whole and good, and all of it is late by what it is told', async () => {
  for (const stream of [false, true]) {
    const [usual, late] = [await good({ stream }), await oneCall('{ slow-first-byte: { by: 1m30s } }', { stream })]

    expect(late).toMatchObject({ settled: 'returned', stopReason: 'end_turn', body: usual.body, text: usual.text })
    expect(late.tookMs - usual.tookMs).toBe(90_000)
  }
})

test('it is late by 15 s unless told', async () => {
  const usual = await good()

  for (const seen of await bothWays('slow-first-byte'))
    expect(Math.round((seen.tookMs - usual.tookMs) / 1_000)).toBe(15)
})

test('a first byte later than `fetch` waits for never comes', async () => {
  expect(await oneCall('{ slow-first-byte: { by: 5m } }')).toMatchObject({
    error: 'APIConnectionTimeoutError',
    status: undefined,
    tookMs: 300_000,
  })
})

test('a `by` that is no duration is an error at its line', () => {
  expect(problemsOf('slow-first-byte', { by: '15' })).toEqual([
    '10: Expected a duration such as 90s or 1h30m, found the number 15.',
  ])
})
