import { expect, test } from 'vitest'
import { oneCall } from '../../support/one-call.ts'
import { answersWith, saysWhenToComeBack, speaksInFiveVoices } from './answers.ts'

answersWith('unavailable', {
  status: 503,
  error: 'ServiceUnavailableError',
  type: 'api_error',
  says: 'Service temporarily unavailable',
  within: [40, 80],
})
saysWhenToComeBack('unavailable', undefined)
speaksInFiveVoices('unavailable', 503)

test('from the edge it comes sooner and can say when to come back', async () => {
  const seen = await oneCall('{ unavailable: { body: html, retry_after: 10s } }')

  expect(seen.tookMs).toBeLessThan(40)
  expect(seen.headers['retry-after']).toBe('10')
  expect(seen.message).toContain('503 Service Temporarily Unavailable')
})
