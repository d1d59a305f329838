import { expect, test } from 'vitest'
import { pass } from '../../../src/model/effect.ts'
import { anthropic } from '../../../src/providers/anthropic/provider.ts'
import { ask, canary, contextOf, get, post, recognised, respond } from './perform.ts'

const user = (content: unknown) => ({ role: 'user', content })
const call = (...ids: string[]) => ({
  role: 'assistant',
  content: ids.map(id => ({ type: 'tool_use', id, name: 'look_up', input: {} })),
})
const result = (...ids: string[]) => user(ids.map(id => ({ type: 'tool_result', tool_use_id: id, content: 'ok' })))
const { model: _model, ...noModel } = ask
const { max_tokens: _limit, ...noLimit } = ask
const { messages: _messages, ...noMessages } = ask

test.each([
  ['no model', noModel, 'model: Field required'],
  ['no max_tokens', noLimit, 'max_tokens: Field required'],
  ['no messages', noMessages, 'messages: Field required'],
  ['empty messages', { ...ask, messages: [] }, 'messages: at least one message is required'],
  ['max_tokens of 0', { ...ask, max_tokens: 0 }, 'max_tokens: Input should be greater than or equal to 1'],
  [
    'an assistant first',
    { ...ask, messages: [call(), user('hi')] },
    'messages: first message must use the "user" role',
  ],
  [
    'a result without a call',
    { ...ask, messages: [user('hi'), { role: 'assistant', content: 'hm' }, result('t9')] },
    'messages.2.content.0: unexpected `tool_use_id` found in `tool_result` blocks: t9. ' +
      'Each `tool_result` block must have a corresponding `tool_use` block in the previous message.',
  ],
  [
    'a call without a result',
    { ...ask, messages: [user('hi'), call('t1', 't2'), result('t1')] },
    'messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: t2. ' +
      'Each `tool_use` block must have a corresponding `tool_result` block in the next message.',
  ],
  ['no JSON', '{"model":', 'The request body is not valid JSON'],
])('%s is a 400 that says so', (_, json, message) => {
  const script = respond(pass, json)

  expect(script).toMatchObject({ status: 400, good: false, end: { type: 'finish' } })
  expect(JSON.parse(String(script.chunks[0]?.data))).toMatchObject({
    type: 'error',
    error: { type: 'invalid_request_error', message },
    request_id: script.headers['request-id'],
  })
})

test('a transcript with its calls answered is taken', () => {
  const messages = [user('hi'), call('t1', 't2'), result('t2', 't1'), call('t3'), result('t3')]

  expect(respond(pass, { ...ask, messages })).toMatchObject({ status: 200, good: true })
})

test('counting needs no max_tokens', () => {
  const request = recognised(post('/v1/messages/count_tokens', noLimit))

  expect(anthropic.render(pass, request, contextOf())).toMatchObject({ status: 200 })
})

test('no key is a 401 before anything else is looked at, on every part of the API', () => {
  for (const request of [{ ...post('/v1/messages', {}), headers: {} }, get('/v1/models', {})])
    expect(anthropic.render(pass, recognised(request), contextOf())).toMatchObject({ status: 401, good: false })
  expect(anthropic.render(pass, recognised(get('https://claude.ai/', {})), contextOf())).toMatchObject({ status: 200 })
})

test('sampling parameters are refused from version 2026-10-21 on', () => {
  const status = (version: string) => {
    const headers = { 'x-api-key': canary, 'anthropic-version': version }
    const script = anthropic.render(
      pass,
      recognised(post('/v1/messages', { ...ask, temperature: 0 }, headers)),
      contextOf(),
    )
    return script.type === 'respond' ? script.status : script.type
  }

  expect([status('2023-06-01'), status('2026-10-21')]).toEqual([200, 400])
})

test('what the API turns down is turned down whatever would have spoilt its answer', () => {
  for (const type of ['wrong', 'pass'] as const) expect(respond({ type }, noLimit).status).toBe(400)
  expect(respond({ type: 'cut', after: { bytes: 3 }, by: 'rst' }, noLimit)).toMatchObject({
    status: 400,
    end: { type: 'finish' },
  })
  expect(respond({ type: 'stall', after: { events: 1 }, pings: true }, noLimit)).toMatchObject({ status: 400 })
})
