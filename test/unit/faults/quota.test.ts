import { expect, test } from 'vitest'
import { oneCall } from '../../support/one-call.ts'
import { answersWith } from './answers.ts'

answersWith('quota', {
  status: 429,
  error: 'EnforcedSpendLimitReachedError',
  type: 'rate_limit_error',
  says: 'You have reached your API usage limits',
  within: [40, 80],
})

test('it is a 429 without a time to come back, and names the day on which the month ends', async () => {
  const { headers, thrown, message } = await oneCall('quota')

  expect(headers).not.toHaveProperty('retry-after')
  expect(thrown).toMatchObject({ errorCode: 'enforced_spend_limit_reached' })
  expect(message).toContain('You will regain access on 2026-04-01 at 00:00 UTC.')
})
