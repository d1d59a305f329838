import { expect, test } from 'vitest'
import { oneCall } from '../../support/one-call.ts'
import { answersWith, speaksInFiveVoices } from './answers.ts'

answersWith('gateway-timeout', {
  status: 504,
  error: 'GatewayTimeoutError',
  type: 'timeout_error',
  says: 'Request timed out',
  within: [60_000, 60_000],
})
speaksInFiveVoices('gateway-timeout', 504)

test('a gateway that waits longer than the client does is never heard', async () => {
  const seen = await oneCall('{ gateway-timeout: { takes: 301s } }')

  expect(seen).toMatchObject({ error: 'APIConnectionTimeoutError', status: undefined, tookMs: 300_000 })
})
