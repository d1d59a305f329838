import type { Effect } from '../../../src/model/effect.ts'
import type { Span } from '../../../src/model/timeline.ts'
import { anthropic } from '../../../src/providers/anthropic/provider.ts'
import { contextOf, nowMs, perform, type Seen } from './perform.ts'

export interface SimulatedOptions {
  /** What meets the requests in turn; a healthy API after them. */
  readonly effects?: readonly Effect[]
  readonly seed?: number
  readonly down?: readonly Span[]
}

/** A `fetch` that the simulated API answers, on a clock that only the test moves. */
export function simulated({ effects = [], seed = 1, down = [] }: SimulatedOptions = {}) {
  const clock = { nowMs }
  const store = new Map<string, unknown>()
  const toolsCalled = new Set<string>()
  const seen: Seen[] = []
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init)
    const bytes = new Uint8Array(await request.arrayBuffer())
    const recognised = anthropic.recognise({
      method: request.method,
      url: new URL(request.url),
      headers: Object.fromEntries(request.headers),
      body: new TextDecoder().decode(bytes),
      bodyBytes: bytes.byteLength,
    })
    if (recognised === undefined) throw new Error(`Not recognised: ${request.method} ${request.url}`)
    const attemptId = `a${seen.length + 1}`
    const context = contextOf({ seed, attemptId, store, toolsCalled, nowMs: clock.nowMs })
    const script = anthropic.render(effects[seen.length] ?? { type: 'pass' }, recognised, {
      ...context,
      down: () => down,
    })
    seen.push({ recognised, script })
    return perform(script)
  }
  return { fetch, clock, store, seen }
}

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs
