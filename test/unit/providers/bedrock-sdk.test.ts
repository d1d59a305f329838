import AnthropicBedrock from '@anthropic-ai/bedrock-sdk'
import OlderBedrock from 'anthropic-bedrock-sdk-0'
import { expect, test } from 'vitest'
import type { Effect, ErrorKind } from '../../../src/model/effect.ts'
import { bedrock } from '../../../src/providers/bedrock/provider.ts'
import { tools } from './perform.ts'
import { wired } from './wired.ts'

const model = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'
const question = {
  model,
  max_tokens: 1_024,
  messages: [{ role: 'user' as const, content: '[q:t1] Where is my parcel?' }],
}
const marked = /^\[q:t1\] \S.*\S \[end:t1\]$/s
const keys = { awsAccessKey: bedrock.canary, awsSecretKey: bedrock.canary, awsRegion: 'eu-west-1' }
const generations = ['current', 'older'] as const

/** The real SDK of either generation; what the older one is given and gives has the same types. */
function sdk(generation: (typeof generations)[number], effects: readonly Effect[] = []) {
  const { fetch, seen } = wired(bedrock, effects)
  const options = { ...keys, fetch, maxRetries: 0, logLevel: 'off' as const }
  const client = generation === 'current' ? new AnthropicBedrock(options) : new OlderBedrock(options)
  return { client: client as AnthropicBedrock, seen } // the same calls for what is used here
}

function textOf({ content }: { content: readonly { type: string; text?: string }[] }): string {
  return content.map(block => block.text ?? '').join('')
}

async function thrownBy(work: PromiseLike<unknown>): Promise<Error> {
  const thrown = await Promise.resolve(work).catch((cause: unknown) => cause)
  if (!(thrown instanceof Error)) throw new Error('Nothing was thrown')
  return thrown
}

/** All text that came, and what ended the stream when it did not end by itself. */
async function read(client: AnthropicBedrock): Promise<{ text: string; types: string[]; thrown?: unknown }> {
  let text = ''
  const types: string[] = []
  try {
    for await (const event of await client.messages.create({ ...question, stream: true })) {
      types.push(event.type)
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') text += event.delta.text
    }
    return { text, types }
  } catch (thrown) {
    return { text, types, thrown }
  }
}

test.each(generations)(
  'a message comes back whole, with the ids and the counts of the cloud (%s)',
  async generation => {
    const { client, seen } = sdk(generation)

    const { data, response } = await client.messages.create(question).withResponse()

    expect(textOf(data)).toMatch(marked)
    expect(data.id).toMatch(/^msg_bdrk_01/)
    expect(data.model).toBe('claude-sonnet-4-5-20250929')
    expect(response.headers.get('x-amzn-bedrock-output-token-count')).toBe(String(data.usage.output_tokens))
    expect(seen[0]?.recognised).toMatchObject({
      surface: 'api.invoke',
      model,
      streaming: false,
      region: 'eu-west-1',
      key: 'canary',
      question: 't1',
    })
  },
)

test.each(generations)('a stream of binary frames is read event by event (%s)', async generation => {
  const { client, seen } = sdk(generation)

  const { text, types } = await read(client)

  expect(text).toMatch(marked)
  expect(types.slice(0, 2)).toEqual(['message_start', 'content_block_start'])
  expect(types.slice(-3)).toEqual(['content_block_stop', 'message_delta', 'message_stop'])
  expect(seen[0]?.recognised.streaming).toBe(true)
})

test.each(generations)('the stream helper builds a tool call with its arguments (%s)', async generation => {
  const { client } = sdk(generation)
  const offered = [structuredClone(tools[0])] as never // a mutable copy, as the SDK types it

  const message = await client.messages.stream({ ...question, tools: offered }).finalMessage()

  expect(message.stop_reason).toBe('tool_use')
  expect(message.content).toEqual([
    expect.objectContaining({
      type: 'tool_use',
      id: expect.stringMatching(/^toolu_bdrk_01/),
      name: 'look_up',
      input: { order: 'ORD-1111', why: expect.any(String) },
    }),
  ])
})

const errors: [ErrorKind, number, string, string, string][] = [
  ['overloaded', 503, 'ServiceUnavailableError', 'InternalServerError', 'ServiceUnavailableException'],
  ['rate-limited', 429, 'RateLimitError', 'RateLimitError', 'ThrottlingException'],
  ['unavailable', 503, 'ServiceUnavailableError', 'InternalServerError', 'ServiceUnavailableException'],
  ['internal-error', 500, 'InternalServerError', 'InternalServerError', 'InternalServerException'],
  ['gateway-timeout', 408, 'RequestTimeoutError', 'APIError', 'ModelTimeoutException'],
  ['unauthorized', 403, 'PermissionDeniedError', 'PermissionDeniedError', 'UnrecognizedClientException'],
  ['forbidden', 403, 'PermissionDeniedError', 'PermissionDeniedError', 'AccessDeniedException'],
  ['model-missing', 404, 'NotFoundError', 'NotFoundError', 'ResourceNotFoundException'],
  ['bad-request', 400, 'BadRequestError', 'BadRequestError', 'ValidationException'],
  ['too-large', 400, 'BadRequestError', 'BadRequestError', 'ValidationException'],
  ['quota', 429, 'RateLimitError', 'RateLimitError', 'ThrottlingException'],
]

