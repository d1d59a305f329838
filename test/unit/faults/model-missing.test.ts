import { expect, test } from 'vitest'
import { oneCall } from '../../support/one-call.ts'
import { answersWith } from './answers.ts'

answersWith('model-missing', {
  status: 404,
  error: 'NotFoundError',
  type: 'not_found_error',
  says: 'model: claude-sonnet-5-5',
  within: [40, 80],
})

test('it names the model that was asked for, unless told other words', async () => {
  expect(JSON.parse((await oneCall('model-missing')).body).error.message).toBe('model: claude-sonnet-5-5')
})
