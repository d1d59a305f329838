import { expect, test } from 'vitest'
import { bothWays, oneCall, problemsOf } from '../../support/one-call.ts'

test('the app sees what it would see of a reset before any answer', async () => {
  const [plain, streamed] = await bothWays('idle-close')
  const reset = await oneCall('reset')

  for (const seen of [plain, streamed]) {
    expect(seen).toMatchObject({ error: reset.error, message: reset.message, status: undefined, bytes: 0 })
    expect(seen.error).toBe('APIConnectionError < TypeError < Error ECONNRESET')
    expect(seen.tookMs).toBeLessThan(10)
  }
})

test('it has no parameters', () => {
  expect(problemsOf('idle-close', { after: '1s' })).toEqual([
    '10: Unknown key "after" in the parameters of "idle-close".',
  ])
})
