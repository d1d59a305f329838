import { expect, test } from 'vitest'
import type { Effect } from '../../../src/model/effect.ts'
import { gemini } from '../../../src/providers/gemini/provider.ts'
import { wired } from './wired.ts'

const base = 'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash'
const body = JSON.stringify({ contents: [{ parts: [{ text: '[q:t1] Where is my parcel?' }] }] })
const key = { 'x-goog-api-key': gemini.canary }

function post(url: string, effects: readonly Effect[] = [], headers: Record<string, string> = key): Promise<Response> {
  return wired(gemini, effects).fetch(url, { method: 'POST', headers, body })
}

function recognise(url: string, headers: Record<string, string> = key, method = 'POST') {
  return gemini.recognise({ method, url: new URL(url), headers, body })
}

test('a stream without alt=sse is one JSON array', async () => {
  const response = await post(`${base}:streamGenerateContent`)

  expect(response.headers.get('content-type')).toBe('application/json; charset=UTF-8')
  const items = JSON.parse(await response.text())
  expect(items.length).toBeGreaterThan(3)
  expect(items.at(-1).candidates[0].finishReason).toBe('STOP')
})

test('an error inside an array is its last item', async () => {
  const effect: Effect = { type: 'stream-error', after: { events: 2 }, error: 'overloaded_error' }

  const items = JSON.parse(await (await post(`${base}:streamGenerateContent`, [effect])).text())

  expect(items).toHaveLength(3)
  expect(items[2]).toMatchObject({ error: { code: 503, status: 'UNAVAILABLE' } })
})

test('an item of an unknown kind leaves the array whole', async () => {
  const items = JSON.parse(
    await (await post(`${base}:streamGenerateContent`, [{ type: 'garble', how: 'odd-event' }])).text(),
  )

  expect(items.at(-2)).toEqual({ hint: { kind: 'unknown' } })
})

test.each([
  [':generateContent', 'application/json; charset=UTF-8', /^\{\n {2}"error": \{\n {4}"code": 503/],
  [':streamGenerateContent', 'application/json; charset=UTF-8', /^\[\{\n {2}"error"/],
  [':streamGenerateContent?alt=sse', 'text/event-stream', /^\{\n {2}"error"/],
])('an error of %s is sent as %s', async (method, type, text) => {
  const response = await post(base + method, [{ type: 'answer', error: 'overloaded', options: {} }])

  expect(response.headers.get('content-type')).toBe(type)
  expect(await response.text()).toMatch(text)
})

test('an error between events is plain JSON without a field name', async () => {
  const effect: Effect = { type: 'stream-error', after: { events: 1 }, error: 'overloaded_error' }

  const text = await (await post(`${base}:streamGenerateContent?alt=sse`, [effect])).text()

  expect(text.split('\r\n\r\n')).toEqual([
    expect.stringMatching(/^data: \{"candidates"/),
    expect.stringMatching(/^\{\n/),
  ])
})

test('a key in the address is known and kept to itself', () => {
  const found = recognise(`${base}:streamGenerateContent?alt=sse&key=${gemini.canary}`, {})

  expect(found?.key).toBe('canary')
  expect(JSON.stringify(found)).not.toContain(gemini.canary)
})

test.each([
  [{ 'x-goog-api-key': 'sk-canary-blackstart-openai' }, 'canary:openai'],
  [{ authorization: 'Bearer ya29.canary-blackstart-vertex' }, 'canary:vertex'],
  [{}, 'none'],
])('the credential of %o is called %s', (headers, name) => {
  expect(recognise(`${base}:generateContent`, headers as Record<string, string>)?.key).toBe(name)
})

test.each([
  [`${base}:generateContent`, 'POST', 'api.generate'],
  ['https://generativelanguage.googleapis.com/v1/models/m:batchEmbedContents', 'POST', 'api.embeddings'],
  ['http://127.0.0.1:4010/gemini/v1beta/models/m:countTokens', 'POST', 'api.count-tokens'],
  ['https://generativelanguage.googleapis.com/v1beta/models', 'GET', 'api.models'],
  ['https://gateway.test/gemini/v1beta/models/m', 'GET', 'api.models'],
  ['https://gateway.test/gemini/v1beta/cachedContents', 'GET', undefined],
  ['https://generativelanguage.googleapis.com/v1beta/cachedContents', 'POST', 'api'],
  [
    'https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/google/models/m:generateContent',
    'POST',
    undefined,
  ],
  ['https://api.anthropic.com/v1/models', 'GET', undefined],
])('%s (%s) is for %s', (url, method, surface) => {
  expect(recognise(url, key, method)?.surface).toBe(surface)
})

const call = { role: 'model', parts: [{ functionCall: { name: 'f', args: {} } }] }
const user = { role: 'user', parts: [{ text: 'x' }] }

test.each([
  ['no contents', []],
  ['an unknown role', [{ role: 'assistant', parts: [{ text: 'x' }] }]],
  ['no parts', [{ role: 'user', parts: [] }]],
  ['a call without its response', [user, call, user]],
  ['a call that nobody asked for', [call, user]],
])('a conversation with %s is an invalid argument', async (_, contents) => {
  const { fetch } = wired(gemini)

  const response = await fetch(`${base}:generateContent`, {
    method: 'POST',
    headers: key,
    body: JSON.stringify({ contents }),
  })

  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({
    error: { status: 'INVALID_ARGUMENT', message: expect.stringMatching(/\w/) },
  })
})

test('without a key nothing is answered', async () => {
  const response = await post(`${base}:generateContent`, [], {})

  expect(response.status).toBe(403)
})

test('a cut inside the arguments of a call falls between its braces', async () => {
  const { fetch } = wired(gemini, [{ type: 'cut', after: { inside: 'tool-json' }, by: 'clean' }])
  const parameters = { type: 'OBJECT', properties: { order: { type: 'STRING' } }, required: ['order'] }
  const tools = [{ functionDeclarations: [{ name: 'look_up', parameters }] }]
  const asked = { ...JSON.parse(body), tools }

  const response = await fetch(`${base}:streamGenerateContent?alt=sse`, {
    method: 'POST',
    headers: key,
    body: JSON.stringify(asked),
  })

  expect(await response.text()).toMatch(/"args":\{"$/)
})
