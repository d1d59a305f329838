import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { HumanMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { ChatGoogleGenerativeAI, GoogleGenerativeAIEmbeddings } from '@langchain/google-genai'
import { tool as aiTool, embedMany, generateObject, generateText, stepCountIs, streamText } from 'ai'
import { afterEach, expect, test, vi } from 'vitest'
import { z } from 'zod/v4'
import type { Effect } from '../../../src/model/effect.ts'
import { gemini } from '../../../src/providers/gemini/provider.ts'
import { wired } from './wired.ts'

const id = 'gemini-2.5-flash'
const prompt = '[q:t1] Where is my parcel?'
const marked = /^\[q:t1\] \S.*\S \[end:t1\]$/s
const overloaded: Effect = { type: 'answer', error: 'overloaded', options: {} }
const parcel = z.object({ order: z.string(), late: z.boolean() })

afterEach(() => {
  vi.unstubAllGlobals()
})

function aiSdk(effects: readonly Effect[] = []) {
  const { fetch, seen } = wired(gemini, effects)
  const google = createGoogleGenerativeAI({ apiKey: gemini.canary, fetch })
  return { google, seen }
}

/** What nobody handled, in place of the test runner, which would fail the test for it. */
function unhandledRejections(): Disposable & { readonly seen: unknown[] } {
  const others = process.listeners('unhandledRejection')
  const seen: unknown[] = []
  const keep = (reason: unknown) => seen.push(reason)
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', keep)
  const restore = () => {
    process.off('unhandledRejection', keep)
    for (const listener of others) process.on('unhandledRejection', listener)
  }
  return { seen, [Symbol.dispose]: restore }
}

function langchain(effects: readonly Effect[] = []) {
  const { fetch, seen } = wired(gemini, effects)
  vi.stubGlobal('fetch', fetch)
  return { chat: new ChatGoogleGenerativeAI({ model: id, apiKey: gemini.canary, maxRetries: 0 }), seen }
}

test('the AI SDK gets text, streams, objects, tool calls and embeddings', async () => {
  const { google } = aiSdk()
  const tools = { look_up: aiTool({ inputSchema: parcel, execute: async () => 'on its way' }) }

  const whole = await generateText({ model: google(id), prompt })
  const streamed = streamText({ model: google(id), prompt })
  const object = await generateObject({ model: google(id), prompt, schema: parcel })
  const agent = await generateText({ model: google(id), prompt, tools, stopWhen: stepCountIs(3) })
  const embedded = await embedMany({ model: google.textEmbeddingModel('gemini-embedding-001'), values: ['a', 'b'] })

  expect(whole.text).toMatch(marked)
  expect(await streamed.text).toMatch(marked)
  expect(await streamed.finishReason).toBe('stop')
  expect(parcel.safeParse(object.object).success).toBe(true)
  expect(agent.steps.map(({ toolCalls }) => toolCalls.length)).toEqual([1, 0])
  expect(agent.text).toMatch(marked)
  expect(embedded.embeddings.map(vector => vector.length)).toEqual([3_072, 3_072])
})

test("the AI SDK reads Gemini's errors and knows which may be retried", async () => {
  const { google } = aiSdk([overloaded, { type: 'answer', error: 'unauthorized', options: {} }])
  const thrown = () => generateText({ model: google(id), prompt, maxRetries: 0 }).catch((cause: unknown) => cause)

  expect(await thrown()).toMatchObject({
    name: 'AI_APICallError',
    statusCode: 503,
    isRetryable: true,
    message: 'The model is overloaded. Please try again later.',
  })
  expect(await thrown()).toMatchObject({ statusCode: 400, isRetryable: false })
})

test('LangChain gets text, streams, objects and tool calls', async () => {
  const { chat } = langchain()
  const lookUp = tool(async () => 'on its way', { name: 'look_up', description: 'Looks up', schema: parcel })

  const whole = await chat.invoke(prompt)
  let text = ''
  for await (const chunk of await chat.stream(prompt)) text += chunk.text
  const object = await chat.withStructuredOutput(parcel, { name: 'parcel' }).invoke(prompt)
  const asked = await chat.bindTools([lookUp]).invoke([new HumanMessage(prompt)])

  expect(whole.text).toMatch(marked)
  expect(text).toMatch(marked)
  expect(parcel.safeParse(object).success).toBe(true)
  expect(asked.tool_calls).toEqual([expect.objectContaining({ name: 'look_up', args: expect.anything() })])
})

test("LangChain throws Gemini's errors with their status", async () => {
  const { chat } = langchain([overloaded])

  await expect(chat.invoke(prompt)).rejects.toMatchObject({ status: 503 })
})

test("an error inside a stream reaches LangChain's caller, and the process as an unhandled rejection too", async () => {
  const { chat } = langchain([{ type: 'stream-error', after: { events: 2 }, error: 'overloaded_error' }])
  using unhandled = unhandledRejections()
  const read = async () => {
    for await (const _ of await chat.stream(prompt));
  }

  await expect(read()).rejects.toThrow('Failed to parse stream')
  await new Promise(resolve => setTimeout(resolve, 5))

  expect(unhandled.seen.map(String)).toEqual([expect.stringContaining('Failed to parse stream')])
})

test('LangChain embeds documents in one request', async () => {
  const { fetch, seen } = wired(gemini)
  vi.stubGlobal('fetch', fetch)
  const embeddings = new GoogleGenerativeAIEmbeddings({ apiKey: gemini.canary, model: 'gemini-embedding-001' })

  const vectors = await embeddings.embedDocuments(['a', 'b'])

  expect(vectors.map(vector => vector.length)).toEqual([3_072, 3_072])
  expect(seen).toHaveLength(1)
})
