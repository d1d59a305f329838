import { expect, test } from 'vitest'
import { anthropic } from '../../../src/providers/anthropic/provider.ts'
import { canaryKeys } from '../../../src/providers/canary.ts'
import { providerSurfaces } from '../../../src/providers/index.ts'
import { ask, canary, get, post, recognised } from './perform.ts'

const version = { 'anthropic-version': '2023-06-01' }

test.each([
  ['/v1/messages', 'api.messages'],
  ['/v1/messages/', 'api.messages'],
  ['/v1/messages?beta=true', 'api.messages'],
  ['/messages', 'api.messages'],
  ['/v1/messages/count_tokens', 'api.count-tokens'],
  ['/messages/count_tokens?beta=true', 'api.count-tokens'],
  ['/v1/messages/batches', 'api.batches'],
  ['/v1/messages/batches/msgbatch_1/cancel', 'api.batches'],
  ['/v1/files', 'api.files'],
  ['/v1/complete', 'api'],
])('POST %s is %s on its own host, a gateway and a loopback port', (path, surface) => {
  for (const origin of [
    'https://api.anthropic.com',
    'https://llm.example.com/team-a/anthropic',
    'http://127.0.0.1:4010',
  ]) {
    const found = anthropic.recognise(post(`${origin}${path}`, ask))
    // What no endpoint answers is Anthropic's on Anthropic's host alone.
    const expected = surface === 'api' && !origin.includes('api.anthropic.com') ? undefined : surface
    expect([origin, found?.surface]).toEqual([origin, expected])
  }
})

test.each([
  ['/v1/models', 'api.models', undefined],
  ['/v1/models/claude-opus-5-5', 'api.models', 'claude-opus-5-5'],
  ['/models/claude%2Fx/', 'api.models', 'claude/x'],
  ['/v1/files/file_1/content', 'api.files', undefined],
  ['https://claude.ai/chat/1', 'chat', undefined],
  ['https://claude.ai/login?next=1', 'login', undefined],
  ['https://claude.ai/code', 'code', undefined],
  ['https://console.anthropic.com/settings', 'console', undefined],
  ['https://platform.claude.com/oauth/authorize', 'login', undefined],
  ['https://status.claude.com/api/v2/status.json', 'status', undefined],
  ['https://status.anthropic.com/', 'status', undefined],
])('GET %s is %s', (url, surface, model) => {
  expect(anthropic.recognise(get(url))).toMatchObject({ provider: 'anthropic', surface, model })
})

test('every surface it names is in the catalogue', () => {
  expect(providerSurfaces.get('anthropic')).toEqual(anthropic.surfaces)
  expect([...providerSurfaces.keys()].toSorted()).toEqual(['anthropic', 'bedrock', 'gemini', 'openai', 'vertex'])
})

test("other services' traffic is left alone", () => {
  const sms = { to: '+15550100', text: 'hi' }
  const bare = (url: string, json: unknown) => ({ ...post(url, json), headers: { authorization: 'Bearer x' } })

  expect(anthropic.recognise(bare('https://sms.example.com/v1/messages', sms))).toBeUndefined()
  expect(anthropic.recognise(bare('https://chat.example.com/rooms/1/messages', ask))).toBeUndefined()
  expect(anthropic.recognise(get('https://api.openai.com/v1/models', { authorization: 'Bearer x' }))).toBeUndefined()
  expect(anthropic.recognise(get('https://example.com/v1/messages', version))).toBeUndefined()
  expect(anthropic.recognise(post('https://example.com/', ask))).toBeUndefined()
})

test('a gateway that drops the version is still known by what it is asked', () => {
  const request = {
    ...post('https://llm.example.com/v1/messages', ask),
    headers: { authorization: `Bearer ${canary}` },
  }

  expect(anthropic.recognise(request)).toMatchObject({ surface: 'api.messages', key: 'canary' })
})

