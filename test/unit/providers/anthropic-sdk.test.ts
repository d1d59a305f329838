import Anthropic from '@anthropic-ai/sdk'
import { expect, test } from 'vitest'
import type { Effect, ErrorKind } from '../../../src/model/effect.ts'
import { requestId } from '../../../src/providers/anthropic/headers.ts'
import { sdk, tools } from './perform.ts'

const question = {
  model: 'claude-opus-5-5',
  max_tokens: 1_024,
  messages: [{ role: 'user' as const, content: '[q:t1] Where is my parcel?' }],
}
const custom = tools.map(tool => structuredClone(tool)) as unknown as Anthropic.Tool[] // the copies are mutable, as the SDK types them
const marked = /^\[q:t1\] \S.*\S \[end:t1\]$/s

function textOf(message: Anthropic.Message): string {
  return message.content.map(block => (block.type === 'text' ? block.text : '')).join('')
}

test('a message comes back whole and between its marks', async () => {
  const { client, seen } = sdk()

  const { data, request_id } = await client.messages.create(question).withResponse()

  expect(textOf(data)).toMatch(marked)
  expect(data.stop_reason).toBe('end_turn')
  expect(data.usage.output_tokens).toBeGreaterThan(20)
  expect(request_id).toBe(requestId('a1'))
  expect(seen[0]?.script).toMatchObject({ good: true, status: 200 })
})

test('a stream carries the same kind of answer, event by event', async () => {
  const { client } = sdk()

  let text = ''
  const types: string[] = []
  for await (const event of await client.messages.create({ ...question, stream: true })) {
    types.push(event.type)
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') text += event.delta.text
  }

  expect(text).toMatch(marked)
  expect(types.slice(0, 2)).toEqual(['message_start', 'content_block_start'])
  expect(types.slice(-3)).toEqual(['content_block_stop', 'message_delta', 'message_stop'])
})

test('the stream helper builds the final message with cumulative usage', async () => {
  const { client } = sdk()

  const message = await client.messages.stream(question).finalMessage()

  expect(textOf(message)).toMatch(marked)
  expect(message.usage.output_tokens).toBeGreaterThan(20)
})

test.each([false, true])('an agent calls each tool once, then gets its answer (streamed: %s)', async stream => {
  const { client } = sdk()
  const messages: Anthropic.MessageParam[] = [...question.messages]
  const called: unknown[] = []

  let answer = ''
  for (let turn = 0; turn < 4 && answer === ''; turn++) {
    const params = { ...question, messages, tools: custom }
    const message = stream ? await client.messages.stream(params).finalMessage() : await client.messages.create(params)
    const uses = message.content.filter(block => block.type === 'tool_use')
    expect(message.stop_reason).toBe(uses.length > 0 ? 'tool_use' : 'end_turn')
    called.push(...uses.map(({ name, input }) => ({ name, input })))
    if (uses.length === 0) answer = textOf(message)
    messages.push({ role: 'assistant', content: message.content })
    messages.push({
      role: 'user',
      content: uses.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: 'done' })),
    })
  }

  expect(called).toEqual([
    { name: 'look_up', input: { order: 'ORD-1111', why: expect.any(String) } },
    { name: 'refund', input: { cents: 100, note: expect.any(String) } },
  ])
  expect(answer).toMatch(marked)
})

test('thinking comes first and signed', async () => {
  const { client } = sdk()
  const params = { ...question, max_tokens: 4_096, thinking: { type: 'enabled' as const, budget_tokens: 1_024 } }

  const whole = await client.messages.create(params)
  const streamed = await client.messages.stream(params).finalMessage()

  for (const message of [whole, streamed]) {
    expect(message.content.map(({ type }) => type)).toEqual(['thinking', 'text'])
    expect(message.content[0]).toMatchObject({
      thinking: expect.stringMatching(/\w/),
      signature: expect.stringMatching(/\w/),
    })
    expect(textOf(message)).toMatch(marked)
  }
})

test('omitted thinking still has its signature', async () => {
  const { client } = sdk()
  const thinking = { type: 'enabled' as const, budget_tokens: 1_024, display: 'omitted' as const }

  const message = await client.messages.stream({ ...question, max_tokens: 4_096, thinking }).finalMessage()

  expect(message.content[0]).toMatchObject({ type: 'thinking', thinking: '', signature: expect.stringMatching(/\w/) })
})

