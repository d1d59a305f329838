import { createOpenAI } from '@ai-sdk/openai'
import {
  APICallError,
  embed,
  embedMany,
  generateObject,
  generateText,
  Output,
  RetryError,
  stepCountIs,
  streamText,
  tool,
} from 'ai'
import { expect, test } from 'vitest'
import { z } from 'zod/v4'
import type { Effect, ErrorKind } from '../../../src/model/effect.ts'
import { openai } from '../../../src/providers/openai/provider.ts'
import { canary, marked, model } from './openai.ts'
import { wired } from './wired.ts'

const prompt = '[q:t1] Where is my parcel?'

function sdk(effects: readonly Effect[] = []) {
  const { fetch, seen } = wired(openai, effects, { store: new Map() })
  const provider = createOpenAI({ apiKey: canary, baseURL: 'https://api.openai.com/v1', fetch })
  return { provider, models: { responses: provider(model), chat: provider.chat(model) }, seen }
}

const apis = ['responses', 'chat'] as const

test.each(apis)('%s: text is generated and streamed', async api => {
  const { models, seen } = sdk()

  const whole = await generateText({ model: models[api], prompt })
  const streamed = streamText({ model: models[api], prompt })

  expect(whole).toMatchObject({ text: expect.stringMatching(marked), finishReason: 'stop' })
  expect(await streamed.text).toMatch(marked)
  expect(await streamed.finishReason).toBe('stop')
  expect((await streamed.usage).outputTokens).toBeGreaterThan(20)
  expect(seen.map(({ recognised }) => [recognised.surface, recognised.streaming, recognised.question])).toEqual([
    [`api.${api === 'chat' ? 'chat-completions' : api}`, false, 't1'],
    [`api.${api === 'chat' ? 'chat-completions' : api}`, true, 't1'],
  ])
})

const used = (calls: unknown[]) => ({
  lookUp: tool({
    inputSchema: z.object({ order: z.string().regex(/^ORD-\d{4}$/) }),
    execute: async input => {
      calls.push(['lookUp', input])
      return { status: 'on its way' }
    },
  }),
  refund: tool({
    inputSchema: z.object({ cents: z.number().int().min(100) }),
    execute: async input => {
      calls.push(['refund', input])
      return 'done'
    },
  }),
})

test.each(apis)('%s: an agent calls each tool once, then answers', async api => {
  for (const stream of [false, true]) {
    const { models } = sdk()
    const calls: unknown[] = []
    const options = { model: models[api], prompt, tools: used(calls), stopWhen: stepCountIs(6) }

    const text = stream ? await streamText(options).text : (await generateText(options)).text

    expect(calls).toEqual([
      ['lookUp', { order: 'ORD-1111' }],
      ['refund', { cents: 100 }],
    ])
    expect(text).toMatch(marked)
  }
})

test.each(apis)('%s: a forced tool is called', async api => {
  const { models } = sdk()

  const { toolCalls } = await generateText({
    model: models[api],
    prompt,
    tools: used([]),
    toolChoice: { type: 'tool', toolName: 'refund' },
  })

  expect(toolCalls).toMatchObject([{ toolName: 'refund', input: { cents: 100 } }])
})

test.each(apis)('%s: objects fit their schema', async api => {
  const { models } = sdk()
  const schema = z.object({
    city: z.string().min(3),
    days: z.number().int().min(2),
    sights: z.array(z.string()).min(1),
  })
  const fitting = { city: expect.any(String), days: 2, sights: [expect.any(String)] }

  const { object } = await generateObject({ model: models[api], schema, prompt })
  const { output } = await generateText({ model: models[api], prompt, output: Output.object({ schema }) })
  const streamed = streamText({ model: models[api], prompt, output: Output.object({ schema }) })

  expect([object, output, await streamed.output]).toEqual([fitting, fitting, fitting])
})

test('a reasoning model reasons', async () => {
  const { provider } = sdk()
  const providerOptions = { openai: { reasoningSummary: 'auto', reasoningEffort: 'low' } }

  const { reasoningText, text } = await generateText({ model: provider('o4-mini'), prompt, providerOptions })

  expect(reasoningText).toMatch(/\w/)
  expect(text).toMatch(marked)
})

