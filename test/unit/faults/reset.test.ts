import { expect, test } from 'vitest'
import { bothWays, oneCall, problemsOf } from '../../support/one-call.ts'

test('the app catches a connection error with ECONNRESET at its root, before any status', async () => {
  for (const seen of await bothWays('reset'))
    expect(seen).toMatchObject({
      error: 'APIConnectionError < TypeError < Error ECONNRESET',
      message: 'Connection error.',
      status: undefined,
      bytes: 0,
      attempt: { outcome: 'reset' },
    })
})

test('`after` is how long the connection lives first', async () => {
  expect((await oneCall('{ reset: { after: 3s } }')).tookMs).toBe(3_000)
  expect((await oneCall('reset')).tookMs).toBeLessThan(10)
})

test('an `after` that is no duration is an error at its line', () => {
  expect(problemsOf('reset', { after: '-1s' })).toEqual([
    '10: Expected a duration such as 90s or 1h30m, found the text "-1s".',
  ])
  expect(problemsOf('reset', { after: '3' })).toEqual([
    '10: Expected a duration such as 90s or 1h30m, found the number 3.',
  ])
})
