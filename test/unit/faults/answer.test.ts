import { expect, test } from 'vitest'
import { bothWays, problemsOf } from '../../support/one-call.ts'

test('with nothing but defaults it is a 500 without a body', async () => {
  for (const seen of await bothWays('answer'))
    expect(seen).toMatchObject({
      error: 'InternalServerError',
      message: '500 status code (no body)',
      status: 500,
      headers: {},
      bytes: 0,
    })
})

test('`status`, `headers`, `body` and `takes` are sent as they are', async () => {
  const fault =
    "{ answer: { status: 418, headers: { content-type: text/plain, x-tea: green }, body: 'short and stout', takes: 90s } }"

  for (const seen of await bothWays(fault))
    expect(seen).toMatchObject({
      error: 'APIError',
      message: '418 short and stout',
      status: 418,
      headers: { 'content-type': 'text/plain', 'x-tea': 'green' },
      body: 'short and stout',
      tookMs: 90_000,
    })
})

test('a 200 of one’s own is an answer like any other, and what the SDK makes of it', async () => {
  const json = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }
  const params = `status: 200, headers: { content-type: application/json }, body: '${JSON.stringify(json)}'`

  const [plain, streamed] = await bothWays(`{ answer: { ${params} } }`)

  // No error is thrown: the app gets the envelope of one in place of a message.
  expect(plain).toMatchObject({ settled: 'returned', returned: json, status: 200 })
  expect(streamed).toMatchObject({ settled: 'returned', events: [], text: '' })
})

test('a status that is none, and headers, a body or a time that are none, are errors at their lines', () => {
  const range = 'Expected a whole number of at least 200 and at most 599, found the number'

  expect(problemsOf('answer', { status: '199', headers: '{ a: 1 }', body: '[]', takes: '-1s' })).toEqual([
    `10: ${range} 199.`,
    '11: Expected a text, found the number 1.',
    '12: Expected a text, found a list.',
    '13: Expected a duration such as 90s or 1h30m, found the text "-1s".',
  ])
  expect(problemsOf('answer', { status: '600' })).toEqual([`10: ${range} 600.`])
  expect(problemsOf('answer', { status: '500.5' })).toEqual([`10: ${range} 500.5.`])
})
