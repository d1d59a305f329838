import type { BaseLanguageModelInput } from '@langchain/core/language_models/base'
import { type AIMessageChunk, type BaseMessage, HumanMessage, ToolMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai'
import { expect, test } from 'vitest'
import { z } from 'zod/v4'
import type { Effect, ErrorKind } from '../../../src/model/effect.ts'
import { openai } from '../../../src/providers/openai/provider.ts'
import { canary, marked, model } from './openai.ts'
import { wired } from './wired.ts'

const prompt = '[q:t1] Where is my parcel?'
const apis = ['chat', 'responses'] as const

function chain(api: (typeof apis)[number], effects: readonly Effect[] = [], maxRetries = 0) {
  const { fetch, seen } = wired(openai, effects, { store: new Map() })
  const configuration = { baseURL: 'https://api.openai.com/v1', fetch }
  const useResponsesApi = api === 'responses'
  return {
    chat: new ChatOpenAI({ model, apiKey: canary, maxRetries, configuration, useResponsesApi }),
    configuration,
    seen,
  }
}

test.each(apis)('%s: a model is invoked and streamed', async api => {
  const { chat, seen } = chain(api)

  const whole = await chat.invoke(prompt)
  let text = ''
  for await (const chunk of await chat.stream(prompt)) text += chunk.text

  expect(whole.text).toMatch(marked)
  expect(whole.usage_metadata).toMatchObject({ total_tokens: expect.any(Number) })
  expect(text).toMatch(marked)
  expect(seen.map(({ recognised }) => recognised.streaming)).toEqual([false, true])
})

const lookUp = tool(async () => 'on its way', {
  name: 'look_up',
  schema: z.object({ order: z.string().regex(/^ORD-\d{4}$/) }),
})
const refund = tool(async () => 'done', { name: 'refund', schema: z.object({ cents: z.number().int().min(100) }) })

test.each(apis)('%s: an agent calls each tool once, then answers', async api => {
  for (const stream of [false, true]) {
    const { chat } = chain(api)
    const bound = chat.bindTools([lookUp, refund])
    const messages: BaseMessage[] = [new HumanMessage(prompt)]
    const called: unknown[] = []

    let answer = ''
    for (let turn = 0; turn < 4 && answer === ''; turn++) {
      const message = stream ? await joined(bound, messages) : await bound.invoke(messages)
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
  }
})

async function chunksOf(bound: Pick<ReturnType<ChatOpenAI['bindTools']>, 'stream'>, input: BaseLanguageModelInput) {
  const chunks: AIMessageChunk[] = []
  for await (const chunk of await bound.stream(input)) chunks.push(chunk)
  return chunks
}

async function joined(bound: ReturnType<ChatOpenAI['bindTools']>, messages: BaseMessage[]) {
  return (await chunksOf(bound, messages)).reduce((all, chunk) => all.concat(chunk))
}

test.each(apis)('%s: a forced tool is called', async api => {
  const message = await chain(api).chat.bindTools([lookUp, refund], { tool_choice: 'refund' }).invoke(prompt)

  expect(message.tool_calls).toMatchObject([{ name: 'refund', args: { cents: 100 } }])
})

test.each(['jsonSchema', 'functionCalling', 'jsonMode'] as const)('output is structured by %s', async method => {
  const schema = z.object({ answer: z.string(), days: z.number().int().min(2) })
  const wanted = method === 'jsonMode' ? z.object({ answer: z.string() }) : schema

  for (const api of apis) {
    const structured = chain(api).chat.withStructuredOutput(wanted, { method })
    const output = await structured.invoke(`${prompt} Answer in JSON.`)

    expect(wanted.parse(output)).toEqual(output)
  }
})

test('texts are embedded, one and many', async () => {
  const { configuration } = chain('chat')
  const embeddings = new OpenAIEmbeddings({
    model: 'text-embedding-3-large',
    apiKey: canary,
    dimensions: 256,
    configuration,
  })

  const one = await embeddings.embedQuery('Where is my parcel?')
  const many = await embeddings.embedDocuments(['Where is my parcel?', 'Thanks'])

  expect(many.map(vector => vector.length)).toEqual([256, 256])
  expect(many[0]).toEqual(one)
})

const errors: [ErrorKind, number, string][] = [
  ['overloaded', 503, 'InternalServerError'],
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
  for (const api of apis) {
    const { chat } = chain(api, [{ type: 'answer', error, options: {} }])

    const thrown = await chat.invoke(prompt).catch((cause: unknown) => cause)

    expect(thrown).toMatchObject({ status })
    expect(Object.getPrototypeOf(thrown).constructor.name).toBe(name)
  }
})

test('retries are counted: a short retry-after is waited for, a long one is not', async () => {
  const after = (ms: number): Effect => ({
    type: 'answer',
    error: 'rate-limited',
    options: { retryAfter: { as: 'seconds', ms } },
  })
  const short = chain('chat', [after(1_000)], 2)
  const long = chain('chat', [after(90_000)], 2)

  expect((await short.chat.invoke(prompt)).text).toMatch(marked)
  const thrown = await long.chat.invoke(prompt).catch((cause: unknown) => cause)
  expect(thrown).toMatchObject({ name: 'RateLimitCapacityError', retryAfterMs: 90_000 })
  expect([short.seen.length, long.seen.length]).toEqual([2, 1])
})

const failing: Effect = { type: 'stream-error', after: { events: 6 }, error: 'overloaded_error' }

test.each(apis)('%s: an error inside a stream is thrown', async api => {
  const { chat } = chain(api, [failing])

  await expect(chunksOf(chat, prompt)).rejects.toMatchObject({ code: 'server_is_overloaded' })
})

test.each(apis)('%s: a torn stream throws, one without its end is silent', async api => {
  const torn = chain(api, [{ type: 'cut', after: { events: 6 }, by: 'rst' }]).chat
  const cut = chain(api, [{ type: 'cut', after: { events: 6 }, by: 'clean' }]).chat

  await expect(chunksOf(torn, prompt)).rejects.toThrow('terminated')
  const chunks = await chunksOf(cut, prompt)
  const message = chunks.reduce((all, chunk) => all.concat(chunk))

  expect(message.text).toMatch(/^\[q:t1\]/)
  expect(message.text).not.toMatch(marked)
})

test.each(apis)('%s: an unknown event is let pass', async api => {
  const { chat } = chain(api, [{ type: 'garble', how: 'odd-event' }])

  const chunks = await chunksOf(chat, prompt)

  expect(chunks.map(({ text }) => text).join('')).toMatch(marked)
})
