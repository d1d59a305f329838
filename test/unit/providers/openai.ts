import OpenAI from 'openai'
import OpenAI4 from 'openai-4'
import { expect } from 'vitest'
import type { Effect } from '../../../src/model/effect.ts'
import { openai } from '../../../src/providers/openai/provider.ts'
import type { Recognised, Respond, WireRequest } from '../../../src/providers/provider.ts'
import { type ContextOptions, contextOf } from './perform.ts'
import { wired } from './wired.ts'

export const canary = 'sk-canary-blackstart-openai'
export const model = 'gpt-5.4-mini'
export const marked = /^\[q:t1\] \S.*\S \[end:t1\]$/s

export const chat = { model, messages: [{ role: 'user', content: '[q:t1] Where is my parcel?' }] } as const
export const ask = { model, input: '[q:t1] Where is my parcel?' } as const

const schemas = {
  look_up: {
    type: 'object',
    properties: { order: { type: 'string', pattern: '^ORD-\\d{4}$' }, why: { type: 'string' } },
    required: ['order', 'why'],
  },
  refund: {
    type: 'object',
    properties: { cents: { type: 'integer', minimum: 100 }, note: { type: 'string' } },
    required: ['cents', 'note'],
  },
}

/** The same two tools as a chat nests them and as a response has them flat. */
export const chatTools = Object.entries(schemas).map(([name, parameters]) => ({
  type: 'function' as const,
  function: { name, parameters },
}))
export const tools = Object.entries(schemas).map(([name, parameters]) => ({
  type: 'function' as const,
  strict: false,
  name,
  parameters,
}))

/** What a task that calls each tool once has called, in order. */
export const calledOnce = [
  { name: 'look_up', input: { order: 'ORD-1111', why: expect.any(String) } },
  { name: 'refund', input: { cents: 100, note: expect.any(String) } },
]

export function post(path: string, json: unknown, headers: Record<string, string> = {}): WireRequest {
  const usual = { authorization: `Bearer ${canary}`, 'content-type': 'application/json' }
  const body = typeof json === 'string' ? json : JSON.stringify(json)
  return { method: 'POST', url: new URL(path, 'https://api.openai.com'), headers: { ...usual, ...headers }, body }
}

export function get(url: string, headers: Record<string, string> = { authorization: `Bearer ${canary}` }): WireRequest {
  return { method: 'GET', url: new URL(url, 'https://api.openai.com'), headers, body: '' }
}

export function recognised(request: WireRequest): Recognised {
  const found = openai.recognise(request)
  if (found === undefined) throw new Error(`Not recognised: ${request.method} ${request.url.href}`)
  return found
}

/** The script of one effect on a request, which must be an answer of some kind. */
export function respond(effect: Effect, request: WireRequest, options: ContextOptions = {}): Respond {
  const script = openai.render(effect, recognised(request), contextOf(options))
  if (script.type !== 'respond') throw new Error(`No answer but ${script.type}`)
  return script
}

export function chatRequest(more: object = {}): WireRequest {
  return post('/v1/chat/completions', { ...chat, ...more })
}

export function responseRequest(more: object = {}): WireRequest {
  return post('/v1/responses', { ...ask, ...more })
}

/** The real SDK, current and older, whose every request meets `effects` in turn, and a healthy API after them. */
export function sdk(
  effects: readonly Effect[] = [],
  { maxRetries = 0, ...options }: ContextOptions & { maxRetries?: number } = {},
) {
  const { fetch, seen } = wired(openai, effects, { store: new Map(), ...options })
  const shared = { apiKey: canary, baseURL: 'https://api.openai.com/v1', maxRetries }
  return {
    client: new OpenAI({ ...shared, fetch, logLevel: 'off' }),
    older: new OpenAI4({ ...shared, fetch: fetch as never }), // typed after node-fetch, which has the same form
    seen,
  }
}
