import { expect, test } from 'vitest'
import { oneCall } from '../../support/one-call.ts'
import { answersWith, speaksInFiveVoices } from './answers.ts'

answersWith('bad-gateway', {
  status: 502,
  error: 'InternalServerError',
  type: null,
  says: '<title>502 Bad Gateway</title>',
  within: [25, 35],
})
speaksInFiveVoices('bad-gateway', 502)

test('the page of the edge is the message of the error, and there is no request id to ask about', async () => {
  const seen = await oneCall('bad-gateway')

  expect(seen.message).toBe(`502 ${seen.body}`)
  expect(seen.thrown).toMatchObject({ error: undefined, requestID: null })
  expect(seen.headers).toMatchObject({ 'content-type': 'text/html', server: 'cloudflare' })
})

test('with `body: json` the API itself speaks', async () => {
  expect((await oneCall('{ bad-gateway: { body: json } }')).thrown).toMatchObject({ status: 502, type: 'api_error' })
})
