import Anthropic from '@anthropic-ai/sdk'
import { draw } from '../../../src/lib/draw.ts'
import type { Effect } from '../../../src/model/effect.ts'
import { anthropic } from '../../../src/providers/anthropic/provider.ts'
import type {
  Chunk,
  RateLimitView,
  Recognised,
  RenderContext,
  Respond,
  Script,
  WireRequest,
} from '../../../src/providers/provider.ts'
import type { Store } from '../../../src/providers/store.ts'

export const nowMs = Date.parse('2026-03-02T11:00:00Z')
export const canary = 'sk-ant-canary-blackstart'

export interface ContextOptions {
  readonly seed?: number
  readonly attemptId?: string
  readonly rateLimits?: readonly RateLimitView[]
  readonly toolsCalled?: Set<string>
  readonly store?: Store
  readonly nowMs?: number
}

/** A context as a run gives it; `toolsCalled` is kept when handed in, as a task keeps it. */
export function contextOf(options: ContextOptions = {}): RenderContext & { toolsCalled: Set<string> } {
  const { seed = 1, attemptId = 'a1', rateLimits = [], toolsCalled = new Set<string>(), store = new Map() } = options
  return {
    nowMs: options.nowMs ?? nowMs,
    attemptId,
    rateLimits,
    store,
    toolsCalled,
    draw: purpose => draw(seed, attemptId, purpose),
    onToolCall: name => toolsCalled.add(name),
  }
}

export function post(path: string, json: unknown, headers: Record<string, string> = {}): WireRequest {
  const usual = { 'x-api-key': canary, 'anthropic-version': '2023-06-01', 'content-type': 'application/json' }
  const body = typeof json === 'string' ? json : JSON.stringify(json)
  return { method: 'POST', url: new URL(path, 'https://api.anthropic.com'), headers: { ...usual, ...headers }, body }
}

export function get(
  url: string,
  headers: Record<string, string> = { 'x-api-key': canary, 'anthropic-version': '2023-06-01' },
): WireRequest {
  return { method: 'GET', url: new URL(url, 'https://api.anthropic.com'), headers, body: '' }
}

export function recognised(request: WireRequest): Recognised {
  const found = anthropic.recognise(request)
  if (found === undefined) throw new Error(`Not recognised: ${request.method} ${request.url.href}`)
  return found
}

export const ask = {
  model: 'claude-opus-5-5',
  max_tokens: 1_024,
  messages: [{ role: 'user', content: '[q:t1] Where is my parcel?' }],
} as const

export const tools = [
  {
    name: 'look_up',
    input_schema: {
      type: 'object',
      properties: { order: { type: 'string', pattern: '^ORD-\\d{4}$' }, why: { type: 'string' } },
      required: ['order', 'why'],
    },
  },
  {
    name: 'refund',
    input_schema: {
      type: 'object',
      properties: { cents: { type: 'integer', minimum: 100 }, note: { type: 'string' } },
      required: ['cents', 'note'],
    },
  },
] as const

/** The script of one effect on a message request, which must be an answer of some kind. */
export function respond(effect: Effect, json: unknown = ask, options: ContextOptions = {}): Respond {
  const script = anthropic.render(effect, recognised(post('/v1/messages', json)), contextOf(options))
  if (script.type !== 'respond') throw new Error(`No answer but ${script.type}`)
  return script
}

export function bytesOf(chunks: readonly Chunk[]): Buffer {
  return Buffer.concat(chunks.map(({ data }) => Buffer.from(data)))
}

export function textOf(script: Respond): string {
  return bytesOf(script.chunks).toString()
}

/** The events of a stream in order: name and parsed data. */
export function eventsOf(script: Respond): { event: string; data: Record<string, unknown> }[] {
  return textOf(script)
    .split('\n\n')
    .filter(frame => frame !== '')
    .map(frame => {
      const [event = '', data = ''] = frame.split('\n')
      return { event: event.replace('event: ', ''), data: JSON.parse(data.replace('data: ', '')) }
    })
}

/** What a client's `fetch` sees of a script, at once: the times are not waited for. */
export function perform(script: Script): Response {
  if (script.type !== 'respond') throw new TypeError('fetch failed', { cause: { code: script.type } })
  const { chunks, end } = script
  const rest = end.type === 'stall' ? (end.rest ?? []) : []
  const body = new ReadableStream({
    start(controller) {
      for (const { data } of [...chunks, ...rest])
        controller.enqueue(typeof data === 'string' ? new TextEncoder().encode(data) : data)
      if (end.type === 'fin' || end.type === 'rst') controller.error(new TypeError('terminated'))
      else if (end.type !== 'stall' || end.forMs !== undefined) controller.close()
    },
  })
  return new Response(body, { status: script.status, headers: script.headers })
}

export interface Seen {
  readonly recognised: Recognised
  readonly script: Script
}

/** The real SDK whose every request meets `effects` in turn, and a healthy API after them. */
export function sdk(effects: readonly Effect[] = [], options: ContextOptions & { maxRetries?: number } = {}) {
  const seen: Seen[] = []
  const toolsCalled = options.toolsCalled ?? new Set<string>()
  const client = new Anthropic({
    apiKey: canary,
    baseURL: 'https://api.anthropic.com',
    maxRetries: options.maxRetries ?? 0,
    logLevel: 'off',
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const headers = Object.fromEntries(request.headers)
      const found = recognised({
        method: request.method,
        url: new URL(request.url),
        headers,
        body: await request.text(),
      })
      const context = contextOf({ ...options, toolsCalled, attemptId: `a${seen.length + 1}` })
      const script = anthropic.render(effects[seen.length] ?? { type: 'pass' }, found, context)
      seen.push({ recognised: found, script })
      return perform(script)
    },
  })
  return { client, seen }
}
