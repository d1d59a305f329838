import OpenAI from 'openai'
import { expect, test } from 'vitest'
import type { Effect, ErrorKind } from '../../../src/model/effect.ts'
import { requestId } from '../../../src/providers/openai/headers.ts'
import { ask, chat, marked, model, sdk } from './openai.ts'

const messages = chat.messages.map(message => ({ ...message }))
const thrownBy = (call: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(call).then(
    () => 'nothing thrown',
    cause => cause,
  )

const errors: [ErrorKind, number, string, string | null, string | null][] = [
  ['overloaded', 503, 'InternalServerError', 'service_unavailable_error', 'server_is_overloaded'],
  ['rate-limited', 429, 'RateLimitError', 'requests', 'rate_limit_exceeded'],
  ['unavailable', 503, 'InternalServerError', 'server_error', null],
  ['internal-error', 500, 'InternalServerError', 'server_error', null],
  ['bad-gateway', 502, 'InternalServerError', null, null],
  ['gateway-timeout', 504, 'InternalServerError', null, null],
  ['unauthorized', 401, 'AuthenticationError', 'invalid_request_error', 'invalid_api_key'],
  ['forbidden', 403, 'PermissionDeniedError', 'invalid_request_error', 'model_not_found'],
  ['model-missing', 404, 'NotFoundError', 'invalid_request_error', 'model_not_found'],
  ['bad-request', 400, 'BadRequestError', 'invalid_request_error', 'invalid_type'],
  ['too-large', 413, 'APIError', 'server_error', null],
  ['origin-error', 522, 'InternalServerError', null, null],
  ['quota', 429, 'RateLimitError', 'insufficient_quota', 'insufficient_quota'],
]

test.each(errors)('%s reaches the caller as %i %s', async (error, status, name, type, code) => {
  const effects: Effect[] = Array(6).fill({ type: 'answer', error, options: {} })
  const { client, older } = sdk(effects)

  const calls = [
    () => client.chat.completions.create({ model, messages }),
    () => client.responses.create(ask),
    () => client.responses.create({ ...ask, stream: true }),
    () => client.embeddings.create({ model: 'text-embedding-3-small', input: 'x' }),
    () => older.chat.completions.create({ model, messages }),
  ]

  for (const [i, call] of calls.entries()) {
    const thrown = await thrownBy(call())
    // What the edge says is no JSON, and has no code.
    const own = type === null ? {} : { type, code, [i < 4 ? 'requestID' : 'request_id']: requestId(`a${i + 1}`) }
    expect([i, Object.getPrototypeOf(thrown).constructor.name]).toEqual([i, name])
    expect(thrown).toMatchObject({ status, ...own })
  }
})

test('the SDK obeys retry-after and x-should-retry, and retries until it is answered', async () => {
  const limited: Effect = { type: 'answer', error: 'rate-limited', options: { retryAfter: { as: 'ms', ms: 1 } } }
  const patient = sdk([limited, { ...limited, error: 'quota' }], { maxRetries: 2 })
  const stopped = sdk([{ ...limited, options: { shouldRetry: false } }], { maxRetries: 2 })

  expect((await patient.client.responses.create(ask)).output_text).toMatch(marked)
  await expect(stopped.client.responses.create(ask)).rejects.toBeInstanceOf(OpenAI.RateLimitError)

  expect(patient.seen.map(({ recognised }) => recognised.retryCount)).toEqual([0, 1, 2])
  expect(new Set(patient.seen.map(({ recognised }) => recognised.bodyHash)).size).toBe(1)
  expect(stopped.seen).toHaveLength(1)
})

const failing: Effect = { type: 'stream-error', after: { events: 3 }, error: 'overloaded_error' }

test.each([
  ['overloaded_error', 'service_unavailable_error', 'server_is_overloaded'],
  ['server_error', 'server_error', null],
  ['rate_limit_exceeded', 'tokens', 'rate_limit_exceeded'],
  ['insufficient_quota', 'insufficient_quota', 'insufficient_quota'],
  ['odd_error', 'odd_error', null],
])('%s inside a stream is thrown without a status', async (error, type, code) => {
  const { client, older } = sdk(Array(4).fill({ ...failing, error }))

  const thrown = [
    await thrownBy(textOfChat(client.chat.completions.create({ model, messages, stream: true }))),
    await thrownBy(textOfChat(older.chat.completions.create({ model, messages, stream: true }))),
    await thrownBy(textOfResponse(client.responses.create({ ...ask, stream: true }))),
    await thrownBy(client.responses.stream(ask).finalResponse()),
  ]

  for (const cause of thrown) expect(cause).toMatchObject({ status: undefined, type, code })
})

test('the words of an error inside a stream can be set', async () => {
  const { client } = sdk([{ ...failing, message: 'Gone for lunch' }])

  await expect(textOfResponse(client.responses.create({ ...ask, stream: true }))).rejects.toThrow('Gone for lunch')
})

test('without a stream the same error has its own status', async () => {
  const { client } = sdk([failing, failing])

  for (const call of [() => client.responses.create(ask), () => client.chat.completions.create({ model, messages })])
    expect(await thrownBy(call())).toMatchObject({ status: 503, code: 'server_is_overloaded' })
})

const broken: [string, Effect, RegExp][] = [
  ['cut short by the socket', { type: 'cut', after: { events: 5 }, by: 'rst' }, /terminated/],
  ['of broken JSON', { type: 'garble', how: 'malformed-json' }, /JSON/],
  ['lost at its end', { type: 'lose', at: 'end' }, /terminated/],
]

test.each(broken)('a stream %s throws', async (_, effect, words) => {
  const { client } = sdk([effect, effect])

  await expect(textOfChat(client.chat.completions.create({ model, messages, stream: true }))).rejects.toThrow(words)
  await expect(textOfResponse(client.responses.create({ ...ask, stream: true }))).rejects.toThrow(words)
})

const silent: [string, Effect][] = [
  ['cut at a frame', { type: 'cut', after: { events: 5 }, by: 'clean' }],
  ['without its end', { type: 'garble', how: 'no-stop' }],
  ['that is a page', { type: 'garble', how: 'wrong-type' }],
  ['without a body', { type: 'empty', how: 'no-body' }],
  ['without words', { type: 'empty', how: 'no-content' }],
]

test.each(silent)(
  'an answer %s comes back as if nothing were wrong, but never ends as a good one does',
  async (_, effect) => {
    const { client } = sdk([effect, effect])

    const fromChat = await textOfChat(client.chat.completions.create({ model, messages, stream: true }))
    const fromResponse = await textOfResponse(client.responses.create({ ...ask, stream: true }))

    expect(fromChat.whole && fromChat.text !== '').toBe(false)
    expect(fromResponse.whole && fromResponse.text !== '').toBe(false)
  },
)

test('an answer to another question has the wrong marks', async () => {
  const { client } = sdk([{ type: 'wrong' }])

  const { output_text: text } = await client.responses.create(ask)

  expect(text).toMatch(/^\[q:x[0-9a-f]{8}\] .* \[end:x[0-9a-f]{8}\]$/)
})

test('an event of an unknown kind is let pass where events are read, but the stream helper of responses gives up', async () => {
  const odd: Effect = { type: 'garble', how: 'odd-event' }
  const { client } = sdk([odd, odd, odd, odd])

  const { text } = await textOfChat(client.chat.completions.create({ model, messages, stream: true }))
  const helped = await client.chat.completions.stream({ model, messages }).finalContent()
  const read = await textOfResponse(client.responses.create({ ...ask, stream: true }))

  expect([text, helped, read.text]).toEqual(Array(3).fill(expect.stringMatching(marked)))
  await expect(client.responses.stream(ask).finalResponse()).rejects.toThrow('Unhandled response stream event')
})

test('keepalives are let pass until the stream goes on', async () => {
  const stalled: Effect = { type: 'stall', after: { events: 4 }, pings: true, forMs: 60_000 }
  const { client, seen } = sdk([stalled, stalled])

  const chat = await textOfChat(client.chat.completions.create({ model, messages, stream: true }))
  const response = await client.responses.stream(ask).finalResponse()

  expect([chat.text, response.output_text]).toEqual(Array(2).fill(expect.stringMatching(marked)))
  expect(seen.map(({ script }) => script.type === 'respond' && script.end)).toMatchObject([
    { pings: { everyMs: 15_000, data: ': keepalive\n\n' } },
    { pings: { data: 'event: keepalive\ndata: {"type":"keepalive","sequence_number":4}\n\n' } },
  ])
})

/** The text of a chat's stream, and whether it said that it is complete. */
async function textOfChat(
  stream: PromiseLike<
    AsyncIterable<{ choices: { delta: { content?: string | null }; finish_reason: string | null }[] }>
  >,
) {
  let text = ''
  let whole = false
  for await (const { choices } of await stream) {
    text += choices[0]?.delta.content ?? ''
    whole ||= choices[0]?.finish_reason === 'stop'
  }
  return { text, whole }
}

async function textOfResponse(stream: PromiseLike<AsyncIterable<OpenAI.Responses.ResponseStreamEvent>>) {
  let text = ''
  let whole = false
  for await (const event of await stream) {
    if (event.type === 'response.output_text.delta') text += event.delta
    whole ||= event.type === 'response.completed'
  }
  return { text, whole }
}
