import { describe, expect, test } from 'vitest'
import type { Effect, ErrorKind } from '../../../src/model/effect.ts'
import { httpProvider } from '../../../src/providers/http/provider.ts'
import type { WireRequest } from '../../../src/providers/provider.ts'
import { contextOf, perform, textOf } from './perform.ts'

const provider = httpProvider(
  new Map([
    ['tickets', { host: 'tickets.example' }],
    ['local', { port: 6333 }],
    ['tools', { path: '/tools' }],
  ]),
)

function request(method: string, url: string, headers: Record<string, string> = {}, body = ''): WireRequest {
  return { method, url: new URL(url), headers, body }
}

function answer(effect: Effect, sent = request('POST', 'https://tickets.example/new', {}, '{"text":"[q:t7] open"}')) {
  const recognised = provider.recognise(sent)
  if (!recognised) throw new Error('not recognised')
  const script = provider.render(effect, recognised, contextOf())
  if (script.type !== 'respond') throw new Error(script.type)
  return script
}

test.each([
  ['https://tickets.example/new', 'tickets'],
  ['http://db.local:6333/points', 'local'],
  ['https://any.example/tools/refund', 'tools'],
  ['https://tickets.example/tools', 'tools'],
  ['https://any.example/toolshed', undefined],
  ['https://else.example/', undefined],
])('%s is for %s', (url, surface) => {
  expect(provider.recognise(request('GET', url))?.surface).toBe(surface)
})

test('what changes something is a side effect, under the client’s own name where it gives one', () => {
  const of = (method: string, headers = {}) => provider.recognise(request(method, 'https://tickets.example', headers))
  expect(of('GET')?.sideEffect).toBeUndefined()
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) expect(of(method)?.sideEffect).toEqual({})
  const named = of('POST', { 'idempotency-key': 'order-17' })?.sideEffect?.key
  expect(named).toMatch(/^[0-9a-f]{12}$/)
  expect(of('PUT', { 'x-idempotency-key': 'order-17' })?.sideEffect?.key).toBe(named)
})

test('a good answer is JSON that carries the question’s marks', async () => {
  const document = await perform(answer({ type: 'pass' })).json()
  expect(document).toMatchObject({ ok: true, text: expect.stringMatching(/^\[q:t7\].*\[end:t7\]$/) })
})

test('who accepts an event stream gets one, and a cut leaves it without its end', () => {
  const sent = request('POST', 'https://tickets.example', { accept: 'text/event-stream' }, '[q:t7]')
  expect(textOf(answer({ type: 'pass' }, sent))).toContain('event: done')
  expect(textOf(answer({ type: 'cut', after: { events: 1 }, by: 'fin' }, sent))).not.toContain('event: done')
})

describe('errors', () => {
  test.each<[ErrorKind, number]>([
    ['overloaded', 503],
    ['rate-limited', 429],
    ['unavailable', 503],
    ['internal-error', 500],
    ['bad-gateway', 502],
    ['gateway-timeout', 504],
    ['unauthorized', 401],
    ['forbidden', 403],
    ['model-missing', 404],
    ['bad-request', 400],
    ['too-large', 413],
    ['origin-error', 522],
    ['quota', 429],
  ])('%s is a %d', (error, status) => {
    const script = answer({ type: 'answer', error, options: { retryAfter: { as: 'seconds', ms: 7_000 } } })
    expect(script.status).toBe(status)
    expect(script.headers['retry-after']).toBe('7')
    expect(script.good).toBe(false)
  })

  test.each([
    ['json', /^\{"error":\{"message":"/],
    ['html', /^<html>/],
    ['text', /^Service Unavailable$/],
    ['empty', /^$/],
  ] as const)('in %s', (body, text) => {
    expect(textOf(answer({ type: 'answer', error: 'unavailable', options: { body } }))).toMatch(text)
  })
})
