import { expect, test } from 'vitest'
import { cappedAnswer, dialectOf, unreachableAnswer } from '../../../../src/engines/pass-through/dialects.ts'
import { upstreamFailed } from '../../../../src/engines/pass-through/forwarded.ts'
import { needsUpstream, relay } from '../../../../src/engines/pass-through/relay.ts'
import type { Effect } from '../../../../src/model/effect.ts'
import { anthropic } from '../../../../src/providers/anthropic/provider.ts'
import { providers } from '../../../../src/providers/index.ts'
import type { Script } from '../../../../src/providers/provider.ts'
import { ask, contextOf, post } from '../../providers/perform.ts'
import { HandClock } from './hand-clock.ts'
import { type Got, HandFed, recognisedBy, relayed } from './hand-fed.ts'
import { bytesOf } from './streams.ts'

const asked = recognisedBy(anthropic, post('/v1/messages', { ...ask, stream: true }))
const stream = { 'content-type': 'text/event-stream; charset=utf-8', 'request-id': 'req_real' }

const event = (type: string, more: object = {}) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`
const delta = (text: string) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } })
const start = event('message_start')
const stop = event('message_stop')

function streaming(effect: Effect): { readonly upstream: HandFed; readonly got: Got } {
  const upstream = new HandFed(stream)
  return { upstream, got: relayed(effect, upstream.answered, asked) }
}

async function sendAll(upstream: HandFed, ...frames: readonly string[]): Promise<void> {
  for (const frame of frames) await upstream.send(frame)
}

test('what comes before a cut is let through as it comes, and the upstream is left at the cut', async () => {
  const { upstream, got } = streaming({ type: 'cut', after: { events: 2 }, by: 'fin' })

  await upstream.send(start)
  const first = [...got.pieces]
  await upstream.send(delta('a'))

  expect(first).toEqual([start])
  expect(got.pieces).toEqual([start, delta('a')])
  expect(got.end).toEqual({ type: 'end', how: 'fin', outcome: 'cut' })
  expect(upstream.cancelled).toBe(true)
  expect(got.relayed).toMatchObject({ type: 'stream', status: 200, headers: stream })
})

test('the upstream is left with the end, also by who reads no further', async () => {
  const upstream = new HandFed(stream)
  const dialect = dialectOf('anthropic')
  if (!dialect) throw new Error('No dialect')
  const more = { dialect, request: asked, context: contextOf(), clock: new HandClock() }
  const effect: Effect = { type: 'cut', after: { events: 1 }, by: 'rst' }
  const relayed = await relay(effect, upstream.answered, { ...more, signal: new AbortController().signal })
  if (relayed.type !== 'stream') throw new Error('No stream')
  const steps = relayed.steps[Symbol.asyncIterator]()

  await upstream.send(start)
  await steps.next()
  const before = upstream.cancelled
  const { value } = await steps.next()

  expect([before, upstream.cancelled, value]).toEqual([false, true, { type: 'end', how: 'rst', outcome: 'cut' }])
})

test.for([
  { events: 100 },
  { bytes: 1_000_000 },
  { ms: 1_000_000 },
  { inside: 'frame' },
  { inside: 'code-point' },
  { inside: 'tool-json' },
] as const)('a cut after %o of a stream that is shorter comes before its end all the same', async after => {
  const { upstream, got } = streaming({ type: 'cut', after, by: 'clean' })

  await sendAll(upstream, start, delta('a'), stop)

  expect(got.pieces.slice(0, 2)).toEqual([start, delta('a')])
  expect(got.bytes.length).toBeLessThan(`${start}${delta('a')}${stop}`.length)
  expect(got.end).toEqual({ type: 'end', how: 'clean', outcome: 'cut' })
})

test('a cut at an instant comes then, though the upstream is silent', async () => {
  const { upstream, got } = streaming({ type: 'cut', after: { ms: 2_000 }, by: 'rst' })

  await upstream.send(start)
  const timers = got.clock.waiting
  await got.clock.pass(1_999)
  const before = got.end
  await got.clock.pass(1)

  expect([timers, before]).toEqual([1, undefined])
  expect(got.pieces).toEqual([start])
  expect(got.end).toEqual({ type: 'end', how: 'rst', outcome: 'cut' })
  expect(upstream.cancelled).toBe(true)
  expect(got.clock.waiting).toBe(0)
})

test('a cut inside of a frame, a character or the JSON of a tool leaves it unfinished', async () => {
  const json = (part: string) =>
    event('content_block_delta', { delta: { type: 'input_json_delta', partial_json: part } })
  const seenOf = async (inside: 'frame' | 'code-point' | 'tool-json') => {
    const { upstream, got } = streaming({ type: 'cut', after: { inside }, by: 'rst' })
    const frames = [start, delta('a'), delta('für'), json(''), json('{"order'), json('":1}'), delta('z'), stop]
    await sendAll(upstream, ...frames)
    const whole = frames.findIndex((_, i) => Buffer.byteLength(frames.slice(0, i + 1).join('')) > got.bytes.length)
    return { whole, rest: got.bytes.subarray(Buffer.byteLength(frames.slice(0, whole).join(''))) }
  }

  const frame = await seenOf('frame')
  const codePoint = await seenOf('code-point')
  const toolJson = await seenOf('tool-json')

  expect([frame.whole, frame.rest.length > 0]).toEqual([4, true])
  expect([codePoint.whole, codePoint.rest.at(-1)]).toEqual([2, Buffer.from('ü')[0]])
  expect([toolJson.whole, toolJson.rest.length > 0]).toEqual([4, true])
})

test('a stall that is pinged is pinged in the words of the provider, and then the rest comes', async () => {
  const { upstream, got } = streaming({ type: 'stall', after: { bytes: start.length + 5 }, pings: true, forMs: 40_000 })
  const ping = dialectOf('anthropic')?.ping(asked, 1)

  await sendAll(upstream, start, delta('a'), delta('b'), stop)
  await upstream.end()
  const atOnce = [...got.pieces]
  await got.clock.pass(39_999)
  const meanwhile = got.pieces.slice(atOnce.length)
  await got.clock.pass(1)

  expect(atOnce).toEqual([start])
  expect(meanwhile).toEqual([ping, ping])
  expect(got.pieces.slice(3)).toEqual([delta('a'), delta('b'), stop])
  expect(got.end).toEqual({ type: 'end', how: 'finish', outcome: 'ok' })
  expect(upstream.cancelled).toBe(false)
})

test('a stall for good leaves the upstream at once, and pings for as long as the client is there', async () => {
  const { upstream, got } = streaming({ type: 'stall', after: { events: 1 }, pings: true })

  await upstream.send(start)
  const left = upstream.cancelled
  await got.clock.pass(600_000)
  got.gone.abort()
  await got.clock.pass(60_000)

  expect(left).toBe(true)
  expect(got.pieces).toHaveLength(1 + 40)
  expect(got.end).toEqual({ type: 'end', how: 'rst', outcome: 'aborted' })
  expect(got.clock.waiting).toBe(0)
})

test('slow tokens are so far apart, however quickly they come in', async () => {
  const { upstream, got } = streaming({ type: 'slow', perTokenMs: 500 })

  await sendAll(upstream, start, delta('a'), stop)
  await upstream.end()
  const counts: number[] = []
  for (let i = 0; i < 4; i++) {
    counts.push(got.pieces.length)
    await got.clock.pass(500)
  }

  expect(counts).toEqual([0, 1, 2, 3])
  expect(got.end).toEqual({ type: 'end', how: 'finish', outcome: 'ok' })
})

test('a delay is added to what the upstream took, and lets nothing through before', async () => {
  const upstream = new HandFed(stream)
  // biome-ignore lint/suspicious/noThenProperty: the effect names what follows so; it is no function, so nothing awaits it
  const effect: Effect = { type: 'delay', byMs: 3_000, then: { type: 'cut', after: { events: 1 }, by: 'fin' } }
  const got = relayed(effect, upstream.answered, asked)

  await sendAll(upstream, start, stop)
  await got.clock.pass(2_999)
  const before = got.relayed
  await got.clock.pass(1)

  expect(before).toBeUndefined()
  expect(got.pieces).toEqual([start])
  expect(got.end?.outcome).toBe('cut')
})

test('one event of malformed JSON is put into a stream that goes on', async () => {
  const { upstream, got } = streaming({ type: 'garble', how: 'malformed-json' })
  const frames = [start, delta('a'), delta('b'), delta('c'), stop]
  const isJson = (frame: string) => {
    try {
      JSON.parse(frame.slice(frame.indexOf('{')))
      return true
    } catch {
      return false
    }
  }

  await sendAll(upstream, ...frames)
  await upstream.end()

  expect(got.pieces.map(isJson)).toEqual([true, true, false, true, true])
  expect(got.pieces.filter((_, i) => i !== 2)).toEqual(frames.filter((_, i) => i !== 2))
  expect(got.end).toEqual({ type: 'end', how: 'finish', outcome: 'garbled' })
})

test('an answer that is lost has been worked on to its end', async () => {
  const { upstream, got } = streaming({ type: 'lose', at: 'body' })
  const before = new HandFed(stream)
  const headless = relayed({ type: 'lose', at: 'headers' }, before.answered, asked)
  const frames = [start, delta('a'), delta('b'), delta('c'), delta('d'), stop]

  await sendAll(upstream, ...frames)
  await sendAll(before, ...frames)
  const early = [got.end, headless.relayed]
  await upstream.end()
  await before.end()

  expect(early).toEqual([undefined, undefined])
  expect(got.pieces).toEqual(frames.slice(0, 3))
  expect(got.end).toEqual({ type: 'end', how: 'rst', outcome: 'cut' })
  expect(headless.relayed).toEqual({ type: 'script', script: { type: 'reset', afterMs: 0 } })
  expect([upstream.cancelled, before.cancelled]).toEqual([false, false])
})

test.for<Effect>([
  { type: 'pass' },
  { type: 'slow', perTokenMs: 1 },
  { type: 'cut', after: { events: 9 }, by: 'fin' },
  { type: 'stall', after: { events: 9 }, pings: false },
  { type: 'stream-error', after: { events: 9 }, error: 'api_error' },
  { type: 'garble', how: 'odd-event' },
  { type: 'lose', at: 'end' },
])('an upstream that breaks off is told from what was done to its answer: %o', async effect => {
  const { upstream, got } = streaming(effect)

  await upstream.send(start)
  await got.clock.pass(10)
  await upstream.breakOff()

  expect(got.end).toEqual({ type: 'end', how: 'rst', outcome: 'cut', broken: 'in words: gone' })
})

test('a client that goes away ends all, and takes the upstream along', async () => {
  const { upstream, got } = streaming({ type: 'slow', perTokenMs: 60_000 })

  await sendAll(upstream, start, delta('a'))
  await got.clock.pass(1_000)
  got.gone.abort()
  await got.clock.pass(0)

  expect(got.end).toEqual({ type: 'end', how: 'rst', outcome: 'aborted' })
  expect(upstream.cancelled).toBe(true)
  expect(got.clock.waiting).toBe(0)
})

test('what the upstream turns down is not spoilt any further', async () => {
  const upstream = new HandFed({ 'content-type': 'application/json', 'retry-after': '5' }, 429)
  const got = relayed({ type: 'cut', after: { bytes: 3 }, by: 'rst' }, upstream.answered, asked)

  await upstream.send('{"type":"error"}')
  await upstream.end()

  expect(got.relayed).toMatchObject({ type: 'stream', status: 429, headers: { 'retry-after': '5' } })
  expect(got.pieces).toEqual(['{"type":"error"}'])
  expect(got.end).toEqual({ type: 'end', how: 'finish', outcome: 'error' })
})

const json = JSON.stringify({ content: [{ type: 'text', text: 'grün' }], usage: { output_tokens: 20 } })
const size = Buffer.byteLength(json)

/** What becomes of a document, as a script. */
async function document(effect: Effect, body: string | Uint8Array = json, breaks = false) {
  const upstream = new HandFed({ 'content-type': 'application/json', 'content-length': `${size}` })
  const got = relayed(effect, upstream.answered, asked)
  await upstream.send(body)
  await (breaks ? upstream.breakOff() : upstream.end())
  return got.relayed?.type === 'script' ? got.relayed : undefined
}

function sent(script: Script | undefined) {
  if (script?.type !== 'respond') return script
  const { status, headers, chunks, end, good, afterMs } = script
  return {
    status,
    length: headers['content-length'],
    text: bytesOf(chunks).toString('latin1'),
    end: end.type,
    good,
    afterMs,
  }
}

test('a document is spoilt as a simulated one', async () => {
  const whole = Buffer.from(json).toString('latin1')
  const usual = { status: 200, length: `${size}`, good: false, afterMs: 0 }
  const of = async (effect: Effect) => sent((await document(effect))?.script)

  expect(await of({ type: 'cut', after: { bytes: 10 }, by: 'fin' })).toEqual({
    ...usual,
    ...{ text: whole.slice(0, 10), end: 'fin' },
  })
  // The upstream took a second: half of that is half of the document.
  expect(await of({ type: 'cut', after: { ms: 500 }, by: 'clean' })).toEqual({
    ...usual,
    ...{ length: undefined, text: whole.slice(0, size / 2), end: 'clean' },
  })
  expect(await of({ type: 'cut', after: { inside: 'code-point' }, by: 'rst' })).toEqual({
    ...usual,
    ...{ text: whole.slice(0, whole.indexOf('\u00c3') + 1), end: 'rst' },
  })
  expect(await of({ type: 'stall', after: { bytes: 10 }, pings: true })).toEqual({
    ...usual,
    ...{ text: whole.slice(0, 10), end: 'stall' },
  })
  expect(await of({ type: 'slow', perTokenMs: 30 })).toEqual({
    ...usual,
    ...{ text: whole, end: 'finish', good: true, afterMs: 600 },
  })
  expect(await of({ type: 'garble', how: 'truncated-json' })).toMatchObject({
    text: whole.slice(0, size / 2),
    end: 'clean',
  })
  expect(await of({ type: 'garble', how: 'malformed-json' })).toMatchObject({ text: whole.replace('":', '"') })
  expect(await of({ type: 'lose', at: 'end' })).toMatchObject({ text: whole.slice(0, -5), end: 'rst' })
  expect(await of({ type: 'lose', at: 'headers' })).toEqual({ type: 'reset', afterMs: 0 })
  expect(await of({ type: 'stream-error', after: { events: 1 }, error: 'overloaded_error' })).toMatchObject({
    status: 529,
    text: expect.stringContaining('"overloaded_error"'),
  })
})

test('a document that is no text is cut where it would be garbled, and never changed into another', async () => {
  const bytes = Buffer.from([0xff, 0xfe, 0x00, 0xff])
  const of = async (how: 'malformed-json' | 'odd-event') =>
    sent((await document({ type: 'garble', how }, bytes))?.script)

  expect([await of('malformed-json'), await of('odd-event')]).toEqual([
    expect.objectContaining({ text: '\u00ff\u00fe', end: 'clean' }),
    expect.objectContaining({ text: '\u00ff\u00fe', end: 'clean' }),
  ])
})

test('a document that the upstream broke off is handed on as far as it came, with the reason', async () => {
  const made = await document({ type: 'slow', perTokenMs: 30 }, '{"content', true)

  expect(made?.broken).toBe('in words: gone')
  expect(sent(made?.script)).toMatchObject({ text: '{"content', end: 'rst' })
})

test('an answer of which only the headers are wanted is not waited for', async () => {
  const of = (effect: Effect) => {
    const upstream = new HandFed(stream)
    return { upstream, got: relayed(effect, upstream.answered, asked) }
  }
  const empty = of({ type: 'empty', how: 'no-body' })
  const page = of({ type: 'garble', how: 'wrong-type' })
  await empty.got.clock.pass(0)

  expect(empty.got.relayed).toMatchObject({
    script: { status: 200, chunks: [], headers: { 'request-id': 'req_real', 'content-length': '0' } },
  })
  expect(page.got.relayed).toMatchObject({
    script: { status: 200, headers: { 'content-type': 'text/html', 'request-id': 'req_real' } },
  })
  expect([empty.upstream.cancelled, page.upstream.cancelled]).toEqual([true, true])
})

test('only what is done to a good answer needs an upstream', () => {
  const late = (then: Effect): Effect => ({ type: 'delay', byMs: 1, then })
  const needs: readonly Effect[] = [
    { type: 'pass' },
    { type: 'slow', perTokenMs: 1 },
    { type: 'cut', after: { events: 1 }, by: 'fin' },
    { type: 'stall', after: { events: 1 }, pings: false },
    { type: 'stream-error', after: { events: 1 }, error: 'api_error' },
    { type: 'garble', how: 'no-stop' },
    { type: 'empty', how: 'no-body' },
    { type: 'lose', at: 'headers' },
    late({ type: 'pass' }),
  ]
  const needsNone: readonly Effect[] = [
    { type: 'answer', error: 'overloaded', options: {} },
    { type: 'answer-raw', status: 500, headers: {}, body: '' },
    { type: 'refuse' },
    { type: 'dns' },
    { type: 'tls' },
    { type: 'reset', afterMs: 0 },
    { type: 'hold', connect: false },
    { type: 'empty', how: 'no-content' },
    { type: 'wrong' },
    late({ type: 'answer', error: 'overloaded', options: {} }),
  ]

  expect(needs.filter(effect => !needsUpstream(effect))).toEqual([])
  expect(needsNone.filter(needsUpstream)).toEqual([])
})

test('that an upstream does badly is told by its own answer', () => {
  const answered = (status: number) => new HandFed({}, status).answered

  expect(
    [
      answered(200),
      answered(304),
      answered(429),
      answered(529),
      { type: 'unreachable', why: '' } as const,
      { type: 'aborted' } as const,
    ].map(upstreamFailed),
  ).toEqual([false, false, true, true, true, false])
})

test('every provider says in its own envelope why its upstream did not answer, and that no more is let through', () => {
  for (const { id } of providers) {
    const request = { ...asked, provider: id, surface: id === 'openai' ? 'api.responses' : 'api.messages' }
    const unreachable = sent(unreachableAnswer('a.test refuses connections', request, contextOf()))
    const capped = sent(cappedAnswer(request, contextOf()))

    expect(dialectOf(id)).toBeDefined()
    expect(unreachable).toMatchObject({
      status: 502,
      afterMs: 0,
      text: expect.stringMatching(/^\[?\{.*The upstream did not answer: a\.test refuses connections\./s),
    })
    expect(capped).toMatchObject({
      status: 503,
      text: expect.stringMatching(/^\[?\{.*as many requests through as it may/s),
    })
  }
})
