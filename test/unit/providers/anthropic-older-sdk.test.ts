import Anthropic from 'anthropic-sdk-0'
import { expect, test } from 'vitest'
import type { Effect, ErrorKind } from '../../../src/model/effect.ts'
import { canary, tools } from './perform.ts'
import { simulated } from './simulated-anthropic.ts'

const question = {
  model: 'claude-opus-4-8',
  max_tokens: 1_024,
  messages: [{ role: 'user' as const, content: '[q:t1] Where is my parcel?' }],
}
const marked = /^\[q:t1\] \S.*\S \[end:t1\]$/s

function connect(effects: readonly Effect[] = [], maxRetries = 0) {
  const world = simulated({ effects })
  return { ...world, client: new Anthropic({ apiKey: canary, maxRetries, logLevel: 'off', fetch: world.fetch }) }
}

function textOf(message: Anthropic.Message): string {
  return message.content.map(block => (block.type === 'text' ? block.text : '')).join('')
}

test('it sends its key and version in the older way, and is answered whole and streamed', async () => {
  const { client, seen } = connect()

  const whole = await client.messages.create(question)
  const streamed = await client.messages.stream(question).finalMessage()
  const counted = await client.messages.countTokens({ model: question.model, messages: question.messages })

  expect(textOf(whole)).toMatch(marked)
  expect(textOf(streamed)).toMatch(marked)
  expect(counted.input_tokens).toBeGreaterThan(0)
  expect(seen.map(({ recognised }) => [recognised.key, recognised.apiVersion])).toEqual(
    Array(3).fill(['canary', '2023-06-01']),
  )
})

test('models are listed page by page', async () => {
  const { client } = connect()

  const ids: string[] = []
  for await (const { id } of client.models.list({ limit: 2 })) ids.push(id)

  expect(ids).toContain('claude-haiku-4-5')
  expect(new Set(ids).size).toBe(ids.length)
  expect((await client.models.list({ limit: 2 })).has_more).toBe(true)
})

const errors: [ErrorKind, number, string, string | null][] = [
  ['overloaded', 529, 'InternalServerError', 'overloaded_error'],
  ['rate-limited', 429, 'RateLimitError', 'rate_limit_error'],
  ['internal-error', 500, 'InternalServerError', 'api_error'],
  ['bad-gateway', 502, 'InternalServerError', null],
  ['unauthorized', 401, 'AuthenticationError', 'authentication_error'],
  ['forbidden', 403, 'PermissionDeniedError', 'permission_error'],
  ['model-missing', 404, 'NotFoundError', 'not_found_error'],
  ['bad-request', 400, 'BadRequestError', 'invalid_request_error'],
  ['origin-error', 522, 'InternalServerError', null],
  ['quota', 429, 'RateLimitError', 'rate_limit_error'],
]

test.each(errors)('%s is %i %s', async (error, status, name, type) => {
  const { client } = connect([{ type: 'answer', error, options: {} }])

  const thrown = await client.messages.create(question).catch((cause: unknown) => cause)

  expect(thrown).toBeInstanceOf(Anthropic[name as 'RateLimitError']) // every name in the table is a static of it
  expect(thrown).toMatchObject({ status, type })
})

test('a spend limit has no retry-after, though the SDK goes on all the same', async () => {
  const quota: Effect = { type: 'answer', error: 'quota', options: { afterMs: 1 } }
  const { client, seen } = connect([quota, quota], 1)

  const thrown = await client.messages.create(question).catch((cause: unknown) => cause)

  expect(seen).toHaveLength(2)
  expect(thrown).toBeInstanceOf(Anthropic.RateLimitError)
  if (!(thrown instanceof Anthropic.RateLimitError)) return
  expect(thrown.headers.get('retry-after')).toBeNull()
  expect(thrown.error).toMatchObject({
    error: {
      details: { error_code: 'enforced_spend_limit_reached' },
      message: 'You have reached your API usage limits. You will regain access on 2026-04-01 at 00:00 UTC.',
    },
  })
})

test('x-should-retry is obeyed', async () => {
  const say = (shouldRetry: boolean): Effect => ({ type: 'answer', error: 'overloaded', options: { shouldRetry } })
  const stopped = connect([say(false)], 2)
  const goingOn = connect([{ type: 'answer', error: 'bad-request', options: { shouldRetry: true } }], 2)

  await expect(stopped.client.messages.create(question)).rejects.toMatchObject({ status: 529 })
  expect(textOf(await goingOn.client.messages.create(question))).toMatch(marked)
  expect([stopped.seen.length, goingOn.seen.length]).toEqual([1, 2])
})

test.each([
  ['html', '502 <html>'],
  ['text', '502 Cloudflare encountered an error'],
  ['empty', '502 status code (no body)'],
] as const)('a bad gateway that speaks %s has no type', async (body, message) => {
  const { client } = connect([{ type: 'answer', error: 'bad-gateway', options: { body } }])

  await expect(client.messages.create(question)).rejects.toMatchObject({
    status: 502,
    type: null,
    message: expect.stringContaining(message),
  })
})

test('an edge that speaks JSON has no error of the API in it', async () => {
  const { client } = connect([{ type: 'answer', error: 'origin-error', options: { body: 'edge-json' } }])

  await expect(client.messages.create(question)).rejects.toMatchObject({
    status: 522,
    error: { cloudflare_error: true, error_code: 522, retryable: true },
  })
})

test('tools that fail are answered for, and the turn ends', async () => {
  const { client } = connect()
  const offered = tools.map(tool => structuredClone(tool)) as unknown as Anthropic.Tool[] // the copies are mutable
  const messages: Anthropic.MessageParam[] = [...question.messages]

  let answer = ''
  for (let turn = 0; turn < 4 && answer === ''; turn++) {
    const message = await client.messages.create({ ...question, messages, tools: offered })
    const uses = message.content.filter(block => block.type === 'tool_use')
    if (uses.length === 0) answer = textOf(message)
    const results = uses.map(({ id }) => ({
      type: 'tool_result' as const,
      tool_use_id: id,
      content: 'no such order',
      is_error: true,
    }))
    messages.push({ role: 'assistant', content: message.content }, { role: 'user', content: results })
  }

  expect(answer).toMatch(marked)
})
