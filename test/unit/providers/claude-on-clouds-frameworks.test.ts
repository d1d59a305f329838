import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock'
import { createBedrockAnthropic } from '@ai-sdk/amazon-bedrock/anthropic'
import { createVertexAnthropic } from '@ai-sdk/google-vertex/anthropic'
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime'
import { ChatBedrockConverse } from '@langchain/aws'
import { HumanMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { FetchHttpHandler } from '@smithy/fetch-http-handler'
import { tool as aiTool, generateObject, generateText, type LanguageModel, stepCountIs, streamText } from 'ai'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod/v4'
import type { Effect } from '../../../src/model/effect.ts'
import { bedrock } from '../../../src/providers/bedrock/provider.ts'
import { vertex } from '../../../src/providers/vertex/provider.ts'
import { wired } from './wired.ts'

const prompt = '[q:t1] Where is my parcel?'
const marked = /^\[q:t1\] \S.*\S \[end:t1\]$/s
const overloaded: Effect = { type: 'answer', error: 'overloaded', options: {} }
const parcel = z.object({ order: z.string(), late: z.boolean() })
const onBedrock = 'anthropic.claude-sonnet-4-5-20250929-v1:0'
const aws = { region: 'us-east-1', accessKeyId: bedrock.canary, secretAccessKey: 'canary', apiKey: '' }

afterEach(() => {
  vi.unstubAllGlobals()
})

interface Way {
  readonly model: LanguageModel
  readonly seen: ReturnType<typeof wired>['seen']
}

const ways: Readonly<Record<string, (effects?: readonly Effect[]) => Way>> = {
  'Bedrock Converse': (effects = []) => {
    const { fetch, seen } = wired(bedrock, effects)
    return { model: createAmazonBedrock({ ...aws, fetch })(onBedrock), seen }
  },
  'Bedrock invoke': (effects = []) => {
    const { fetch, seen } = wired(bedrock, effects)
    return { model: createBedrockAnthropic({ ...aws, fetch })(onBedrock), seen }
  },
  Vertex: (effects = []) => {
    const { fetch, seen } = wired(vertex, effects)
    const google = createVertexAnthropic({
      project: 'p1',
      location: 'us-east5',
      generateAuthToken: async () => vertex.canary,
      fetch,
    })
    return { model: google('claude-sonnet-4-5@20250929'), seen }
  },
}

describe.each(Object.entries(ways))('the AI SDK on Claude by %s', (_, way) => {
  test('gets text, streams, objects and tool calls', async () => {
    const { model, seen } = way()
    const tools = { look_up: aiTool({ inputSchema: parcel, execute: async () => 'on its way' }) }

    const whole = await generateText({ model, prompt })
    const streamed = streamText({ model, prompt })
    const streamedText = await streamed.text
    const object = await generateObject({ model, prompt, schema: parcel })
    const agent = await generateText({ model: way().model, prompt, tools, stopWhen: stepCountIs(3) })

    expect(whole.text).toMatch(marked)
    expect(streamedText).toMatch(marked)
    expect(await streamed.finishReason).toBe('stop')
    expect(parcel.safeParse(object.object).success).toBe(true)
    expect(agent.steps[0]?.toolCalls.map(({ toolName }) => toolName)).toEqual(['look_up'])
    expect(agent.text).toMatch(marked)
    expect(seen.every(({ recognised }) => recognised.key === 'canary')).toBe(true)
  })

  test('retries an overload and tells one that lasts', async () => {
    const { model, seen } = way([overloaded, overloaded])

    await expect(generateText({ model, prompt, maxRetries: 0 })).rejects.toMatchObject({ isRetryable: true })
    expect((await generateText({ model, prompt, maxRetries: 1 })).text).toMatch(marked)
    expect(seen).toHaveLength(3)
  })

  test('does not retry a key that is turned down', async () => {
    const { model, seen } = way([{ type: 'answer', error: 'forbidden', options: {} }])

    await expect(generateText({ model, prompt })).rejects.toMatchObject({ isRetryable: false, statusCode: 403 })
    expect(seen).toHaveLength(1)
  })
})

function langchain(effects: readonly Effect[] = []) {
  const { fetch, seen } = wired(bedrock, effects)
  vi.stubGlobal('fetch', fetch)
  const client = new BedrockRuntimeClient({
    region: aws.region,
    credentials: { accessKeyId: bedrock.canary, secretAccessKey: 'canary' },
    // HTTP/2 by default, which no run carries.
    requestHandler: new FetchHttpHandler(),
    maxAttempts: 1,
  })
  return { chat: new ChatBedrockConverse({ model: onBedrock, region: aws.region, client, maxRetries: 0 }), seen }
}

test('LangChain on Bedrock gets text, streams and tool calls', async () => {
  const { chat } = langchain()
  const lookUp = tool(async () => 'on its way', { name: 'look_up', description: 'Looks up.', schema: parcel })

  const whole = await chat.invoke([new HumanMessage(prompt)])
  let streamed = ''
  for await (const chunk of await chat.stream([new HumanMessage(prompt)])) streamed += chunk.text
  const called = await chat.bindTools([lookUp]).invoke([new HumanMessage(prompt)])

  expect(whole.text).toMatch(marked)
  expect(streamed).toMatch(marked)
  expect(called.tool_calls?.map(({ name }) => name)).toEqual(['look_up'])
})

test('LangChain on Bedrock throws AWS’s own errors', async () => {
  const { chat, seen } = langchain([{ type: 'answer', error: 'rate-limited', options: {} }])

  await expect(chat.invoke([new HumanMessage(prompt)])).rejects.toThrow()
  expect(seen).toHaveLength(1)
})
