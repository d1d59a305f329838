import { expect, test } from 'vitest'
import { bothWays, oneCall, problemsOf } from '../../support/one-call.ts'

test('the app waits until `fetch` gives up on headers, after 300 s, and catches a timeout', async () => {
  for (const seen of await bothWays('black-hole'))
    expect(seen).toMatchObject({
      error: 'APIConnectionTimeoutError',
      message: 'Request timed out.',
      status: undefined,
      bytes: 0,
      tookMs: 300_000,
      attempt: { outcome: 'headers-timeout' },
    })
})

test('an app that asks after four minutes is still waiting', async () => {
  expect(await oneCall('black-hole', { patienceMs: 240_000 })).toMatchObject({ settled: 'pending' })
})

test('it has no parameters', () => {
  expect(problemsOf('black-hole', { for: '1s' })).toEqual(['10: Unknown key "for" in the parameters of "black-hole".'])
})