test.each(['2023-06-01', '2026-10-21'])('both ways to send a key are read with version %s', apiVersion => {
  const body = { ...ask, stream: true }
  const headers = { 'anthropic-version': apiVersion }
  const old = recognised({ ...post('/v1/messages', body), headers: { ...headers, 'x-api-key': canary } })
  const now = recognised({ ...post('/v1/messages', body), headers: { ...headers, authorization: `Bearer ${canary}` } })

  expect(old).toEqual(now)
  expect(now).toMatchObject({
    key: 'canary',
    streaming: true,
    model: 'claude-opus-5-5',
    maxOutputTokens: 1_024,
    apiVersion,
  })
})

test("another provider's canary key is named as a leak", () => {
  for (const [owner, key] of Object.entries(canaryKeys)) {
    const name = owner === 'anthropic' ? 'canary' : `canary:${owner}`
    expect(recognised(post('/v1/messages', ask, { 'x-api-key': key })).key).toBe(name)
  }
})

test('no key is ever passed on', () => {
  const secret = 'sk-ant-api03-very-secret-0123456789'

  for (const headers of [{ 'x-api-key': secret }, { authorization: `Bearer ${secret}` }, { authorization: secret }]) {
    const found = recognised({ ...post('/v1/messages', ask), headers: { ...version, ...headers } })
    expect(found.key).toMatch(/^[0-9a-f]{12}$/)
    expect(JSON.stringify(found)).not.toContain('secret')
  }
  expect(recognised({ ...post('/v1/messages', ask), headers: version }).key).toBe('none')
})

test('the same call has the same hash whatever its metadata, another turn has another', () => {
  const hash = (json: object) => recognised(post('/v1/messages', json)).bodyHash
  const next = { role: 'assistant', content: 'Let me see.' }

  expect(hash({ ...ask, metadata: { user_id: 'u1' } })).toBe(hash({ ...ask, metadata: { user_id: 'u2' } }))
  expect(hash({ ...ask, messages: [...ask.messages, next] })).not.toBe(hash(ask))
  expect(hash({ ...ask, stream: true })).not.toBe(hash(ask))
  expect(recognised(post('/v1/messages/count_tokens', ask)).bodyHash).not.toBe(hash(ask))
  expect(recognised(post('https://llm.example.com/v1/messages', ask)).bodyHash).toBe(hash(ask))
})

test.each([
  ['its string', [user('Before [q:a] and [q:b]')], 'b'],
  ['a text block', [user([{ type: 'text', text: 'Hi [q:c]' }])], 'c'],
  [
    'a tool result',
    [user([{ type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text: '[q:d]' }] }])],
    'd',
  ],
  ['an earlier turn of the user', [user('[q:e]'), { role: 'assistant', content: '[q:z]' }, user('thanks')], 'e'],
  ['nowhere', [user('Hello')], undefined],
])('the question is found in %s', (_, messages, question) => {
  expect(recognised(post('/v1/messages', { ...ask, messages })).question).toBe(question)
})

function user(content: unknown) {
  return { role: 'user', content }
}

test('tokens are estimated from system, messages and tools, a picture by a flat price', () => {
  const tokens = (json: object) => recognised(post('/v1/messages', json)).inputTokens
  const picture = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'A'.repeat(4_000_000) } }

  expect(tokens({ ...ask, system: 'x'.repeat(4_000) }) - tokens(ask)).toBe(1_000)
  expect(tokens({ ...ask, tools: [{ name: 'a', input_schema: { description: 'y'.repeat(400) } }] })).toBeGreaterThan(
    tokens(ask) + 100,
  )
  expect(tokens({ ...ask, messages: [user([picture])] })).toBeLessThan(2_000)
})

test('a body that is no JSON is still a request', () => {
  expect(recognised(post('/v1/messages', '{"model":'))).toMatchObject({
    json: undefined,
    model: undefined,
    inputTokens: 0,
  })
})
