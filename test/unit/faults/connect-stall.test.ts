import { expect, test } from 'vitest'
import { bothWays, problemsOf } from '../../support/one-call.ts'

test('the app waits until `fetch` gives up on the connection, after 10 s, and catches a timeout', async () => {
  for (const seen of await bothWays('connect-stall'))
    expect(seen).toMatchObject({
      error: 'APIConnectionTimeoutError',
      message: 'Request timed out.',
      status: undefined,
      bytes: 0,
      tookMs: 10_000,
      attempt: { outcome: 'connect-timeout' },
    })
})

test('it has no parameters', () => {
  expect(problemsOf('connect-stall', { for: '1s' })).toEqual([
    '10: Unknown key "for" in the parameters of "connect-stall".',
  ])
})
