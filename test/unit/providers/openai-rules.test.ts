import { expect, test } from 'vitest'
import { pass } from '../../../src/model/effect.ts'
import { responseId } from '../../../src/providers/openai/ids.ts'
import type { WireRequest } from '../../../src/providers/provider.ts'
import { ask, chat, chatTools, get, model, post, respond } from './openai.ts'
import { textOf } from './perform.ts'

function answerTo(request: WireRequest) {
  const script = respond(pass, request)
  return { status: script.status, error: JSON.parse(textOf(script)).error }
}

const chatting = (more: object) => post('/v1/chat/completions', { ...chat, ...more })
const asking = (more: object) => post('/v1/responses', { ...ask, ...more })
const embedding = (more: object) => post('/v1/embeddings', { model: 'text-embedding-3-small', input: 'x', ...more })
const user = { role: 'user', content: 'x' }
const call = (id: string) => ({
  role: 'assistant',
  content: null,
  tool_calls: [{ id, type: 'function', function: { name: 'look_up', arguments: '{}' } }],
})
const result = (id: string) => ({ role: 'tool', tool_call_id: id, content: 'done' })

test.each<[string, WireRequest, RegExp, string | null, string | null]>([
  ['no JSON', post('/v1/responses', '{"model":'), /could not parse the JSON body/, null, null],
  ['no model', chatting({ model: undefined }), /must provide a model/, null, null],
  ['no messages', chatting({ messages: undefined }), /Missing required/, 'messages', 'missing_required_parameter'],
  ['empty messages', chatting({ messages: [] }), /empty array/, 'messages', 'empty_array'],
  [
    'a strange role',
    chatting({ messages: [{ ...user, role: 'human' }] }),
    /'human'/,
    'messages[0].role',
    'invalid_value',
  ],
  ['no content', chatting({ messages: [{ role: 'user' }] }), /got null/, 'messages.[0].content', null],
  [
    'content that is an object',
    chatting({ messages: [{ role: 'user', content: {} }] }),
    /array of objects/,
    'messages[0].content',
    'invalid_type',
  ],
  [
    'a part without a type',
    chatting({ messages: [{ role: 'user', content: [{ text: 'x' }] }] }),
    /content\[0\]\.type/,
    'messages[0].content[0].type',
    'missing_required_parameter',
  ],
  [
    'an unanswered call',
    chatting({ messages: [user, call('c1')] }),
    /did not have response messages: c1/,
    'messages.[2].role',
    null,
  ],
  [
    'a call answered late',
    chatting({ messages: [user, call('c1'), user, result('c1')] }),
    /response messages: c1/,
    'messages.[2].role',
    null,
  ],
  [
    'a result of no call',
    chatting({ messages: [user, result('c1')] }),
    /role 'tool' must be a response/,
    'messages.[1].role',
    null,
  ],
  [
    'a result of another call',
    chatting({ messages: [user, call('c1'), result('c1'), result('c2')] }),
    /role 'tool'/,
    'messages.[3].role',
    null,
  ],
  ['a choice without tools', chatting({ tool_choice: 'auto' }), /only allowed when 'tools'/, 'tool_choice', null],
  [
    'usage without a stream',
    chatting({ stream_options: { include_usage: true } }),
    /only allowed when 'stream'/,
    'stream_options',
    null,
  ],
  [
    'the old limit',
    chatting({ model: 'o4-mini', max_tokens: 9 }),
    /max_completion_tokens/,
    'max_tokens',
    'unsupported_parameter',
  ],
  ['JSON nobody spoke of', chatting({ response_format: { type: 'json_object' } }), /the word 'json'/, 'messages', null],
  ['no model', asking({ model: undefined }), /'model'/, 'model', 'missing_required_parameter'],
  ['no input', asking({ input: undefined }), /"input" or/, 'input', 'missing_required_parameter'],
  [
    'a tiny limit',
    asking({ max_output_tokens: 9 }),
    />= 16, but got 9/,
    'max_output_tokens',
    'integer_below_min_value',
  ],
  [
    'an unanswered call',
    asking({ input: [{ type: 'function_call', call_id: 'c1' }] }),
    /No tool output found for function call c1/,
    'input',
    null,
  ],
  [
    'an output of no call',
    asking({ input: [{ type: 'function_call_output', call_id: 'c1' }] }),
    /No tool call found for function call output with call_id c1/,
    'input',
    null,
  ],
  [
    'an unknown response',
    asking({ previous_response_id: 'resp_1' }),
    /'resp_1' not found/,
    'previous_response_id',
    'previous_response_not_found',
  ],
  ['JSON nobody spoke of', asking({ text: { format: { type: 'json_object' } } }), /the word 'json'/, 'input', null],
  ['nothing to embed', embedding({ input: [] }), /'\$\.input' is invalid/, null, null],
  ['an empty text', embedding({ input: ['x', ''] }), /'\$\.input' is invalid/, null, null],
  ['too many texts', embedding({ input: Array(2_049).fill('x') }), /'\$\.input' is invalid/, null, null],
  [
    'a size of an old model',
    embedding({ model: 'text-embedding-ada-002', dimensions: 8 }),
    /does not support specifying dimensions/,
    null,
    null,
  ],
  ['a size too large', embedding({ dimensions: 4_000 }), /1 to 1536/, 'dimensions', null],
])('%s is turned down with a 400', (_, request, message, param, code) => {
  expect(answerTo(request)).toEqual({
    status: 400,
    error: { message: expect.stringMatching(message), type: 'invalid_request_error', param, code },
  })
})

test.each<[string, WireRequest]>([
  ['calls that are answered', chatting({ messages: [user, call('c1'), result('c1'), user], tools: chatTools })],
  [
    'an assistant that refused',
    chatting({ messages: [user, { role: 'assistant', content: null, refusal: 'no' }, user] }),
  ],
  ['a developer', chatting({ messages: [{ role: 'developer', content: 'Be short.' }, user] })],
  [
    'an output of a call that is kept',
    asking({ previous_response_id: responseId('t1', 'a1'), input: [{ type: 'function_call_output', call_id: 'c1' }] }),
  ],
  [
    'an output of a call that is referred to',
    asking({
      input: [
        { type: 'item_reference', id: 'fc_1' },
        { type: 'function_call_output', call_id: 'c1' },
      ],
    }),
  ],
  [
    'a deployment in place of a model',
    post('https://x.openai.azure.com/openai/deployments/gpt/chat/completions', { messages: [user] }),
  ],
])('%s pass', (_, request) => {
  expect(answerTo(request)).toEqual({
    status: 200,
    error: request.url.pathname.includes('responses') ? null : undefined,
  })
})

test('without a key, or with one of another provider, nothing is answered', () => {
  const none = answerTo({ ...asking({}), headers: {} })
  const other = answerTo(post('/v1/responses', ask, { authorization: 'Bearer sk-ant-canary-blackstart' }))

  expect(none).toMatchObject({ status: 401, error: { message: expect.stringContaining("didn't provide an API key") } })
  expect(other).toMatchObject({ status: 401, error: { code: 'invalid_api_key' } })
})

test.each<[WireRequest, RegExp]>([
  [post('/v1/images/generations', { model }), /^Invalid URL \(POST \/v1\/images\/generations\)$/],
  [get('/v1/chat/completions'), /^Invalid URL/],
  [get('/v1/responses/resp_1'), /^Response with id 'resp_1' not found\.$/],
])('what is not there is a 404', (request, message) => {
  expect(answerTo(request)).toMatchObject({ status: 404, error: { message: expect.stringMatching(message) } })
})
