import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CutPoint, type Effect, pass } from '../../../src/model/effect.ts'
import { openai } from '../../../src/providers/openai/provider.ts'
import type { Script } from '../../../src/providers/provider.ts'
import { chatRequest, chatTools, post, recognised, respond, responseRequest, tools } from './openai.ts'
import { bytesOf, contextOf, textOf } from './perform.ts'

const cutPoint: fc.Arbitrary<CutPoint> = fc.oneof(
  fc.record({ events: fc.nat(40) }),
  fc.record({ bytes: fc.nat(6_000) }),
  fc.record({ ms: fc.nat(3_000) }),
  fc.record({ inside: fc.constantFrom('frame', 'code-point', 'tool-json') }),
)
const request = fc.constantFrom(
  chatRequest(),
  chatRequest({ stream: true, stream_options: { include_usage: true } }),
  chatRequest({ stream: true, tools: chatTools, n: 2 }),
  responseRequest(),
  responseRequest({ tools }),
  responseRequest({ stream: true, model: 'o4-mini', reasoning: { summary: 'auto' } }),
  responseRequest({ stream: true, tools }),
  post('/v1/embeddings', { model: 'text-embedding-3-small', input: ['a', 'b'], dimensions: 4 }),
)
const effect: fc.Arbitrary<Effect> = fc.oneof(
  fc.record({ type: fc.constant('cut'), after: cutPoint, by: fc.constantFrom('fin', 'rst', 'clean') }),
  fc.record({ type: fc.constant('stall'), after: cutPoint, pings: fc.boolean() }),
  fc.record({ type: fc.constant('stall'), after: cutPoint, pings: fc.boolean(), forMs: fc.nat(60_000) }),
  fc.record({ type: fc.constant('stream-error'), after: cutPoint, error: fc.constantFrom('overloaded_error', 'x') }),
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
    fc.property(effect, request, fc.nat(999), (spoilt, asked, seed) => {
      const script = openai.render(spoilt, recognised(asked), contextOf({ seed }))
      if (script.type !== 'respond' || !['cut', 'stall', 'lose'].includes(spoilt.type)) return
      const good = bytesOf(respond(pass, asked, { seed }).chunks)
      const sent = bytesOf(script.chunks)

      expect(sent.length).toBeLessThan(good.length)
      expect(good.subarray(0, sent.length).equals(sent)).toBe(true)
      if (script.end.type !== 'stall' || !script.good) return
      expect(Buffer.concat([sent, bytesOf(script.end.rest ?? [])]).equals(good)).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('the same context gives the same script, whole times and times that never run backwards', () => {
  fc.assert(
    fc.property(effect, request, fc.nat(999), (any, asked, seed) => {
      const render = () => openai.render(any, recognised(asked), contextOf({ seed }))
      const script = render()

      expect(render()).toEqual(script)
      expect(times(script).every(ms => Number.isInteger(ms) && ms >= 0)).toBe(true)
    }),
    { numRuns: 300 },
  )
})

test('another seed or another attempt says something else under another id', () => {
  const a = respond(pass, responseRequest(), { seed: 1 })
  const b = respond(pass, responseRequest(), { seed: 2 })
  const c = respond(pass, responseRequest(), { seed: 1, attemptId: 'a2' })

  expect(textOf(a)).not.toBe(textOf(b))
  expect(textOf(a)).not.toBe(textOf(c))
  expect(a.headers['x-request-id']).not.toBe(c.headers['x-request-id'])
})

test.each([
  ['a chat', chatRequest({ tools: chatTools }), /"arguments":"\{\\"order[^}]*$/],
  ['a response', responseRequest({ tools }), /"arguments":"\{\\"order[^}]*$/],
  ['a streamed chat', chatRequest({ tools: chatTools, stream: true }), /"arguments":"\{\\"[^}]*\}[^{]*$/],
  ['a streamed response', responseRequest({ tools, stream: true }), /"delta":"\{\\"[^}]*\}\n\n$/],
])('a cut inside the arguments of a call leaves half of them in %s', (_, asked, half) => {
  const cut = textOf(respond({ type: 'cut', after: { inside: 'tool-json' }, by: 'fin' }, asked))

  expect(cut).toMatch(half)
})

test('a chat without its end has neither a reason to stop, nor usage, nor [DONE]', () => {
  const asked = chatRequest({ stream: true, stream_options: { include_usage: true } })
  const text = textOf(respond({ type: 'garble', how: 'no-stop' }, asked))

  expect(text).not.toMatch(/"finish_reason":"|"usage":\{|\[DONE\]/)
  expect(text).toContain('[end:t1]')
})

test('a response without its end is never completed', () => {
  const text = textOf(respond({ type: 'garble', how: 'no-stop' }, responseRequest({ stream: true })))

  expect(text).toContain('event: response.output_item.done')
  expect(text).not.toContain('response.completed')
})

test('pings come between frames, never inside one', () => {
  fc.assert(
    fc.property(cutPoint, after => {
      const script = respond({ type: 'stall', after, pings: true }, responseRequest({ stream: true, tools }))
      const frames = textOf(script).split('\n\n').length - 1

      expect(textOf(script)).toMatch(/^(?:event: [a-z_.]+\ndata: .*\n\n)*$/)
      expect(script.end).toMatchObject({
        pings: { data: `event: keepalive\ndata: {"type":"keepalive","sequence_number":${frames}}\n\n` },
      })
    }),
  )
})

test('slow tokens come one by one', () => {
  const script = respond({ type: 'slow', perTokenMs: 100 }, chatRequest({ stream: true }))
  const paces = script.chunks.slice(1, -1).map(({ afterMs }) => afterMs)

  expect(paces.length).toBeGreaterThan(20)
  expect(Math.max(...paces)).toBeLessThanOrEqual(150)
})

test('nothing to say is an empty answer, not an error', () => {
  const empty: Effect = { type: 'empty', how: 'no-content' }

  expect(JSON.parse(textOf(respond(empty, chatRequest()))).choices[0]).toMatchObject({
    message: { content: '' },
    finish_reason: 'stop',
  })
  expect(JSON.parse(textOf(respond(empty, responseRequest()))).output).toEqual([])
})

function times(script: Script): number[] {
  if (script.type === 'reset') return [script.afterMs]
  if (script.type !== 'respond') return []
  const rest = script.end.type === 'stall' ? (script.end.rest ?? []) : []
  return [script.afterMs, ...[...script.chunks, ...rest].map(({ afterMs }) => afterMs)]
}
