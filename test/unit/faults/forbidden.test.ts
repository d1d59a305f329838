import { expect, test } from 'vitest'
import { oneCall } from '../../support/one-call.ts'
import { answersWith, speaksInFiveVoices } from './answers.ts'

answersWith('forbidden', {
  status: 403,
  error: 'PermissionDeniedError',
  type: 'permission_error',
  says: 'does not have permission',
  within: [40, 80],
})
speaksInFiveVoices('forbidden', 403)

test('the edge forbids with a page that says so', async () => {
  expect((await oneCall('{ forbidden: { body: html } }')).message).toContain('<title>403 Forbidden</title>')
})
