import { createAnthropic } from '@ai-sdk/anthropic'
import { APICallError, generateObject, generateText, Output, RetryError, stepCountIs, streamText, tool } from 'ai'
import { expect, test } from 'vitest'
import { z } from 'zod/v4'
import type { Effect, ErrorKind } from '../../../src/model/effect.ts'
import { anthropic } from '../../../src/providers/anthropic/provider.ts'
import { canary } from './perform.ts'
import { wired } from './wired.ts'

const prompt = '[q:t1] Where is my parcel?'
const marked = /^\[q:t1\] \S.*\S \[end:t1\]$/s

function sdk(effects: readonly Effect[] = [], model = 'claude-sonnet-5-5') {
  const { fetch, seen } = wired(anthropic, effects)
  const provider = createAnthropic({ apiKey: canary, baseURL: 'https://api.anthropic.com/v1', fetch })
  return { model: provider(model), seen }
}

test('text is generated and streamed', async () => {
  const { model, seen } = sdk()

  const whole = await generateText({ model, prompt })
  const streamed = streamText({ model, prompt })

  expect(whole).toMatchObject({ text: expect.stringMatching(marked), finishReason: 'stop' })
  expect(await streamed.text).toMatch(marked)
  expect(await streamed.finishReason).toBe('stop')
  expect((await streamed.usage).outputTokens).toBeGreaterThan(20)
  expect(seen.map(({ recognised }) => [recognised.surface, recognised.streaming, recognised.key])).toEqual([
    ['api.messages', false, 'canary'],
    ['api.messages', true, 'canary'],
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

test.each([false, true])('an agent calls each tool once, then answers (streamed: %s)', async stream => {
  const { model } = sdk()
  const calls: unknown[] = []
  const options = { model, prompt, tools: used(calls), stopWhen: stepCountIs(6) }

  const text = stream ? await streamText(options).text : (await generateText(options)).text

  expect(calls).toEqual([
    ['lookUp', { order: 'ORD-1111' }],
    ['refund', { cents: 100 }],
  ])
  expect(text).toMatch(marked)
})

test('a forced tool is called', async () => {
  const { model } = sdk()

  const forced = { type: 'tool', toolName: 'refund' } as const
  const { toolCalls } = await generateText({ model, prompt, tools: used([]), toolChoice: forced })

  expect(toolCalls).toMatchObject([{ toolName: 'refund', input: { cents: 100 } }])
})

// The first has structured output, the second is told to call a tool named json.
test.each(['claude-sonnet-5-5', 'claude-3-5-haiku-latest'])('%s: objects fit their schema', async name => {
  const { model } = sdk([], name)
  const schema = z.object({
    city: z.string().min(3),
    days: z.number().int().min(2),
    sights: z.array(z.string()).min(1),
  })
  const fitting = { city: expect.any(String), days: 2, sights: [expect.any(String)] }

  const { object } = await generateObject({ model, schema, prompt })
  const { output } = await generateText({ model, prompt, output: Output.object({ schema }) })
  const streamed = streamText({ model, prompt, output: Output.object({ schema }) })

  expect([object, output, await streamed.output]).toEqual([fitting, fitting, fitting])
})

test('a model that is asked to think thinks', async () => {
  const { model } = sdk()
  const providerOptions = { anthropic: { thinking: { type: 'enabled', budgetTokens: 1_024 } } }

  const { reasoningText, text } = await generateText({ model, prompt, providerOptions })

  expect(reasoningText).toMatch(/\w/)
  expect(text).toMatch(marked)
})

const errors: [ErrorKind, number, boolean][] = [
  ['overloaded', 529, true],
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
  const { model } = sdk([{ type: 'answer', error, options: {} }])

  const thrown = await generateText({ model, prompt, maxRetries: 0 }).catch((cause: unknown) => cause)

  expect(APICallError.isInstance(thrown)).toBe(true)
  expect(thrown).toMatchObject({ statusCode, isRetryable })
})

test('retries are counted and obey retry-after, but not x-should-retry', async () => {
  const overloaded: Effect = {
    type: 'answer',
    error: 'overloaded',
    options: { retryAfter: { as: 'ms', ms: 1 }, shouldRetry: false },
  }
  const patient = sdk([overloaded, overloaded])
  const worn = sdk([overloaded, overloaded, overloaded])

  const { text } = await generateText({ model: patient.model, prompt })
  const thrown = await generateText({ model: worn.model, prompt }).catch((cause: unknown) => cause)

  expect(text).toMatch(marked)
  expect(RetryError.isInstance(thrown) && thrown.reason).toBe('maxRetriesExceeded')
  expect([patient.seen.length, worn.seen.length]).toEqual([3, 3])
})

async function parts(effect: Effect) {
  const { model, seen } = sdk([effect])
  const streamed = streamText({ model, prompt, maxRetries: 0, onError: () => {} })
  let text = ''
  let error: unknown
  try {
    for await (const part of streamed.fullStream) {
      if (part.type === 'text-delta') text += part.text
      if (part.type === 'error') error = part.error
    }
  } catch (cause) {
    error = cause
  }
  const finishReason = await Promise.resolve(streamed.finishReason).catch(() => 'none')
  return { text, error, finishReason, attempts: seen.length }
}

const failing: Effect = { type: 'stream-error', after: { events: 6 }, error: 'overloaded_error' }

test('an error after the first words is a part of the stream', async () => {
  const { text, error, finishReason } = await parts(failing)

  expect(text).toMatch(/^\[q:t1\]/)
  expect(JSON.stringify(error)).toContain('overloaded_error')
  expect(finishReason).toBe('error')
})

test('an error as the first event is an error like any other', async () => {
  expect((await parts({ ...failing, after: { events: 0 } })).error).toMatchObject({ isRetryable: true })
})

test('a stream that is torn or malformed is an error', async () => {
  const torn = await parts({ type: 'cut', after: { events: 6 }, by: 'rst' })
  const malformed = await parts({ type: 'garble', how: 'malformed-json' })

  expect([torn.error, malformed.error]).toEqual([expect.any(Error), expect.any(Error)])
})

test('a stream that ends early does not end as a good one does', async () => {
  expect((await parts({ type: 'cut', after: { events: 6 }, by: 'clean' })).finishReason).not.toBe('stop')
})

test('pings are let pass until the stream goes on', async () => {
  const resumed = await parts({ type: 'stall', after: { events: 3 }, pings: true, forMs: 60_000 })

  expect(resumed).toMatchObject({ text: expect.stringMatching(marked), finishReason: 'stop', error: undefined })
})

test('an unknown event is an error in a stream that goes on to its end', async () => {
  const odd = await parts({ type: 'garble', how: 'odd-event' })

  expect(odd).toMatchObject({ text: expect.stringMatching(marked), finishReason: 'stop' })
  expect(odd.error).toMatchObject({ name: 'AI_TypeValidationError' })
})
