import { ChatAnthropic } from '@langchain/anthropic'
import type { BaseLanguageModelInput } from '@langchain/core/language_models/base'
import { type AIMessageChunk, type BaseMessage, HumanMessage, ToolMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { expect, test } from 'vitest'
import { z } from 'zod/v4'
import type { Effect, ErrorKind } from '../../../src/model/effect.ts'
import { anthropic } from '../../../src/providers/anthropic/provider.ts'
import { canary } from './perform.ts'
import { wired } from './wired.ts'

const prompt = '[q:t1] Where is my parcel?'
const marked = /^\[q:t1\] \S.*\S \[end:t1\]$/s

function chain(effects: readonly Effect[] = [], maxRetries = 0) {
  const { fetch, seen } = wired(anthropic, effects)
  const clientOptions = { fetch, baseURL: 'https://api.anthropic.com' }
  const chat = new ChatAnthropic({
    model: 'claude-sonnet-5-5',
    apiKey: canary,
    maxTokens: 1_024,
    maxRetries,
    clientOptions,
  })
  return { chat, seen }
}

test('a model is invoked and streamed', async () => {
  const { chat, seen } = chain()

  const whole = await chat.invoke(prompt)
  const chunks = await chunksOf(chat, prompt)

  expect(whole.text).toMatch(marked)
  expect(whole.usage_metadata).toMatchObject({ total_tokens: expect.any(Number) })
  expect(chunks.map(({ text }) => text).join('')).toMatch(marked)
  expect(seen.map(({ recognised }) => [recognised.streaming, recognised.retryCount])).toEqual([
    [false, 0],
    [true, 0],
  ])
})

const lookUp = tool(async () => 'on its way', {
  name: 'look_up',
  schema: z.object({ order: z.string().regex(/^ORD-\d{4}$/) }),
})
const refund = tool(async () => 'done', { name: 'refund', schema: z.object({ cents: z.number().int().min(100) }) })

test.each([false, true])('an agent calls each tool once, then answers (streamed: %s)', async stream => {
  const bound = chain().chat.bindTools([lookUp, refund])
  const messages: BaseMessage[] = [new HumanMessage(prompt)]
  const called: unknown[] = []

  let answer = ''
  for (let turn = 0; turn < 4 && answer === ''; turn++) {
    const message = stream
      ? (await chunksOf(bound, messages)).reduce((all, chunk) => all.concat(chunk))
      : await bound.invoke(messages)
    messages.push(message)
    for (const { id = '', name, args } of message.tool_calls ?? []) {
      called.push({ name, args })
      messages.push(new ToolMessage({ content: 'done', tool_call_id: id }))
    }
    answer = message.text
  }

  expect(called).toEqual([
    { name: 'look_up', args: { order: 'ORD-1111' } },
    { name: 'refund', args: { cents: 100 } },
  ])
  expect(answer).toMatch(marked)
})

test('a forced tool is called', async () => {
  const message = await chain().chat.bindTools([lookUp, refund], { tool_choice: 'refund' }).invoke(prompt)

  expect(message.tool_calls).toMatchObject([{ name: 'refund', args: { cents: 100 } }])
})

test.each(['jsonSchema', 'functionCalling'] as const)('output is structured by %s', async method => {
  const schema = z.object({ answer: z.string(), days: z.number().int().min(2) })

  const output = await chain().chat.withStructuredOutput(schema, { method }).invoke(prompt)

  expect(schema.parse(output)).toEqual(output)
})

const errors: [ErrorKind, number, string][] = [
  ['overloaded', 529, 'InternalServerError'],
  ['rate-limited', 429, 'RateLimitError'],
  ['unavailable', 503, 'InternalServerError'],
  ['internal-error', 500, 'InternalServerError'],
  ['bad-gateway', 502, 'InternalServerError'],
  ['gateway-timeout', 504, 'InternalServerError'],
  ['unauthorized', 401, 'AuthenticationError'],
  ['forbidden', 403, 'PermissionDeniedError'],
  ['model-missing', 404, 'NotFoundError'],
  ['bad-request', 400, 'BadRequestError'],
  ['too-large', 413, 'APIError'],
  ['origin-error', 522, 'InternalServerError'],
  ['quota', 429, 'RateLimitError'],
]

test.each(errors)('%s reaches the caller as %i %s', async (error, status, name) => {
  const { chat } = chain([{ type: 'answer', error, options: {} }])

  const thrown = await chat.invoke(prompt).catch((cause: unknown) => cause)

  expect(thrown).toMatchObject({ status })
  expect(Object.getPrototypeOf(thrown).constructor.name).toBe(name)
})

test('retries are counted: a short retry-after is waited for, a long one and none at all are not', async () => {
  const limited = (ms?: number): Effect => ({
    type: 'answer',
    error: 'rate-limited',
    options: ms === undefined ? {} : { retryAfter: { as: 'seconds', ms } },
  })
  const short = chain([limited(1_000)], 2)
  const long = chain([limited(90_000)], 2)
  const none = chain([limited()], 2)

  expect((await short.chat.invoke(prompt)).text).toMatch(marked)
  const thrown = [long, none].map(({ chat }) => chat.invoke(prompt).catch((cause: unknown) => cause))

  expect(await Promise.all(thrown)).toMatchObject([
    { name: 'RateLimitCapacityError', rateLimitReason: 'retry_after_too_large' },
    { name: 'RateLimitCapacityError', rateLimitReason: 'headerless_429' },
  ])
  expect([short, long, none].map(({ seen }) => seen.length)).toEqual([2, 1, 1])
})

const failing: Effect = { type: 'stream-error', after: { events: 5 }, error: 'overloaded_error' }

test('an error inside a stream is thrown', async () => {
  await expect(chunksOf(chain([failing]).chat, prompt)).rejects.toThrow('overloaded_error')
})

test('a torn stream throws, one without its end is silent', async () => {
  const torn = chain([{ type: 'cut', after: { events: 6 }, by: 'rst' }]).chat
  const cut = chain([{ type: 'cut', after: { events: 6 }, by: 'clean' }]).chat

  await expect(chunksOf(torn, prompt)).rejects.toThrow('terminated')
  const text = (await chunksOf(cut, prompt)).map(chunk => chunk.text).join('')

  expect(text).toMatch(/^\[q:t1\]/)
  expect(text).not.toMatch(marked)
})

test('an unknown event is let pass', async () => {
  const chunks = await chunksOf(chain([{ type: 'garble', how: 'odd-event' }]).chat, prompt)

  expect(chunks.map(({ text }) => text).join('')).toMatch(marked)
})

async function chunksOf(bound: Pick<ReturnType<ChatAnthropic['bindTools']>, 'stream'>, input: BaseLanguageModelInput) {
  const chunks: AIMessageChunk[] = []
  for await (const chunk of await bound.stream(input)) chunks.push(chunk)
  return chunks
}
