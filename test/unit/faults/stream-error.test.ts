import { expect, test } from 'vitest'
import { oneCall, problemsOf } from '../../support/one-call.ts'
import { good } from './good.ts'

const streamed = { stream: true }

test('inside a stream it is an error without a status, after what came before', async () => {
  const [seen, usual] = [await oneCall('{ stream-error: { after: 6 events } }', streamed), await good(streamed)]

  expect(seen).toMatchObject({ settled: 'threw', error: 'APIError', status: 200, attempt: { outcome: 'stream-error' } })
  expect(seen.thrown).toMatchObject({ status: undefined, type: 'overloaded_error' })
  expect(seen.text.length).toBeGreaterThan(50)
  expect(usual.text.startsWith(seen.text)).toBe(true)
  expect(seen.body).toMatch(/event: error\ndata: \{.*"type":"overloaded_error","message":"Overloaded".*\}\n\n$/)
})

test('where nothing is streamed it is the same error with its own status', async () => {
  const seen = await oneCall('stream-error')

  expect(seen).toMatchObject({ settled: 'threw', error: 'OverloadedError', status: 529, text: '' })
  expect(seen.thrown).toMatchObject({ type: 'overloaded_error' })
})

test('`after` is how far the answer comes first, to the end of an event', async () => {
  expect((await oneCall('stream-error', streamed)).events).toEqual(['message_start', 'content_block_start'])
  expect((await oneCall('{ stream-error: { after: 0 events } }', streamed)).events).toEqual([])
  const seen = await oneCall('{ stream-error: { after: inside frame } }', streamed)
  expect(seen).toMatchObject({ error: 'APIError' })
  expect(seen.thrown).toMatchObject({ type: 'overloaded_error' })
})

test("`error` is the type in the provider's words, and `message` its text", async () => {
  const fault = '{ stream-error: { error: api_error, message: Boom } }'

  expect((await oneCall(fault, streamed)).thrown).toMatchObject({
    status: undefined,
    type: 'api_error',
    apiMessage: 'Boom',
  })
  expect(await oneCall(fault)).toMatchObject({ error: 'InternalServerError', status: 500 })
})

test('a point, a type or words that are none are errors at their lines', () => {
  expect(problemsOf('stream-error', { after: 'later', error: '529', message: '{}' })).toEqual([
    '10: Expected a point in the answer such as "3 events", "120 bytes", "5s" or "inside frame", found the text "later".',
    '11: Expected a text, found the number 529.',
    '12: Expected a text, found a map.',
  ])
})
