import { expect, test } from 'vitest'
import { oneCall } from '../../support/one-call.ts'
import { answersWith, saysWhenToComeBack } from './answers.ts'

answersWith('rate-limited', {
  status: 429,
  error: 'RateLimitError',
  type: 'rate_limit_error',
  says: "would exceed your account's rate limit",
  within: [40, 80],
})
saysWhenToComeBack('rate-limited', '30')

test('it says nothing of whether to retry: the time to come back is enough', async () => {
  const { headers, thrown } = await oneCall('rate-limited')

  expect(headers).not.toHaveProperty('x-should-retry')
  expect(thrown).not.toHaveProperty('errorCode', 'enforced_spend_limit_reached')
})
