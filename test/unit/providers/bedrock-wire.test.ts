import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  type ConverseStreamOutput,
  CountTokensCommand,
} from '@aws-sdk/client-bedrock-runtime'
import { FetchHttpHandler } from '@smithy/fetch-http-handler'
import { afterEach, expect, test, vi } from 'vitest'
import type { Effect } from '../../../src/model/effect.ts'
import { eventFrame } from '../../../src/providers/bedrock/event-stream.ts'
import { bedrock } from '../../../src/providers/bedrock/provider.ts'
import { tools } from './perform.ts'
import { wired } from './wired.ts'

const modelId = 'anthropic.claude-haiku-4-5-20251001-v1:0'
const messages: ConverseCommandInput['messages'] = [{ role: 'user', content: [{ text: '[q:t1] Where is my parcel?' }] }]
const marked = /^\[q:t1\] \S.*\S \[end:t1\]$/s

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** AWS's own SDK, by HTTP/1.1: it speaks HTTP/2 unless told otherwise. */
function aws(effects: readonly Effect[] = []) {
  const { fetch, seen } = wired(bedrock, effects)
  vi.stubGlobal('fetch', fetch)
  const credentials = { accessKeyId: bedrock.canary, secretAccessKey: bedrock.canary }
  const requestHandler = new FetchHttpHandler()
  return {
    client: new BedrockRuntimeClient({ region: 'us-west-2', maxAttempts: 1, credentials, requestHandler }),
    seen,
  }
}

async function eventsOf(client: BedrockRuntimeClient, input: Partial<ConverseCommandInput> = {}) {
  const { stream } = await client.send(new ConverseStreamCommand({ modelId, messages, ...input }))
  const events: ConverseStreamOutput[] = []
  for await (const event of stream ?? []) events.push(event)
  return events
}

function request(url: string, headers: Record<string, string> = {}, json: object = {}) {
  return { method: 'POST', url: new URL(url), headers, body: JSON.stringify(json) }
}

test('a frame has the lengths and the check sums of a recorded one', () => {
  const frame = Buffer.from(eventFrame('chunk', 'x'.repeat(0x180 - 0x4b - 16)))

  expect(frame.subarray(0, 12).toString('hex')).toBe('000001800000004bfe962446')
  expect(frame.subarray(12, 12 + 0x4b).toString('latin1')).toBe(
    '\x0b:event-type\x07\x00\x05chunk\r:content-type\x07\x00\x10application/json\r:message-type\x07\x00\x05event',
  )
  expect(frame).toHaveLength(0x180)
})

