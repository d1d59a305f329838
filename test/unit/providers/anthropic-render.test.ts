import fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomStream } from '../../../src/lib/draw.ts'
import { type CutPoint, type Effect, pass } from '../../../src/model/effect.ts'
import { anthropic } from '../../../src/providers/anthropic/provider.ts'
import { firstTokenMs, tokenMsOf } from '../../../src/providers/pace.ts'
import type { Respond, Script } from '../../../src/providers/provider.ts'
import { ask, bytesOf, contextOf, eventsOf, get, post, recognised, respond, textOf, tools } from './perform.ts'

const streamed = { ...ask, stream: true }
const cutPoint: fc.Arbitrary<CutPoint> = fc.oneof(
  fc.record({ events: fc.nat(40) }),
  fc.record({ bytes: fc.nat(6_000) }),
  fc.record({ ms: fc.nat(3_000) }),
  fc.record({ inside: fc.constantFrom('frame', 'code-point', 'tool-json') }),
)
const body = fc.constantFrom<unknown>(ask, streamed, { ...ask, tools }, { ...streamed, tools })
const effect: fc.Arbitrary<Effect> = fc.oneof(
  fc.record({ type: fc.constant('cut'), after: cutPoint, by: fc.constantFrom('fin', 'rst', 'clean') }),
  fc.record({ type: fc.constant('stall'), after: cutPoint, pings: fc.boolean() }),
  fc.record({ type: fc.constant('stall'), after: cutPoint, pings: fc.boolean(), forMs: fc.nat(60_000) }),
  fc.record({
    type: fc.constant('stream-error'),
    after: cutPoint,
    error: fc.constantFrom('overloaded_error', 'api_error'),
  }),
  fc.record({
    type: fc.constant('garble'),
    how: fc.constantFrom('malformed-json', 'truncated-json', 'wrong-type', 'odd-event', 'no-stop'),
  }),
  fc.record({ type: fc.constant('lose'), at: fc.constantFrom('headers', 'body', 'end') }),
  fc.record({ type: fc.constant('empty'), how: fc.constantFrom('no-content', 'no-body') }),
  fc.record({ type: fc.constant('slow'), perTokenMs: fc.nat(500) }),
  fc.constantFrom<Effect>(pass, { type: 'wrong' }, { type: 'refuse' }, { type: 'dns' }, { type: 'tls' }),
)

