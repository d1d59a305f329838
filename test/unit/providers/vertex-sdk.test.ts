import AnthropicVertex from '@anthropic-ai/vertex-sdk'
import OlderVertex from 'anthropic-vertex-sdk-0'
import { OAuth2Client } from 'google-auth-library'
import { expect, test } from 'vitest'
import type { Effect, ErrorKind } from '../../../src/model/effect.ts'
import { requestId } from '../../../src/providers/vertex/headers.ts'
import { vertex } from '../../../src/providers/vertex/provider.ts'
import { tools } from './perform.ts'
import { wired } from './wired.ts'

const model = 'claude-sonnet-4-5@20250929'
const question = {
  model,
  max_tokens: 1_024,
  messages: [{ role: 'user' as const, content: '[q:t1] Where is my parcel?' }],
}
const marked = /^\[q:t1\] \S.*\S \[end:t1\]$/s
const generations = ['current', 'older'] as const
const offered = [structuredClone(tools[0])] as never // a mutable copy, as the SDK types it

/** The real SDK of either generation, with a token that Google's own library holds. */
function sdk(generation: (typeof generations)[number], effects: readonly Effect[] = [], region = 'europe-west1') {
  const { fetch, seen } = wired(vertex, effects)
  const authClient = new OAuth2Client()
  authClient.setCredentials({ access_token: vertex.canary })
  const options = { authClient, region, projectId: 'p1', fetch, maxRetries: 0, logLevel: 'off' as const }
  const client = generation === 'current' ? new AnthropicVertex(options) : new OlderVertex(options)
  return { client: client as AnthropicVertex, seen } // the same calls for what is used here
}

function textOf({ content }: { content: readonly { type: string; text?: string }[] }): string {
  return content.map(block => block.text ?? '').join('')
}

async function thrownBy(work: PromiseLike<unknown>): Promise<Error> {
  const thrown = await Promise.resolve(work).catch((cause: unknown) => cause)
  if (!(thrown instanceof Error)) throw new Error('Nothing was thrown')
  return thrown
}

async function read(client: AnthropicVertex): Promise<{ text: string; types: string[]; thrown?: unknown }> {
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

test.each(generations)('a message comes back whole, with the ids of the cloud (%s)', async generation => {
  const { client, seen } = sdk(generation)

  const { data, request_id } = await client.messages.create(question).withResponse()

  expect(textOf(data)).toMatch(marked)
  expect(data).toMatchObject({ id: expect.stringMatching(/^msg_vrtx_01/), model: 'claude-sonnet-4-5-20250929' })
  expect(request_id).toBe(requestId('a1'))
  expect(seen[0]?.recognised).toMatchObject({
    surface: 'api.messages',
    model,
    streaming: false,
    region: 'europe-west1',
    key: 'canary',
    question: 't1',
  })
})

test.each(generations)('a stream and a tool call are as those of the API (%s)', async generation => {
  const { client, seen } = sdk(generation)

  const { text, types } = await read(client)
  const called = await client.messages.stream({ ...question, tools: offered }).finalMessage()

  expect(text).toMatch(marked)
  expect(types.at(-1)).toBe('message_stop')
  expect(called.content).toEqual([
    expect.objectContaining({ id: expect.stringMatching(/^toolu_vrtx_01/), name: 'look_up', input: expect.anything() }),
  ])
  expect(seen.map(({ recognised }) => recognised.streaming)).toEqual([true, true])
})

test('tokens are counted under a name of their own', async () => {
  const { client, seen } = sdk('current')
  const { max_tokens: _, ...counted } = question

  await expect(client.messages.countTokens(counted)).resolves.toEqual({ input_tokens: expect.any(Number) })
  expect(seen[0]?.recognised).toMatchObject({ surface: 'api.count-tokens', model })
})

test.each([
  ['global', 'global'],
  ['eu', 'eu'],
  ['us-east5', 'us-east5'],
])('region %s is told by the address', async (region, told) => {
  const { client, seen } = sdk('current', [], region)

  await client.messages.create(question)

  expect(seen[0]?.recognised.region).toBe(told)
})

const google = (status: string) => ({ error: { error: { status } } })
const claude = (type: string) => ({ error: { type: 'error', error: { type } }, requestID: requestId('a1') })
const errors: [ErrorKind, number, string, string, object][] = [
  ['overloaded', 529, 'OverloadedError', 'InternalServerError', claude('overloaded_error')],
  ['rate-limited', 429, 'RateLimitError', 'RateLimitError', google('RESOURCE_EXHAUSTED')],
  ['unavailable', 503, 'ServiceUnavailableError', 'InternalServerError', google('UNAVAILABLE')],
  ['internal-error', 500, 'InternalServerError', 'InternalServerError', google('INTERNAL')],
  ['gateway-timeout', 504, 'GatewayTimeoutError', 'InternalServerError', google('DEADLINE_EXCEEDED')],
  ['unauthorized', 401, 'AuthenticationError', 'AuthenticationError', google('UNAUTHENTICATED')],
  ['forbidden', 403, 'PermissionDeniedError', 'PermissionDeniedError', google('PERMISSION_DENIED')],
  ['model-missing', 404, 'NotFoundError', 'NotFoundError', google('NOT_FOUND')],
  ['bad-request', 400, 'BadRequestError', 'BadRequestError', claude('invalid_request_error')],
  ['too-large', 400, 'BadRequestError', 'BadRequestError', claude('invalid_request_error')],
  ['quota', 403, 'PermissionDeniedError', 'PermissionDeniedError', google('PERMISSION_DENIED')],
]

test.each(errors)('%s reaches the caller as %i %s', async (error, status, current, older, body) => {
  for (const [generation, name] of [
    ['current', current],
    ['older', older],
  ] as const) {
    const { client } = sdk(generation, [{ type: 'answer', error, options: {} }])

    const thrown = await thrownBy(client.messages.create(question))

    expect([thrown.constructor.name, (thrown as Error & { status: number }).status]).toEqual([name, status])
    expect(thrown).toMatchObject(body)
  }
})

test("a method that streams wraps Google's errors into an array, and the model's not", async () => {
  const { client } = sdk('current', [
    { type: 'answer', error: 'rate-limited', options: {} },
    { type: 'answer', error: 'overloaded', options: {} },
  ])

  const [limited, overloaded] = [(await read(client)).thrown, (await read(client)).thrown]

  expect(limited).toMatchObject({ status: 429, error: [{ error: { status: 'RESOURCE_EXHAUSTED' } }] })
  expect(overloaded).toMatchObject({ status: 529, type: 'overloaded_error' })
})

test.each(['bad-gateway', 'origin-error'] as const)(
  "%s is a page of Google's front end, never of Cloudflare",
  async error => {
    const { client } = sdk('current', [{ type: 'answer', error, options: { status: 520 } }])

    const thrown = await thrownBy(client.messages.create(question))

    expect(thrown.message).toMatch(/^502 <!DOCTYPE html>.*Error 502 \(Server Error\)!!1/s)
    expect(thrown.message).not.toMatch(/cloudflare/i)
  },
)

test.each([
  ['an error inside it', { type: 'stream-error', after: { events: 5 }, error: 'overloaded_error' }, /overloaded_error/],
  ['a cut between two events', { type: 'cut', after: { events: 5 }, by: 'clean' }, undefined],
  ['a cut inside a code point', { type: 'cut', after: { inside: 'code-point' }, by: 'rst' }, /terminated/],
  ['JSON that no parser takes', { type: 'garble', how: 'malformed-json' }, /SyntaxError/],
  ['a page in its place', { type: 'garble', how: 'wrong-type' }, undefined],
  ['an empty body', { type: 'empty', how: 'no-body' }, undefined],
  ['half of it lost', { type: 'lose', at: 'body' }, /terminated/],
] satisfies [string, Effect, RegExp | undefined][])(
  'a stream with %s is never the whole answer',
  async (_, effect, message) => {
    for (const generation of generations) {
      const { text, thrown } = await read(sdk(generation, [effect]).client)

      expect(text).not.toMatch(/\[end:t1\]$/)
      if (message === undefined) expect(thrown).toBeUndefined()
      else expect(String(thrown)).toMatch(message)
    }
  },
)

test('what Vertex puts between the events of a model does no harm', async () => {
  const { text, types } = await read(sdk('current', [{ type: 'garble', how: 'odd-event' }]).client)

  expect(text).toMatch(marked)
  expect(types).toContain('vertex_event')
})

test('without a token nothing is answered', async () => {
  const { fetch } = wired(vertex)
  const url =
    'https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/us-east5/publishers/anthropic/models/m:rawPredict'

  const response = await fetch(url, { method: 'POST', body: JSON.stringify(question) })

  expect(response.status).toBe(401)
  expect(await response.json()).toMatchObject({ error: { details: [{ reason: 'CREDENTIALS_MISSING' }] } })
})