test('tokens are counted and models are listed', async () => {
  const { client } = sdk()

  const counted = await client.messages.countTokens({ model: question.model, messages: question.messages })
  const listed = await client.models.list()
  const model = await client.models.retrieve('claude-haiku-4-5')

  expect(counted).toEqual({ input_tokens: Math.ceil('[q:t1] Where is my parcel?user'.length / 4) })
  expect(listed.data.map(({ id }) => id)).toContain('claude-opus-5-5')
  expect(model).toMatchObject({ id: 'claude-haiku-4-5', type: 'model' })
  await expect(client.models.retrieve('gpt-9')).rejects.toMatchObject({ status: 404, type: 'not_found_error' })
})

const errors: [ErrorKind, number, string, string | null][] = [
  ['overloaded', 529, 'OverloadedError', 'overloaded_error'],
  ['rate-limited', 429, 'RateLimitError', 'rate_limit_error'],
  ['unavailable', 503, 'ServiceUnavailableError', 'api_error'],
  ['internal-error', 500, 'InternalServerError', 'api_error'],
  ['bad-gateway', 502, 'InternalServerError', null],
  ['gateway-timeout', 504, 'GatewayTimeoutError', 'timeout_error'],
  ['unauthorized', 401, 'AuthenticationError', 'authentication_error'],
  ['forbidden', 403, 'PermissionDeniedError', 'permission_error'],
  ['model-missing', 404, 'NotFoundError', 'not_found_error'],
  ['bad-request', 400, 'BadRequestError', 'invalid_request_error'],
  ['too-large', 413, 'ContentTooLargeError', 'request_too_large'],
  ['origin-error', 522, 'InternalServerError', null],
  ['quota', 429, 'EnforcedSpendLimitReachedError', 'rate_limit_error'],
]

test.each(errors)('%s reaches the caller as %i %s', async (error, status, name, type) => {
  const { client } = sdk([{ type: 'answer', error, options: {} }])

  const thrown = await client.messages.create(question).catch((cause: unknown) => cause)

  expect(thrown).toBeInstanceOf(Anthropic.APIError)
  expect(thrown).toMatchObject({ status, name, type, requestID: type === null ? null : requestId('a1') })
})

test('the request id of an error is the same in its header and its body', async () => {
  const { client } = sdk([{ type: 'answer', error: 'overloaded', options: {} }])

  const thrown = await client.messages.create(question).catch((cause: unknown) => cause)

  expect(thrown).toMatchObject({ requestID: requestId('a1'), error: { request_id: requestId('a1') } })
})

const spellings: [string, Effect & { type: 'answer' }, Record<string, string>][] = [
  ['seconds', limited({ as: 'seconds', ms: 1_200 }), { 'retry-after': '2' }],
  ['date', limited({ as: 'date', ms: 30_000 }, 50), { 'retry-after': 'Mon, 02 Mar 2026 11:00:31 GMT' }],
  ['ms', limited({ as: 'ms', ms: 250 }), { 'retry-after-ms': '250' }],
]

function limited(
  retryAfter: { as: 'seconds' | 'date' | 'ms'; ms: number },
  afterMs?: number,
): Effect & { type: 'answer' } {
  return { type: 'answer', error: 'rate-limited', options: { retryAfter, ...(afterMs !== undefined && { afterMs }) } }
}

test.each(spellings)('retry-after as %s is there for the caller', async (_, effect, expected) => {
  const { client } = sdk([effect])

  const thrown = await client.messages.create(question).catch((cause: unknown) => cause)

  expect(thrown).toBeInstanceOf(Anthropic.RateLimitError)
  if (!(thrown instanceof Anthropic.RateLimitError)) return
  for (const [name, value] of Object.entries(expected)) expect(thrown.headers.get(name)).toBe(value)
})