test.each([
  ['https://bedrock-runtime.eu-central-1.amazonaws.com', 'eu-central-1'],
  ['https://bedrock-runtime-fips.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
  ['https://vpce-1a2b.bedrock-runtime.us-east-1.vpce.amazonaws.com', 'us-east-1'],
  ['https://bedrock-runtime.us-west-2.api.aws', 'us-west-2'],
  ['http://127.0.0.1:4010/aws', undefined],
])('%s is told by its address to be in %s', (base, region) => {
  const found = bedrock.recognise(request(`${base}/model/m/invoke`, { authorization: 'Bearer key' }))

  expect(found).toMatchObject({ surface: 'api.invoke' })
  expect(found?.region).toBe(region)
})

test('on a host of nobody known, a key or the version of the format tells Bedrock from other servers of models', () => {
  const other = 'http://127.0.0.1:8501/model/churn/invoke'
  const keyless = { ...request(other), body: JSON.stringify({ anthropic_version: 'bedrock-2023-05-31' }) }

  expect(bedrock.recognise(request(other))).toBeUndefined()
  expect(bedrock.recognise(keyless)?.surface).toBe('api.invoke')
  expect(bedrock.recognise(request(other, { authorization: 'Bearer key' }))?.surface).toBe('api.invoke')
})

test('what a request was signed for tells the region behind a gateway, and whose key it is', () => {
  const authorization =
    'AWS4-HMAC-SHA256 Credential=AKIACANARYBLACKSTART/20260302/ap-south-1/bedrock/aws4_request, SignedHeaders=host, Signature=00'

  expect(bedrock.recognise(request('http://127.0.0.1/model/m/invoke', { authorization }))).toMatchObject({
    region: 'ap-south-1',
    key: 'canary',
  })
})

test.each([
  ['Bearer sk-ant-canary-blackstart', 'canary:anthropic'],
  ['Bearer ABSKsomething', expect.stringMatching(/^[0-9a-f]{12}$/)],
  [undefined, 'none'],
])('the credential %s is called %s', (authorization, key) => {
  const headers = authorization === undefined ? {} : { authorization }

  expect(
    bedrock.recognise(request('https://bedrock-runtime.us-east-1.amazonaws.com/model/m/invoke', headers))?.key,
  ).toEqual(key)
})

test.each([
  'https://api.anthropic.com/v1/messages',
  'https://s3.us-east-1.amazonaws.com/model',
  'https://a.example/model/m',
])('%s is not for Bedrock', url => {
  expect(bedrock.recognise(request(url))).toBeUndefined()
})

test.each([
  [{}, 403, 'MissingAuthenticationTokenException'],
  [{ authorization: 'Bearer key' }, 400, 'ValidationException'],
])('a request with headers %o and no version is turned down with %i', async (headers, status, name) => {
  const { fetch } = wired(bedrock)
  const body = JSON.stringify({ max_tokens: 5, messages: [{ role: 'user', content: 'x' }] })

  const response = await fetch('https://bedrock-runtime.us-east-1.amazonaws.com/model/m/invoke', {
    method: 'POST',
    headers,
    body,
  })

  expect(response.status).toBe(status)
  expect(response.headers.get('x-amzn-errortype')).toMatch(new RegExp(`^${name}:`))
})

test('Converse answers, and calls a tool with valid arguments', async () => {
  const { client, seen } = aws()
  const toolSpec = { name: 'refund', inputSchema: { json: structuredClone(tools[1].input_schema) as never } } // a JSON document

  const plain = await client.send(new ConverseCommand({ modelId, messages }))
  const called = await client.send(new ConverseCommand({ modelId, messages, toolConfig: { tools: [{ toolSpec }] } }))

  expect(plain.output?.message?.content?.[0]?.text).toMatch(marked)
  expect(plain).toMatchObject({ stopReason: 'end_turn', usage: { inputTokens: expect.any(Number) } })
  expect(called.stopReason).toBe('tool_use')
  expect(called.output?.message?.content?.[0]?.toolUse).toMatchObject({ name: 'refund', input: { cents: 100 } })
  expect(seen[0]?.recognised).toMatchObject({
    surface: 'api.converse',
    model: modelId,
    question: 't1',
    region: 'us-west-2',
  })
})

test('a Converse stream comes event by event, its figures last', async () => {
  const { client, seen } = aws()

  const events = await eventsOf(client)

  expect(events.map(event => event.contentBlockDelta?.delta?.text ?? '').join('')).toMatch(marked)
  expect(events[0]).toEqual({ messageStart: { role: 'assistant' } })
  expect(events.at(-2)).toEqual({ messageStop: { stopReason: 'end_turn' } })
  expect(events.at(-1)?.metadata?.usage?.outputTokens).toBeGreaterThan(5)
  expect(seen[0]?.recognised.streaming).toBe(true)
})

test('errors of Converse are the exceptions of its SDK, before a stream and inside it', async () => {
  const { client } = aws([
    { type: 'answer', error: 'rate-limited', options: {} },
    { type: 'stream-error', after: { events: 3 }, error: 'overloaded_error' },
  ])

  await expect(client.send(new ConverseCommand({ modelId, messages }))).rejects.toMatchObject({
    name: 'ThrottlingException',
    $metadata: { httpStatusCode: 429, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  })
  await expect(eventsOf(client)).rejects.toMatchObject({ name: 'ServiceUnavailableException' })
})

test('a missing end of a Converse stream lacks both of the events that tell of it', async () => {
  const { client } = aws([{ type: 'garble', how: 'no-stop' }])

  expect((await eventsOf(client)).at(-1)).toHaveProperty('contentBlockStop')
})

test('an event of an unknown kind in a Converse stream does no harm', async () => {
  const { client } = aws([{ type: 'garble', how: 'odd-event' }])

  const events = await eventsOf(client)

  expect(events.map(event => event.contentBlockDelta?.delta?.text ?? '').join('')).toMatch(marked)
})

test('tokens are counted, whichever way the messages are put', async () => {
  const { client, seen } = aws()
  const invoked = {
    anthropic_version: 'bedrock-2023-05-31',
    messages: [{ role: 'user', content: 'Where is my parcel?' }],
  }
  const body = Buffer.from(JSON.stringify(invoked))

  const counts = [
    await client.send(new CountTokensCommand({ modelId, input: { converse: { messages } } })),
    await client.send(new CountTokensCommand({ modelId, input: { invokeModel: { body } } })),
  ]

  expect(counts.map(({ inputTokens = 0 }) => inputTokens > 3)).toEqual([true, true])
  expect(seen.map(({ recognised }) => recognised.surface)).toEqual(['api.count-tokens', 'api.count-tokens'])
})
