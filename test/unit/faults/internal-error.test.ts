import { expect, test } from 'vitest'
import { oneCall, problemsOf } from '../../support/one-call.ts'
import { answersWith } from './answers.ts'

answersWith('internal-error', {
  status: 500,
  error: 'InternalServerError',
  type: 'api_error',
  says: 'Internal server error',
  within: [40, 80],
})

test('it gives no advice on retries, and cannot say when to come back', async () => {
  const { headers } = await oneCall('internal-error')

  expect(headers).not.toHaveProperty('x-should-retry')
  expect(headers).not.toHaveProperty('retry-after')
  expect(problemsOf('internal-error', { retry_after: '5s' })).toEqual([
    '10: Unknown key "retry_after" in the parameters of "internal-error".',
  ])
})
