import { expect, test } from 'vitest'
import { oneCall } from '../../support/one-call.ts'
import { answersWith } from './answers.ts'

answersWith('unauthorized', {
  status: 401,
  error: 'AuthenticationError',
  type: 'authentication_error',
  says: 'invalid x-api-key',
  within: [40, 80],
})

test('nobody is known before the key is checked, so no organisation signs it', async () => {
  expect((await oneCall('unauthorized')).headers).not.toHaveProperty('anthropic-organization-id')
  expect((await oneCall('forbidden')).headers).toHaveProperty('anthropic-organization-id')
})