test('texts are embedded, one and many', async () => {
  const { provider } = sdk()
  const embedding = provider.embeddingModel('text-embedding-3-small')

  const one = await embed({ model: embedding, value: 'Where is my parcel?' })
  const many = await embedMany({ model: embedding, values: ['Where is my parcel?', 'Thanks'] })

  expect(one.embedding).toHaveLength(1_536)
  expect(many.embeddings[0]).toEqual(one.embedding)
  expect(many.embeddings[1]).not.toEqual(one.embedding)
})

const errors: [ErrorKind, number, boolean][] = [
  ['overloaded', 503, true],
  ['rate-limited', 429, true],
  ['unavailable', 503, true],
  ['internal-error', 500, true],
  ['bad-gateway', 502, true],
  ['gateway-timeout', 504, true],
  ['unauthorized', 401, false],
  ['forbidden', 403, false],
  ['model-missing', 404, false],
  ['bad-request', 400, false],
  ['too-large', 413, false],
  ['origin-error', 522, true],
  ['quota', 429, true],
]

test.each(errors)('%s is an APICallError with %i, to be retried: %s', async (error, statusCode, isRetryable) => {
  for (const api of apis) {
    const { models } = sdk([{ type: 'answer', error, options: {} }])

    const thrown = await generateText({ model: models[api], prompt, maxRetries: 0 }).catch((cause: unknown) => cause)

    expect(APICallError.isInstance(thrown)).toBe(true)
    expect(thrown).toMatchObject({ statusCode, isRetryable })
  }
})

test('retries are counted and obey retry-after', async () => {
  const limited: Effect = { type: 'answer', error: 'rate-limited', options: { retryAfter: { as: 'ms', ms: 1 } } }
  const patient = sdk([limited, limited])
  const worn = sdk([limited, limited, limited])

  const { text } = await generateText({ model: patient.models.chat, prompt })
  const thrown = await generateText({ model: worn.models.chat, prompt }).catch((cause: unknown) => cause)

  expect(text).toMatch(marked)
  expect(RetryError.isInstance(thrown) && thrown.reason).toBe('maxRetriesExceeded')
  expect([patient.seen.length, worn.seen.length]).toEqual([3, 3])
})

async function parts(effect: Effect, api: (typeof apis)[number], maxRetries = 0) {
  const { models, seen } = sdk([effect])
  const streamed = streamText({ model: models[api], prompt, maxRetries, onError: () => {} })
  const types: string[] = []
  let text = ''
  let error: unknown
  try {
    for await (const part of streamed.fullStream) {
      types.push(part.type)
      if (part.type === 'text-delta') text += part.text
      if (part.type === 'error') error = part.error
    }
  } catch (cause) {
    error = cause
  }
  const finishReason = await Promise.resolve(streamed.finishReason).catch(() => 'none')
  return { types, text, error, finishReason, attempts: seen.length }
}

test.each(apis)('%s: an error after the first words is a part of the stream', async api => {
  const { text, error, finishReason } = await parts(
    { type: 'stream-error', after: { events: 8 }, error: 'overloaded_error' },
    api,
  )

  expect(text).toMatch(/^\[q:t1\]/)
  expect(JSON.stringify(error)).toContain('server_is_overloaded')
  expect(finishReason).toBe('error')
})

test.each(apis)('%s: an error before the first words is an error like any other', async api => {
  const failing: Effect = { type: 'stream-error', after: { events: 0 }, error: 'overloaded_error' }

  expect((await parts(failing, api)).error).toMatchObject({ statusCode: 503, isRetryable: true })
})

test.each(apis)('%s: a stream that is torn or malformed is an error', async api => {
  const torn = await parts({ type: 'cut', after: { events: 8 }, by: 'rst' }, api)
  const malformed = await parts({ type: 'garble', how: 'malformed-json' }, api)

  expect([torn.error, malformed.error]).toEqual([expect.any(Error), expect.any(Error)])
})

test.each(apis)('%s: a stream without its end does not end as a good one does', async api => {
  const cut = await parts({ type: 'garble', how: 'no-stop' }, api)

  expect(cut.finishReason).not.toBe('stop')
})

test.each(apis)('%s: an unknown event is let pass', async api => {
  const odd = await parts({ type: 'garble', how: 'odd-event' }, api)

  expect(odd).toMatchObject({ text: expect.stringMatching(marked), finishReason: 'stop', error: undefined })
})
