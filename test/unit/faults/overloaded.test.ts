import { expect, test } from 'vitest'
import { oneCall } from '../../support/one-call.ts'
import { answersWith, saysWhenToComeBack } from './answers.ts'

answersWith('overloaded', {
  status: 529,
  error: 'OverloadedError',
  type: 'overloaded_error',
  says: 'Overloaded',
  within: [40, 80],
})
saysWhenToComeBack('overloaded', undefined)

test('it advises to retry and not when, as a real 529 does', async () => {
  const { headers } = await oneCall('overloaded')

  expect(headers).toMatchObject({ 'x-should-retry': 'true', 'cache-control': 'no-store, no-cache' })
  expect(headers).not.toHaveProperty('retry-after')
})

test('a time of zero is sent as zero', async () => {
  expect((await oneCall('{ overloaded: { retry_after: 0s } }')).headers['retry-after']).toBe('0')
})