test.each(errors)('%s reaches the caller as %i %s', async (error, status, current, older, exception) => {
  for (const [generation, name] of [
    ['current', current],
    ['older', older],
  ] as const) {
    const { client, seen } = sdk(generation, [{ type: 'answer', error, options: {} }])

    const thrown = await thrownBy(client.messages.create(question))

    expect([thrown.constructor.name, (thrown as Error & { status: number }).status]).toEqual([name, status])
    expect(thrown).toHaveProperty('error.message')
    expect(seen[0]?.script).toMatchObject({
      headers: { 'x-amzn-errortype': `${exception}:http://internal.amazon.com/coral/com.amazon.bedrock/` },
    })
  }
})

test.each(['bad-gateway', 'origin-error'] as const)(
  '%s is a page of the load balancer, never of Cloudflare',
  async error => {
    const { client, seen } = sdk('current', [{ type: 'answer', error, options: { status: 522 } }])

    const thrown = await thrownBy(client.messages.create(question))

    expect(thrown.message).toMatch(/^504 <html>/)
    expect(thrown.message).not.toMatch(/cloudflare/i)
    expect(seen[0]?.script).not.toHaveProperty('headers.x-amzn-errortype')
  },
)

test.each([
  ['overloaded_error', 'serviceUnavailableException'],
  ['rate_limit_error', 'throttlingException'],
  ['modelStreamErrorException', 'modelStreamErrorException'],
  ['ModelTimeoutException', 'modelTimeoutException'],
])('an error %s inside a stream is the exception %s', async (error, type) => {
  const { client } = sdk('current', [{ type: 'stream-error', after: { events: 5 }, error }])

  const { text, thrown } = await read(client)

  expect(text).toMatch(/^\[q:t1\] /)
  expect(thrown).toMatchObject({
    status: undefined,
    error: { type: 'error', error: { type, message: expect.any(String) } },
  })
})

test('an error for a stream is the exception with its own status where nothing is streamed', async () => {
  const { client } = sdk('current', [
    { type: 'stream-error', after: { events: 5 }, error: 'modelStreamErrorException' },
  ])

  await expect(thrownBy(client.messages.create(question))).resolves.toMatchObject({ status: 424 })
})

test.each([
  ['a cut between two frames', { type: 'cut', after: { events: 5 }, by: 'clean' }, undefined],
  ['a cut inside a frame', { type: 'cut', after: { inside: 'frame' }, by: 'clean' }, /Truncated event message/],
  ['a connection reset inside a frame', { type: 'cut', after: { inside: 'frame' }, by: 'rst' }, /terminated/],
  [
    'JSON that no parser takes, in a sound frame',
    { type: 'garble', how: 'malformed-json' },
    /Could not parse a Bedrock chunk/,
  ],
  ['a page in place of a stream', { type: 'garble', how: 'wrong-type' }, undefined],
  ['half of a lost answer', { type: 'lose', at: 'body' }, /terminated/],
  ['an empty body', { type: 'empty', how: 'no-body' }, undefined],
] satisfies [string, Effect, RegExp | undefined][])('%s never gives the whole answer', async (_, effect, message) => {
  for (const generation of generations) {
    const { text, thrown } = await read(sdk(generation, [effect]).client)

    expect(text).not.toMatch(/\[end:t1\]$/)
    if (message === undefined) expect(thrown).toBeUndefined()
    else expect(String(thrown)).toMatch(message)
  }
})

test('an end that is missing is not missed by the SDK', async () => {
  const { text, types, thrown } = await read(sdk('current', [{ type: 'garble', how: 'no-stop' }]).client)

  expect({ last: types.at(-1), thrown }).toEqual({ last: 'message_delta', thrown: undefined })
  expect(text).toMatch(marked)
})

test('a cut inside the arguments of a tool call leaves JSON unfinished', async () => {
  const { client } = sdk('current', [{ type: 'cut', after: { inside: 'tool-json' }, by: 'clean' }])
  const offered = [structuredClone(tools[0])] as never // a mutable copy, as the SDK types it

  let json = ''
  for await (const event of await client.messages.create({ ...question, tools: offered, stream: true }))
    if (event.type === 'content_block_delta' && event.delta.type === 'input_json_delta')
      json += event.delta.partial_json

  expect(json).toMatch(/^\{"order"/)
  expect(() => JSON.parse(json)).toThrow()
})

test('an event of an unknown kind does no harm', async () => {
  const { text, types } = await read(sdk('current', [{ type: 'garble', how: 'odd-event' }]).client)

  expect(text).toMatch(marked)
  expect(types).toContain('content_hint')
})

test('a stream that stands still for a while is whole in the end, and nothing is sent meanwhile', async () => {
  const stall = { type: 'stall', after: { events: 4 }, pings: true, forMs: 60_000 } as const
  const { client, seen } = sdk('current', [stall])

  const { text } = await read(client)

  expect(text).toMatch(marked)
  expect(seen[0]?.script).not.toHaveProperty('end.pings')
})