test('the SDK obeys x-should-retry, and retries an overload until it is answered', async () => {
  const overloaded: Effect = { type: 'answer', error: 'overloaded', options: { retryAfter: { as: 'ms', ms: 1 } } }
  const patient = sdk([overloaded], { maxRetries: 1 })
  const stopped = sdk([{ ...overloaded, options: { shouldRetry: false } }], { maxRetries: 1 })

  expect(textOf(await patient.client.messages.create(question))).toMatch(marked)
  await expect(stopped.client.messages.create(question)).rejects.toBeInstanceOf(Anthropic.OverloadedError)

  expect(patient.seen.map(({ recognised }) => recognised.retryCount)).toEqual([0, 1])
  expect(patient.seen[0]?.recognised.bodyHash).toBe(patient.seen[1]?.recognised.bodyHash)
  expect(stopped.seen).toHaveLength(1)
})

test('an error inside a stream has a type but no status', async () => {
  const { client } = sdk([{ type: 'stream-error', after: { events: 4 }, error: 'overloaded_error' }])

  const thrown = await client.messages
    .stream(question)
    .finalMessage()
    .catch((cause: unknown) => cause)

  expect(thrown).toMatchObject({ status: undefined, type: 'overloaded_error', requestID: requestId('a1') })
})

test('without a stream the same error has its own status', async () => {
  const { client } = sdk([{ type: 'stream-error', after: { events: 4 }, error: 'rate_limit_error' }])

  await expect(client.messages.create(question)).rejects.toMatchObject({ status: 429, type: 'rate_limit_error' })
})

test('a stream without message_stop ends quietly for a reader and is refused by the helper', async () => {
  const effect: Effect = { type: 'garble', how: 'no-stop' }
  const { client } = sdk([effect, effect])

  const types: string[] = []
  for await (const event of await client.messages.create({ ...question, stream: true })) types.push(event.type)

  expect(types.at(-1)).toBe('message_delta')
  await expect(client.messages.stream(question).finalMessage()).rejects.toThrow(
    'stream ended without producing a Message',
  )
})

test('malformed and truncated JSON are syntax errors, an odd event is harmless', async () => {
  const garble = (how: 'malformed-json' | 'truncated-json' | 'odd-event'): Effect => ({ type: 'garble', how })

  for (const how of ['malformed-json', 'truncated-json'] as const)
    await expect(sdk([garble(how)]).client.messages.create(question)).rejects.toBeInstanceOf(SyntaxError)
  await expect(
    sdk([garble('malformed-json')])
      .client.messages.stream(question)
      .finalMessage(),
  ).rejects.toMatchObject({
    cause: expect.any(SyntaxError),
  })
  const odd = await sdk([garble('odd-event')])
    .client.messages.stream(question)
    .finalMessage()
  expect(textOf(odd)).toMatch(marked)
})

test('an HTML page with status 200 comes through as a string', async () => {
  const { client } = sdk([{ type: 'garble', how: 'wrong-type' }])

  expect(await client.messages.create(question)).toEqual(expect.stringContaining('<!DOCTYPE html>'))
})

test('an empty answer is a message without content, or nothing at all', async () => {
  const noContent: Effect = { type: 'empty', how: 'no-content' }
  const { client } = sdk([noContent, noContent, { type: 'empty', how: 'no-body' }])

  expect(await client.messages.create(question)).toMatchObject({ content: [], stop_reason: 'end_turn' })
  expect(await client.messages.stream(question).finalMessage()).toMatchObject({ content: [], stop_reason: 'end_turn' })
  expect(await client.messages.create(question)).toBeUndefined()
})

test('a wrong answer is whole and marked with another question', async () => {
  const { client } = sdk([{ type: 'wrong' }])

  const text = textOf(await client.messages.create(question))

  expect(text).toMatch(/^\[q:(x[0-9a-f]{8})\] .* \[end:\1\]$/s)
})

test('a lost tool call is made again, a received one is not', async () => {
  const toolsCalled = new Set<string>()
  const { client } = sdk([{ type: 'lose', at: 'body' }], { toolsCalled })
  const params = { ...question, tools: custom }

  await expect(client.messages.create(params)).rejects.toThrow('terminated')
  expect([...toolsCalled]).toEqual([])

  const again = await client.messages.create(params)
  expect(again.content).toMatchObject([{ type: 'tool_use', name: 'look_up' }])
  expect([...toolsCalled]).toEqual(['look_up'])
})
