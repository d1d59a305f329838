import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type AnswerOptions, type ErrorKind, pass } from '../../../src/model/effect.ts'
import { anthropic } from '../../../src/providers/anthropic/provider.ts'
import { ask, contextOf, eventsOf, get, nowMs, recognised, respond, textOf, tools } from './perform.ts'

interface Recorded {
  readonly from: string
  readonly error: ErrorKind
  readonly options: AnswerOptions
  readonly model?: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly without?: readonly string[]
  readonly body: unknown
}

const read = (name: string) =>
  readFileSync(new URL(`../../../fixtures/wire/anthropic/${name}`, import.meta.url), 'utf8')
const recorded: readonly Recorded[] = JSON.parse(read('errors.json'))
const streamed = { ...ask, stream: true }

test.each(recorded)('$error is as seen: $from', ({ error, options, model, status, headers, without = [], body }) => {
  const script = respond({ type: 'answer', error, options }, { ...ask, model: model ?? ask.model })

  expect(script.status).toBe(status)
  expect(script.headers).toMatchObject(headers)
  expect(Object.keys(script.headers)).not.toEqual(
    expect.arrayContaining([expect.stringMatching(new RegExp(`^(${without.join('|')})$`))]),
  )
  if (typeof body === 'string') expect(textOf(script)).toBe(body)
  else expect(JSON.parse(textOf(script))).toEqual({ ...(body as object), request_id: script.headers['request-id'] }) // recorded as JSON
})

test('an origin error in JSON is the edge’s document, field by field', () => {
  const script = respond({ type: 'answer', error: 'origin-error', options: { body: 'json' } })
  const { instance, ray_id, timestamp, what_you_should_do, ...rest } = JSON.parse(read('origin-error.json'))
  const made = JSON.parse(textOf(script))

  expect(script.status).toBe(522)
  expect(script.headers['request-id']).toBeUndefined()
  expect(made).toMatchObject(rest)
  expect(Object.keys(made)).toEqual(Object.keys({ ...JSON.parse(read('origin-error.json')) }))
  expect(made.instance).toBe(made.ray_id)
  expect([instance, made.ray_id].every(id => /^[0-9a-f]{16}$/.test(id)) && ray_id === instance).toBe(true)
  expect(made.timestamp).toBe('2026-03-02T11:00:00Z')
  expect(made.what_you_should_do.startsWith(what_you_should_do)).toBe(true)
  expect(timestamp).toMatch(/Z$/)
})

test('a message has the fields of a recorded one, in their order', () => {
  expect(shape(JSON.parse(textOf(respond(pass))))).toEqual(shape(JSON.parse(read('message.json'))))
  expect(Object.keys(JSON.parse(textOf(respond(pass))))).toEqual(Object.keys(JSON.parse(read('message.json'))))
})

test('a stream has the events of a recorded one, in their order, with their fields', () => {
  const made = eventsOf(respond(pass, streamed)).map(shape)
  const real = parse(read('message.sse')).map(shape)

  expect(deduped(made)).toEqual(real)
})

test('a tool call is streamed as documented: an empty fragment first, then the JSON in pieces', () => {
  const events = eventsOf(respond(pass, { ...streamed, tools }))
  const [start, ...deltas] = events.filter(({ event }) => /^content_block_(start|delta)/.test(event))
  const documented = parse(read('tool-use.sse'))
  const fragments = deltas.map(({ data }) => (data['delta'] as { partial_json: string }).partial_json) // tool turns have no other delta

  expect(shape(start)).toEqual(shape(documented[0]))
  expect(shape(deltas[0])).toEqual(shape(documented[1]))
  expect(fragments[0]).toBe('')
  expect(fragments.length).toBeGreaterThan(2)
  expect(JSON.parse(fragments.join(''))).toMatchObject({ order: 'ORD-1111' })
})

test('thinking is streamed before the text, its signature last', () => {
  const events = eventsOf(
    respond(pass, { ...streamed, max_tokens: 4_096, thinking: { type: 'enabled', budget_tokens: 1_024 } }),
  )
  const kinds = events.map(({ data }) => (data['delta'] as { type?: string } | undefined)?.type ?? data['type'])

  expect(deduped(kinds)).toEqual([
    'message_start',
    'content_block_start',
    'ping',
    'thinking_delta',
    'signature_delta',
    'content_block_stop',
    'content_block_start',
    'text_delta',
    'content_block_stop',
    'message_delta',
    'message_stop',
  ])
})

test('an error event has its recorded form and ends the stream', () => {
  const script = respond({ type: 'stream-error', after: { events: 5 }, error: 'overloaded_error' }, streamed)
  const [recordedEvent] = parse(read('stream-error.sse'))
  const events = eventsOf(script)

  expect(events).toHaveLength(6)
  expect(events.at(-1)).toEqual({
    event: 'error',
    data: { ...recordedEvent?.data, request_id: script.headers['request-id'] },
  })
  expect(script).toMatchObject({ status: 200, end: { type: 'finish' }, good: false })
})

