import { expect, test } from 'vitest'
import { bothWays, problemsOf } from '../../support/one-call.ts'

test('the app catches a connection error with ECONNREFUSED at its root, at once', async () => {
  for (const seen of await bothWays('refused')) {
    expect(seen).toMatchObject({
      error: 'APIConnectionError < TypeError < Error ECONNREFUSED',
      message: 'Connection error.',
      status: undefined,
      bytes: 0,
      attempt: { outcome: 'refused' },
    })
    expect(seen.tookMs).toBeGreaterThan(0)
    expect(seen.tookMs).toBeLessThan(10)
    expect(seen.thrown).toHaveProperty('cause.cause.message', 'connect ECONNREFUSED api.anthropic.com:443')
  }
})

test('it has no parameters', () => {
  expect(problemsOf('refused', { after: '1s' })).toEqual(['10: Unknown key "after" in the parameters of "refused".'])
})
