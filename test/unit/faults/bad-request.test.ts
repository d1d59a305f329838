import { expect, test } from 'vitest'
import { oneCall } from '../../support/one-call.ts'
import { answersWith } from './answers.ts'

answersWith('bad-request', {
  status: 400,
  error: 'BadRequestError',
  type: 'invalid_request_error',
  says: 'Input should be a valid string',
  within: [40, 80],
})

test('other words make another known refusal of it', async () => {
  const words = 'You have reached your specified API usage limits.'

  expect((await oneCall(`{ bad-request: { message: "${words}" } }`)).thrown).toMatchObject({ apiMessage: words })
})