test('the headers carry the live buckets, in whole seconds and to the nearest thousand tokens', () => {
  const rateLimits = [
    { dimension: 'requests', limit: 60, remaining: 12.7, resetMs: 47_300 },
    { dimension: 'input_tokens', limit: 40_000, remaining: 1_499, resetMs: 60_000 },
    { dimension: 'output_tokens', limit: 8_000, remaining: 7_800, resetMs: 1 },
  ] as const
  const limits = (rendered: { headers: Readonly<Record<string, string>> }) =>
    Object.fromEntries(Object.entries(rendered.headers).filter(([name]) => name.startsWith('anthropic-ratelimit-')))
  const answered = respond(pass, ask, { rateLimits })
  const limited = respond({ type: 'answer', error: 'rate-limited', options: {} }, ask, { rateLimits })

  expect(limits(limited)).toEqual(limits(answered))
  expect(limits(answered)).toEqual({
    'anthropic-ratelimit-requests-limit': '60',
    'anthropic-ratelimit-requests-remaining': '12',
    'anthropic-ratelimit-requests-reset': '2026-03-02T11:00:48Z',
    'anthropic-ratelimit-input-tokens-limit': '40000',
    'anthropic-ratelimit-input-tokens-remaining': '1000',
    'anthropic-ratelimit-input-tokens-reset': '2026-03-02T11:01:00Z',
    'anthropic-ratelimit-output-tokens-limit': '8000',
    'anthropic-ratelimit-output-tokens-remaining': '8000',
    'anthropic-ratelimit-output-tokens-reset': '2026-03-02T11:00:01Z',
    'anthropic-ratelimit-tokens-limit': '48000',
    'anthropic-ratelimit-tokens-remaining': '9000',
    'anthropic-ratelimit-tokens-reset': '2026-03-02T11:01:00Z',
  })
})

test.each([
  ['json', 'application/json', /^\{"type":"error","error":\{"type":"api_error"/],
  ['html', 'text/html', /<center><h1>503 Service Temporarily Unavailable/],
  ['edge-json', 'application/json', /"cloudflare_error":true/],
  ['text', 'text/plain; charset=utf-8', /^Cloudflare encountered an error/],
  ['empty', undefined, /^$/],
] as const)('an error can be spoken as %s', (body, type, text) => {
  const script = respond({ type: 'answer', error: 'unavailable', options: { body } })

  expect(script.status).toBe(503)
  expect(script.headers['content-type']).toBe(type)
  expect(script.headers['content-length']).toBe(String(Buffer.byteLength(textOf(script))))
  expect(textOf(script)).toMatch(text)
})

test('status, words, time and advice of an error can be set', () => {
  const options: AnswerOptions = {
    status: 520,
    message: 'Gone for lunch',
    afterMs: 7,
    shouldRetry: false,
    retryAfter: { as: 'seconds', ms: 1 },
  }
  const script = respond({ type: 'answer', error: 'internal-error', options })

  expect(script).toMatchObject({ status: 520, afterMs: 7, headers: { 'x-should-retry': 'false', 'retry-after': '1' } })
  expect(JSON.parse(textOf(script)).error).toEqual({ type: 'api_error', message: 'Gone for lunch' })
})

test('a bucket that never fills again still has a date', () => {
  const rateLimits = [{ dimension: 'requests', limit: 0, remaining: 0, resetMs: Number.POSITIVE_INFINITY }] as const

  expect(respond(pass, ask, { rateLimits }).headers['anthropic-ratelimit-requests-reset']).toBe('2026-03-03T11:00:00Z')
})

test('a spend cap ends with the month of the run', () => {
  const script = respond({ type: 'answer', error: 'quota', options: {} })

  expect(JSON.parse(textOf(script)).error.message).toContain('2026-04-01 at 00:00 UTC')
})

test('the status page is green in the shape of Statuspage', () => {
  const page = (name: string) => {
    const script = anthropic.render(pass, recognised(get(`https://status.claude.com/api/v2/${name}.json`)), contextOf())
    return script.type === 'respond' ? JSON.parse(textOf(script)) : undefined
  }

  expect(page('status')).toMatchObject({
    page: { name: 'Claude' },
    status: { indicator: 'none', description: 'All Systems Operational' },
  })
  expect(Object.keys(page('summary'))).toEqual(['page', 'components', 'incidents', 'scheduled_maintenances', 'status'])
  expect(page('summary').components.map(({ status }: { status: string }) => status)).toEqual(
    Array(4).fill('operational'),
  )
  expect(Date.parse(page('status').page.updated_at)).toBeLessThan(nowMs)
})

/** Names and kinds, without the values. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shape)
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key === 'type' || key === 'event' ? inner : shape(inner)]),
  )
}

function parse(text: string): ReturnType<typeof eventsOf> {
  return eventsOf({ ...respond(pass), chunks: [{ afterMs: 0, data: text }] })
}

/** Runs of equal things as one. */
function deduped<T>(values: readonly T[]): T[] {
  return values.filter((value, i) => JSON.stringify(value) !== JSON.stringify(values[i - 1]))
}
