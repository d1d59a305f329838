import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type AnswerOptions, type ErrorKind, pass } from '../../../src/model/effect.ts'
import { duration } from '../../../src/providers/openai/headers.ts'
import type { RateLimitView, Respond } from '../../../src/providers/provider.ts'
import { chatRequest, chatTools, get, post, respond, responseRequest, tools } from './openai.ts'
import { textOf } from './perform.ts'

interface Recorded {
  readonly from: string
  readonly error: ErrorKind
  readonly options: AnswerOptions
  readonly rateLimits?: readonly RateLimitView[]
  readonly model?: string
  readonly max_tokens?: number
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly without?: readonly string[]
  readonly body: unknown
}

const read = (name: string) => readFileSync(new URL(`../../../fixtures/wire/openai/${name}`, import.meta.url), 'utf8')
const recorded: readonly Recorded[] = JSON.parse(read('errors.json'))

test.each(recorded)('$error is as seen: $from', ({ error, options, rateLimits = [], model, max_tokens, ...seen }) => {
  const { status, headers, without = [], body } = seen
  const request = chatRequest({ ...(model && { model }), ...(max_tokens && { max_tokens }) })
  const script = respond({ type: 'answer', error, options }, request, { rateLimits })

  expect(script.status).toBe(status)
  expect(script.headers).toMatchObject(headers)
  expect(Object.keys(script.headers).filter(name => new RegExp(`^(?:${without.join('|')})$`).test(name))).toEqual([])
  if (typeof body === 'string') expect(textOf(script)).toBe(body)
  else expect(JSON.parse(textOf(script))).toEqual(body)
})

test.each([
  ['chat.sse', chatRequest({ stream: true, stream_options: { include_usage: true } })],
  ['tool-call.sse', chatRequest({ stream: true, stream_options: { include_usage: true }, tools: chatTools })],
])('the chunks of %s have the fields of the recorded ones, in the same order of chunks', (name, request) => {
  const made = textOf(respond(pass, request))
  const chunks = dataOf(made)
  const first = dataOf(read(name))

  expect(made.endsWith('data: [DONE]\n\n')).toBe(true)
  expect(deduped(chunks.map(shape)).slice(0, first.length)).toEqual(first.map(shape))
})

test('the events of a response have every field of the recorded ones', () => {
  const made = dataOf(textOf(respond(pass, responseRequest({ stream: true }))))

  for (const seen of dataOf(read('response.sse'))) {
    const same = made.find(data => data['type'] === seen['type'])
    expect(shape(same)).toMatchObject(shape(seen) as object)
    expect(same?.['sequence_number']).toBe(seen['sequence_number'])
  }
})

test('a response that fails says so as recorded: an error, and then the failed response', () => {
  const failing = { type: 'stream-error', after: { events: 2 }, error: 'server_is_overloaded' } as const
  const script = respond(failing, responseRequest({ stream: true }))
  const [error, failed] = dataOf(textOf(script)).slice(-2)
  const [seenError, seenFailed] = dataOf(read('failed.sse'))

  expect(error).toEqual(seenError)
  expect(shape(failed)).toMatchObject(shape(seenFailed) as object)
  expect(failed).toMatchObject({ sequence_number: 3, response: { status: 'failed', error: { code: 'server_error' } } })
  expect(script).toMatchObject({ status: 200, end: { type: 'finish' }, good: false })
})

test('an error inside a chat is a chunk of its own, and the stream is done', () => {
  const failing = { type: 'stream-error', after: { events: 2 }, error: 'server_error' } as const
  const text = textOf(respond(failing, chatRequest({ stream: true })))

  expect(text.split('\n\n').slice(2)).toEqual([
    'data: {"error":{"type":"server_error","code":null,"message":"The server had an error while processing your request. Sorry about that!","param":null}}',
    'data: [DONE]',
    '',
  ])
})

test('deltas are padded unless the request says no', () => {
  const padded = (stream_options: object) =>
    [chatRequest({ stream: true, stream_options }), responseRequest({ stream: true, stream_options })].map(request =>
      textOf(respond(pass, request)).includes('obfuscation'),
    )

  expect([padded({}), padded({ include_obfuscation: false })]).toEqual([
    [true, true],
    [false, false],
  ])
})

const rateLimits = [
  { dimension: 'requests', limit: 60, remaining: 12.7, resetMs: 47_300 },
  { dimension: 'input_tokens', limit: 40_000, remaining: 1_499, resetMs: 60_000 },
  { dimension: 'output_tokens', limit: 8_000, remaining: 7_800, resetMs: 1 },
] as const

test('the headers carry the live buckets, on good answers and on a 429 alike', () => {
  const limits = ({ headers }: Respond) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-ratelimit-')))
  const requests = [
    chatRequest(),
    responseRequest(),
    post('/v1/embeddings', { model: 'text-embedding-3-small', input: 'x' }),
  ]
  const answered = requests.map(request => limits(respond(pass, request, { rateLimits })))
  const limited = respond({ type: 'answer', error: 'rate-limited', options: {} }, chatRequest(), { rateLimits })

  expect([...answered, limits(limited)]).toEqual(
    Array(4).fill({
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-remaining-requests': '12',
      'x-ratelimit-reset-requests': '47.3s',
      'x-ratelimit-limit-tokens': '48000',
      'x-ratelimit-remaining-tokens': '9299',
      'x-ratelimit-reset-tokens': '1m0s',
    }),
  )
  expect(limits(respond(pass, get('/v1/models'), { rateLimits }))).toEqual({})
})

test('a 429 without a bucket behind it agrees with itself', () => {
  const options: AnswerOptions = { retryAfter: { as: 'seconds', ms: 30_000 } }
  const script = respond({ type: 'answer', error: 'rate-limited', options }, chatRequest())

  expect(script.headers).toMatchObject({
    'retry-after': '30',
    'x-ratelimit-remaining-requests': '0',
    'x-ratelimit-reset-requests': '30s',
  })
  expect(textOf(script)).toContain('Limit 10000, Used 10000, Requested 1. Please try again in 30s.')
})

test.each([
  [0, '0s'],
  [6, '6ms'],
  [999.2, '1s'],
  [1_780, '1.78s'],
  [8_640, '8.64s'],
  [60_000, '1m0s'],
  [360_000, '6m0s'],
  [3_888_000, '1h4m48s'],
  [86_400_000, '24h0m0s'],
])('%d ms are spelled %s', (ms, spelled) => {
  expect(duration(ms)).toBe(spelled)
})

test('a bucket that never fills again still has a duration', () => {
  const never = [{ dimension: 'requests', limit: 0, remaining: 0, resetMs: Number.POSITIVE_INFINITY }] as const

  expect(respond(pass, chatRequest(), { rateLimits: never }).headers['x-ratelimit-reset-requests']).toBe('24h0m0s')
})

test.each([
  ['json', 'application/json', /^\{\n {2}"error": \{\n {4}"message": "The server had an error/],
  ['html', 'text/html', /<center><h1>503 Service Temporarily Unavailable/],
  ['edge-json', 'application/json', /"type":"cf_service_unavailable"/],
  ['text', 'text/plain; charset=utf-8', /^Cloudflare encountered an error/],
  ['empty', undefined, /^$/],
] as const)('an error can be spoken as %s', (body, type, text) => {
  const script = respond({ type: 'answer', error: 'unavailable', options: { body } }, chatRequest())

  expect(script.status).toBe(503)
  expect(script.headers['content-type']).toBe(type)
  expect(script.headers['content-length']).toBe(String(Buffer.byteLength(textOf(script))))
  expect(textOf(script)).toMatch(text)
})

test('of an origin that it cannot reach, the edge speaks in its own name', () => {
  const page = respond({ type: 'answer', error: 'origin-error', options: {} }, chatRequest())
  const json = respond({ type: 'answer', error: 'origin-error', options: { body: 'json' } }, chatRequest())

  expect(textOf(page)).toContain('<title>api.openai.com | 522: Connection timed out</title>')
  expect(JSON.parse(textOf(json))).toMatchObject({ cloudflare_error: true, zone: 'api.openai.com' })
  for (const { headers } of [page, json]) expect(headers['x-request-id']).toBeUndefined()
})

test('status, words, time and advice of an error can be set', () => {
  const options: AnswerOptions = { status: 520, message: 'Gone for lunch', afterMs: 7, shouldRetry: false }
  const script = respond({ type: 'answer', error: 'internal-error', options }, chatRequest())

  expect(script).toMatchObject({ status: 520, afterMs: 7, headers: { 'x-should-retry': 'false' } })
  expect(JSON.parse(textOf(script)).error).toMatchObject({ type: 'server_error', message: 'Gone for lunch' })
})

test('a call in a response has the items and events of its own', () => {
  const script = respond(pass, responseRequest({ stream: true, tools }))
  const types = dataOf(textOf(script)).map(data => data['type'])

  expect(deduped(types)).toEqual([
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.function_call_arguments.delta',
    'response.function_call_arguments.done',
    'response.output_item.done',
    'response.completed',
  ])
})

/** The JSON of each event or chunk. */
function dataOf(text: string): Record<string, unknown>[] {
  return [...text.matchAll(/^data: (\{.*\})$/gm)].map(([, json = '']) => JSON.parse(json))
}

/** Names and kinds, without the values. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shape)
  if (typeof value !== 'object' || value === null) return value === null ? null : typeof value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key === 'type' || key === 'object' ? inner : shape(inner)]),
  )
}

/** Runs of equal things as one. */
function deduped<T>(values: readonly T[]): T[] {
  return values.filter((value, i) => JSON.stringify(value) !== JSON.stringify(values[i - 1]))
}
