import { expect, test } from 'vitest'
import { oneCall } from '../../support/one-call.ts'
import { answersWith, speaksInFiveVoices } from './answers.ts'

answersWith('too-large', {
  status: 413,
  error: 'ContentTooLargeError',
  type: 'request_too_large',
  says: 'exceeds the maximum allowed number of bytes',
  within: [40, 80],
})
speaksInFiveVoices('too-large', 413)

test('it is turned away before the API knows whose it is', async () => {
  const { headers } = await oneCall('too-large')

  expect(Object.keys(headers).filter(name => name.startsWith('anthropic-'))).toEqual([])
})
