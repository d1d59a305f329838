import { expect, test } from 'vitest'
import { canaryKeys } from '../../../src/providers/canary.ts'
import { providerSurfaces, providers } from '../../../src/providers/index.ts'
import { questionIn, responseId } from '../../../src/providers/openai/ids.ts'
import { openai } from '../../../src/providers/openai/provider.ts'
import type { WireRequest } from '../../../src/providers/provider.ts'
import { ask, canary, chat, get, model, post, recognised } from './openai.ts'
import { ask as messages, post as postAnthropic } from './perform.ts'

const embedding = { model: 'text-embedding-3-small', input: '[q:t1] Where is my parcel?' }

test.each<[string, object, string]>([
  ['/v1/chat/completions', chat, 'api.chat-completions'],
  ['/v1/chat/completions/?trace=1', chat, 'api.chat-completions'],
  ['/chat/completions', chat, 'api.chat-completions'],
  ['/v1/responses', ask, 'api.responses'],
  ['/v1/responses/resp_1/cancel', {}, 'api.responses'],
  ['/v1/embeddings', embedding, 'api.embeddings'],
  ['/v1/images/generations', {}, 'api'],
])('POST %s is for OpenAI on its own host, a gateway and a loopback port', (path, json, surface) => {
  for (const origin of ['https://api.openai.com', 'https://llm.example.com/team-a/openai', 'http://127.0.0.1:4010']) {
    const found = openai.recognise(post(`${origin}${path}`, json))
    // What no endpoint answers is OpenAI's on OpenAI's hosts alone.
    const expected = surface === 'api' && !origin.includes('api.openai.com') ? undefined : surface
    expect([origin, found?.surface]).toEqual([origin, expected])
  }
})

test.each([
  ['/v1/models', 'api.models', undefined],
  ['/v1/models/gpt-5.4-mini', 'api.models', 'gpt-5.4-mini'],
  ['https://eu.api.openai.com/v1/models/ft:gpt-4o%2Fx/', 'api.models', 'ft:gpt-4o/x'],
  ['https://llm.example.com/v1/models', 'api.models', undefined],
  ['/v1/responses/resp_1', 'api.responses', undefined],
])('GET %s is %s', (url, surface, named) => {
  expect(openai.recognise(get(url))).toMatchObject({ provider: 'openai', surface, model: named })
})

test('Azure names the model in its path and the key in a header of its own', () => {
  const path = '/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21'
  const request = {
    ...post(`https://x.openai.azure.com${path}`, { messages: chat.messages }),
    headers: { 'api-key': canary },
  }

  expect(openai.recognise(request)).toMatchObject({ surface: 'api.chat-completions', model: 'my-gpt', key: 'canary' })
  expect(
    openai.recognise({ ...request, url: new URL('https://x.openai.azure.com/openai/v1/responses') }),
  ).toBeUndefined()
})

test('every surface it names is in the catalogue, and api covers them all', () => {
  expect(providerSurfaces.get('openai')).toEqual(expect.arrayContaining([...openai.surfaces]))
  expect(openai.surfaces.every(surface => surface === 'api' || surface.startsWith('api.'))).toBe(true)
})

test('no request is for two providers', () => {
  const requests: WireRequest[] = [
    post('https://llm.example.com/v1/chat/completions', chat),
    post('https://llm.example.com/v1/responses', ask),
    post('https://llm.example.com/v1/embeddings', embedding),
    get('https://llm.example.com/v1/models'),
    postAnthropic('https://llm.example.com/v1/messages', messages),
    postAnthropic('https://api.anthropic.com/v1/chat/completions', chat),
    { ...get('https://llm.example.com/v1/models'), headers: { 'anthropic-version': '2023-06-01', 'x-api-key': 'x' } },
  ]
  const owners = requests.map(request => providers.flatMap(({ id, recognise }) => (recognise(request) ? [id] : [])))

  expect(owners).toEqual([...Array(4).fill(['openai']), ...Array(3).fill(['anthropic'])])
})

test("other services' traffic is left alone", () => {
  const others = [
    post('https://example.com/v1/chat/completions', { room: 1 }),
    post('https://example.com/v1/responses', { survey: 1 }),
    post('https://generativelanguage.googleapis.com/v1beta/openai/chat/completions', chat),
    get('https://example.com/v1/models', {}),
    get('https://example.com/cars/models', { authorization: 'Bearer x' }),
    get('http://127.0.0.1:3000/v1/models/7', { authorization: 'Bearer x' }),
    get('https://example.com/v1/chat/completions'),
  ]

  expect(others.map(request => openai.recognise(request))).toEqual(others.map(() => undefined))
})

