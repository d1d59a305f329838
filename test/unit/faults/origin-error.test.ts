import { expect, test } from 'vitest'
import { oneCall, problemsOf } from '../../support/one-call.ts'
import { answersWith, speaksInFiveVoices } from './answers.ts'

answersWith('origin-error', {
  status: 520,
  error: 'InternalServerError',
  type: null,
  says: 'api.anthropic.com | 520: Web server is returning an unknown error',
  within: [25, 35],
})
speaksInFiveVoices('origin-error', 520)

test("`status` is the edge's own number for what is wrong with the origin", async () => {
  const seen = await oneCall('{ origin-error: { status: 522 } }')

  expect(seen).toMatchObject({ status: 522, error: 'InternalServerError' })
  expect(seen.message).toContain('522: Connection timed out')
})

test('as JSON it is the problem that the edge describes, and not an error of the API', async () => {
  const [asked, own] = [
    await oneCall('{ origin-error: { status: 522, body: json } }'),
    await oneCall('{ origin-error: { status: 522, body: edge-json } }'),
  ]

  expect(JSON.parse(asked.body)).toMatchObject({ error_name: 'connection_timeout', zone: 'api.anthropic.com' })
  expect(asked.body).toBe(own.body)
})

test('a status that no edge has is an error at its line', () => {
  const range = 'Expected a whole number of at least 520 and at most 530, found the number'

  expect(problemsOf('origin-error', { status: '519' })).toEqual([`10: ${range} 519.`])
  expect(problemsOf('origin-error', { status: '531' })).toEqual([`10: ${range} 531.`])
  expect(problemsOf('origin-error', { status: '530' })).toEqual([])
})