test('whatever is cut, stalled or lost is a true beginning of the good answer', () => {
  fc.assert(
    fc.property(effect, body, fc.nat(999), (spoilt, json, seed) => {
      const script = anthropic.render(spoilt, recognised(post('/v1/messages', json)), contextOf({ seed }))
      if (script.type !== 'respond' || (spoilt.type !== 'cut' && spoilt.type !== 'stall' && spoilt.type !== 'lose'))
        return
      const good = bytesOf(respond(pass, json, { seed }).chunks)
      const sent = bytesOf(script.chunks)

      expect(sent.length).toBeLessThan(good.length)
      expect(good.subarray(0, sent.length).equals(sent)).toBe(true)
      if (script.end.type !== 'stall') return
      // What was held back makes it whole again.
      const rest = bytesOf(script.end.rest ?? [])
      expect(script.good).toBe(script.end.forMs !== undefined)
      if (script.good) expect(Buffer.concat([sent, rest]).equals(good)).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('the same context gives the same script, whole times and times that never run backwards', () => {
  fc.assert(
    fc.property(effect, body, fc.nat(999), (any, json, seed) => {
      const render = () => anthropic.render(any, recognised(post('/v1/messages', json)), contextOf({ seed }))
      const script = render()

      expect(render()).toEqual(script)
      expect(times(script).every(ms => Number.isInteger(ms) && ms >= 0)).toBe(true)
    }),
    { numRuns: 300 },
  )
})

test('another seed or another attempt says something else under another id', () => {
  const a = respond(pass, ask, { seed: 1 })
  const b = respond(pass, ask, { seed: 2 })
  const c = respond(pass, ask, { seed: 1, attemptId: 'a2' })

  expect(textOf(a)).not.toBe(textOf(b))
  expect(textOf(a)).not.toBe(textOf(c))
  expect(a.headers['request-id']).not.toBe(c.headers['request-id'])
})

test('only a whole and right answer is good', () => {
  const good = (spoilt: Effect, json: unknown = streamed) => respond(spoilt, json).good
  const after = { events: 4 }

  expect([
    good(pass),
    good(pass, { ...streamed, tools }),
    good({ type: 'slow', perTokenMs: 50 }),
    good(delay(9, pass)),
    good({ type: 'stall', after, pings: true, forMs: 1_000 }),
    good({ type: 'garble', how: 'odd-event' }),
  ]).toEqual(Array(6).fill(true))
  expect([
    good({ type: 'wrong' }),
    good({ type: 'stall', after, pings: true }),
    good({ type: 'cut', after, by: 'fin' }),
    good({ type: 'empty', how: 'no-content' }),
    good({ type: 'empty', how: 'no-body' }),
    good({ type: 'garble', how: 'no-stop' }),
    good({ type: 'garble', how: 'wrong-type' }),
    good({ type: 'lose', at: 'end' }),
    good({ type: 'stream-error', after, error: 'overloaded_error' }),
    good({ type: 'answer', error: 'overloaded', options: {} }),
    good({ type: 'answer-raw', status: 200, headers: {}, body: '{}' }),
  ]).toEqual(Array(11).fill(false))
})

test('a cut after n events leaves exactly n events', () => {
  for (const events of [0, 1, 4, 7])
    expect(eventsOf(respond({ type: 'cut', after: { events }, by: 'fin' }, streamed))).toHaveLength(events)
})

test('a cut past the end still cuts', () => {
  const total = eventsOf(respond(pass, streamed)).length

  for (const after of [{ events: 999 }, { ms: 3_600_000 }])
    expect(eventsOf(respond({ type: 'cut', after, by: 'rst' }, streamed))).toHaveLength(total - 1)
  expect(bytesOf(respond({ type: 'cut', after: { bytes: 1e9 }, by: 'rst' }, ask).chunks).length).toBe(
    bytesOf(respond(pass, ask).chunks).length - 1,
  )
})

test('a cut after some time falls at that time', () => {
  const script = respond({ type: 'cut', after: { ms: 100 }, by: 'rst' }, streamed)

  expect(script.chunks.reduce((sum, { afterMs }) => sum + afterMs, 0)).toBe(100)
})

test.each([ask, streamed])('a cut inside a code point leaves half a character', json => {
  const sent = bytesOf(respond({ type: 'cut', after: { inside: 'code-point' }, by: 'fin' }, json).chunks)

  expect(() => new TextDecoder('utf-8', { fatal: true }).decode(sent)).toThrow(TypeError)
  expect(sent.at(-1)).toBeGreaterThan(0xc0)
})

test('a cut inside tool JSON leaves whole events with half an object in them', () => {
  const events = eventsOf(respond({ type: 'cut', after: { inside: 'tool-json' }, by: 'fin' }, { ...streamed, tools }))
  const json = events
    .map(({ data }) => (data['delta'] as { partial_json?: string } | undefined)?.partial_json ?? '')
    .join('')
  const whole = textOf(respond({ type: 'cut', after: { inside: 'tool-json' }, by: 'fin' }, { ...ask, tools }))

  expect(json).toMatch(/^\{"order/)
  expect(() => JSON.parse(json)).toThrow(SyntaxError)
  expect(whole).toMatch(/"input":\{"order[^}]*$/)
})

test('a character of two code units is never cut apart by time', () => {
  const json = { ...streamed, messages: [{ role: 'user', content: '[q:😀😀😀😀😀😀😀😀]' }] }
  const good = bytesOf(respond(pass, json).chunks)

  for (let ms = 0; ms < 400; ms++) {
    const sent = bytesOf(respond({ type: 'cut', after: { ms }, by: 'rst' }, json).chunks)
    expect(good.subarray(0, sent.length).equals(sent)).toBe(true)
  }
})

test('pings come between events, never inside one', () => {
  fc.assert(
    fc.property(cutPoint, after => {
      const script = respond({ type: 'stall', after, pings: true }, { ...streamed, tools })

      expect(textOf(script)).toMatch(/^(?:event: [a-z_]+\ndata: .*\n\n)*$/)
      expect(script.end).toMatchObject({
        type: 'stall',
        pings: { everyMs: 15_000, data: expect.stringContaining('event: ping\n') },
      })
    }),
  )
})

test('a body that is no stream is never pinged', () => {
  expect(respond({ type: 'stall', after: { events: 2 }, pings: true }, ask).end).toEqual({ type: 'stall' })
})

test('the time to the first token is lognormal around 450 ms and ends at 4 s', () => {
  const random = randomStream(7)
  const drawn = Array.from({ length: 4_001 }, () => firstTokenMs(random)).sort((a, b) => a - b)

  expect(drawn[2_000]).toBeGreaterThan(430)
  expect(drawn[2_000]).toBeLessThan(470)
  expect(drawn[3_362] ?? 0).toBeGreaterThan(560) // one sigma up: 450 × e^0.35 = 639
  expect(drawn[3_362] ?? 0).toBeLessThan(720)
  expect(firstTokenMs(sequence(1 - 1e-12, 0))).toBeLessThanOrEqual(4_000)
})

test('tokens take as long in a stream as without one, and as long as asked when slow', () => {
  const pace = tokenMsOf(ask.model, contextOf().draw)
  const usage = JSON.parse(textOf(respond(pass, ask))).usage.output_tokens
  const whole = respond(pass, ask)
  const first = respond(pass, streamed)
  const slow = respond({ type: 'slow', perTokenMs: 200 }, streamed)

  expect(whole.afterMs - first.afterMs).toBe(Math.round(usage * pace))
  expect(Math.abs(lengthMs(first) - usage * pace)).toBeLessThan(40)
  expect(Math.abs(lengthMs(slow) - usage * 200)).toBeLessThan(250)
  // A client that watches for silence sees one token's time, not that of ten.
  expect(Math.max(...slow.chunks.map(({ afterMs }) => afterMs))).toBe(200)
})

test('errors are quick, those of the edge quickest', () => {
  for (let seed = 0; seed < 50; seed++) {
    const api = respond({ type: 'answer', error: 'overloaded', options: {} }, ask, { seed }).afterMs
    const edge = respond({ type: 'answer', error: 'bad-gateway', options: {} }, ask, { seed }).afterMs
    expect([api >= 40 && api <= 80, edge >= 25 && edge <= 35]).toEqual([true, true])
  }
})

test('a delay comes before whatever follows', () => {
  const delayed = (inner: Effect) =>
    anthropic.render(delay(1_000, inner), recognised(post('/v1/messages', ask)), contextOf())

  expect(delayed(pass)).toEqual({ ...respond(pass), afterMs: respond(pass).afterMs + 1_000 })
  expect(delayed({ type: 'reset', afterMs: 5 })).toEqual({ type: 'reset', afterMs: 1_005 })
  expect(delayed({ type: 'refuse' })).toEqual({ type: 'refuse' })
})

test('what happens below HTTP is passed on as it is', () => {
  const render = (below: Effect) => anthropic.render(below, recognised(post('/v1/messages', ask)), contextOf())

  for (const below of [{ type: 'refuse' }, { type: 'dns' }, { type: 'tls' }, { type: 'reset', afterMs: 3 }] as const)
    expect(render(below)).toEqual(below)
  expect(render({ type: 'hold', connect: true })).toEqual({ type: 'hold', connect: true })
})

test('a lost response was worked on to its end', () => {
  const good = respond(pass, streamed)
  const lost = anthropic.render(
    { type: 'lose', at: 'headers' },
    recognised(post('/v1/messages', streamed)),
    contextOf(),
  )
  const atEnd = respond({ type: 'lose', at: 'end' }, streamed)

  expect(lost).toEqual({ type: 'reset', afterMs: good.afterMs + lengthMs(good) })
  expect(bytesOf(atEnd.chunks).length).toBe(bytesOf(good.chunks).length - 5)
  expect(atEnd.end).toEqual({ type: 'rst' })
})

test('a raw answer is exactly what was asked for', () => {
  const raw: Effect = { type: 'answer-raw', status: 418, headers: { 'x-tea': 'yes' }, body: 'short', afterMs: 12 }

  expect(respond(raw)).toEqual({
    type: 'respond',
    afterMs: 12,
    status: 418,
    headers: { 'x-tea': 'yes' },
    chunks: [{ afterMs: 0, data: 'short' }],
    end: { type: 'finish' },
    good: false,
  })
})

test('every effect can hit every surface', () => {
  const urls = [
    '/v1/models',
    '/v1/files',
    '/v1/messages/batches',
    '/x',
    'https://claude.ai/',
    'https://claude.ai/login',
    'https://claude.ai/code',
    'https://console.anthropic.com/',
    'https://status.claude.com/api/v2/summary.json',
  ]
  const requests = [...urls.map(url => get(url)), post('/v1/messages/count_tokens', ask)]
  fc.assert(
    fc.property(effect, fc.constantFrom(...requests), (any, request) => {
      const script = anthropic.render(any, recognised(request), contextOf())

      expect(times(script).every(ms => ms >= 0)).toBe(true)
      if (any.type === 'pass' && script.type === 'respond')
        expect([script.status, script.good]).toEqual(request.url.pathname === '/x' ? [404, false] : [200, true])
    }),
    { numRuns: 400 },
  )
})

test('a forced tool is called again, a forbidden one never', () => {
  const uses = (json: object, called: string[] = []) => {
    const { content } = JSON.parse(textOf(respond(pass, { ...ask, tools, ...json }, { toolsCalled: new Set(called) })))
    return content.map(({ type, name }: { type: string; name?: string }) => name ?? type)
  }
  const both = ['look_up', 'refund']

  expect(uses({})).toEqual(['look_up'])
  expect(uses({}, ['look_up'])).toEqual(['refund'])
  expect(uses({}, both)).toEqual(['text'])
  expect(uses({ tool_choice: { type: 'tool', name: 'refund' } }, both)).toEqual(['refund'])
  expect(uses({ tool_choice: { type: 'any' } }, both)).toEqual(['look_up'])
  expect(uses({ tool_choice: { type: 'none' } })).toEqual(['text'])
})

test('tools of an earlier question may be called again, those of this transcript are not', () => {
  const turn = (id: string) => [
    { role: 'assistant', content: [{ type: 'tool_use', id, name: 'look_up', input: {} }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: 'ok' }] },
  ]
  const first = { role: 'user', content: '[q:t1] First?' }
  const second = [
    { role: 'assistant', content: 'So.' },
    { role: 'user', content: '[q:t2] Second?' },
  ]
  const called = (messages: unknown) => JSON.parse(textOf(respond(pass, { ...ask, tools, messages }))).content[0].name

  expect(called([first, ...turn('a')])).toBe('refund')
  expect(called([first, ...turn('a'), ...second])).toBe('look_up')
})

test('structured output is a document of its schema', () => {
  const schema = { type: 'object', properties: { mood: { enum: ['calm', 'cross'] } }, required: ['mood'] }
  const script = respond(pass, { ...ask, output_config: { format: { type: 'json_schema', schema } } })

  expect(JSON.parse(JSON.parse(textOf(script)).content[0].text)).toEqual({ mood: 'calm' })
})

test('without a marker the question is named by its text', () => {
  const text = (content: string) =>
    JSON.parse(textOf(respond(pass, { ...ask, messages: [{ role: 'user', content }] }))).content[0].text

  expect(text('Hello')).toMatch(/^\[q:(x[0-9a-f]{8})\] .+ \[end:\1\]$/)
  expect(text('Hello').slice(0, 13)).not.toBe(text('Hullo').slice(0, 13))
})

test('a small max_tokens shortens the prose, never the marks', () => {
  const message = JSON.parse(textOf(respond(pass, { ...ask, max_tokens: 20 })))

  expect(message.content[0].text).toMatch(/^\[q:t1\] .+ \[end:t1\]$/)
  expect(message.usage.output_tokens).toBeLessThanOrEqual(20)
})

test('no key shows in anything that is sent', () => {
  fc.assert(
    fc.property(effect, body, (any, json) => {
      const secret = 'sk-ant-api03-secret'
      const script = anthropic.render(any, recognised(post('/v1/messages', json, { 'x-api-key': secret })), contextOf())
      expect(JSON.stringify(script)).not.toContain(secret)
    }),
  )
})

function delay(byMs: number, inner: Effect): Effect {
  // biome-ignore lint/suspicious/noThenProperty: the effect names what follows so; it is no function, so nothing awaits it
  return { type: 'delay', byMs, then: inner }
}

function times(script: Script): readonly number[] {
  if (script.type === 'reset') return [script.afterMs]
  if (script.type !== 'respond') return []
  const rest = script.end.type === 'stall' ? (script.end.rest ?? []) : []
  return [script.afterMs, ...[...script.chunks, ...rest].map(({ afterMs }) => afterMs)]
}

function lengthMs({ chunks }: Respond): number {
  return chunks.reduce((sum, { afterMs }) => sum + afterMs, 0)
}

function sequence(...values: number[]): () => number {
  let i = 0
  return () => values[i++ % values.length] ?? 0
}