test("another provider's canary key is named as a leak", () => {
  for (const [owner, key] of Object.entries(canaryKeys)) {
    const name = owner === 'openai' ? 'canary' : `canary:${owner}`
    expect(recognised(post('/v1/responses', ask, { authorization: `Bearer ${key}` })).key).toBe(name)
  }
})

test('no key is ever passed on', () => {
  const secret = 'sk-proj-very-secret-0123456789'

  for (const headers of [{ 'api-key': secret }, { authorization: `Bearer ${secret}` }]) {
    const found = recognised({ ...post('/v1/responses', ask), headers })
    expect(found.key).toMatch(/^[0-9a-f]{12}$/)
    expect(JSON.stringify(found)).not.toContain('secret')
  }
  expect(recognised({ ...post('/v1/responses', ask), headers: {} }).key).toBe('none')
})

test('the same call has the same hash whatever its metadata, another turn has another', () => {
  const hash = (json: object) => recognised(post('/v1/responses', json)).bodyHash

  expect(hash({ ...ask, metadata: { trace: '1' } })).toBe(hash({ ...ask, metadata: { trace: '2' } }))
  expect(hash({ ...ask, input: 'and now?' })).not.toBe(hash(ask))
  expect(hash({ ...ask, stream: true })).not.toBe(hash(ask))
  expect(recognised(post('https://llm.example.com/v1/responses', ask)).bodyHash).toBe(hash(ask))
})

const user = (content: unknown) => ({ role: 'user', content })

test.each<[string, unknown[], string | undefined]>([
  ['a string', [user('Before [q:a] and [q:b]')], 'b'],
  ['a part', [user([{ type: 'text', text: 'Hi [q:c]' }])], 'c'],
  ['an earlier turn', [user('[q:e]'), { role: 'assistant', content: '[q:z]' }, user('thanks')], 'e'],
  ['nowhere', [{ role: 'system', content: '[q:s]' }, user('Hello')], undefined],
])('the question of a chat is found in %s', (_, said, question) => {
  expect(recognised(post('/v1/chat/completions', { model, messages: said })).question).toBe(question)
})

test.each<[string, object, string | undefined]>([
  ['its text', { input: 'Before [q:a]' }, 'a'],
  ['an item', { input: [{ type: 'message', ...user([{ type: 'input_text', text: '[q:b]' }]) }] }, 'b'],
  [
    'what it refers to',
    { input: [{ type: 'function_call_output' }], previous_response_id: responseId('t7', 'a1') },
    't7',
  ],
  ['nowhere', { input: 'Hello', previous_response_id: 'resp_1' }, undefined],
])('the question of a response is found in %s', (_, json, question) => {
  expect(recognised(post('/v1/responses', { model, ...json })).question).toBe(question)
})

test('a response id carries a short question, and looks like any other', () => {
  const long = 'a-question-whose-name-is-long'

  expect(responseId('t1', 'a1')).toMatch(/^resp_[0-9a-f]{48}$/)
  expect(responseId('t1', 'a1')).not.toBe(responseId('t1', 'a2'))
  expect(['t1', 'né', '', long].map(question => questionIn(responseId(question, 'a1')))).toEqual([
    't1',
    'né',
    undefined,
    undefined,
  ])
})

test('tokens are estimated from all that is read, and the answer from its limit', () => {
  const tokens = (json: object) => recognised(post('/v1/responses', json)).inputTokens
  const limit = (json: object) => recognised(post('/v1/chat/completions', { ...chat, ...json })).maxOutputTokens

  expect(tokens({ ...ask, instructions: 'x'.repeat(4_000) }) - tokens(ask)).toBe(1_000)
  expect(
    recognised(
      post('/v1/embeddings', {
        ...embedding,
        input: [
          [1, 2, 3],
          [4, 5],
        ],
      }),
    ).inputTokens,
  ).toBe(5)
  expect([limit({}), limit({ max_tokens: 7 }), limit({ max_completion_tokens: 9 })]).toEqual([1_024, 7, 9])
})

test('a body that is no JSON is still a request', () => {
  expect(recognised(post('/v1/responses', '{"model":'))).toMatchObject({ json: undefined, model: undefined })
})
