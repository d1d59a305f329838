import { isFenced } from '../attribution/attribution.ts'
import type { Clock } from '../clock/clock.ts'
import { isLoopback } from './loopback.ts'
import { refused } from './net-errors.ts'
import { never } from './never.ts'
import { perform, refusedAfterMs } from './perform.ts'
import type { Responder } from './responder.ts'
import { toResponse } from './to-response.ts'
import { plainHeaders, portOf } from './wire-request.ts'

export type Fetch = typeof globalThis.fetch

export interface TapOptions {
  readonly responder: Responder
  readonly clock: Clock
  /** When what the network brings arrives; `clock` when absent. */
  readonly inbound?: Clock
  /** Does requests to loopback addresses that no provider recognises. */
  readonly native: Fetch
  /** Does whatever else no provider recognises; it is refused when absent. */
  readonly others?: Fetch | undefined
  /** A host that is neither recognised nor on loopback was asked for. */
  onRefused(host: string): void
}

/**
 * A `fetch` that answers from the responder, without sockets: the fast path of simulations. Fails as the real one fails
 * (`net-errors.ts`), and ends silent connections when Node's own would.
 */
export function createTap({ responder, clock, inbound = clock, native, others, onRefused }: TapOptions): Fetch {
  return async (input, init) => {
    if (isFenced()) return never()
    const request = input instanceof Request ? input : undefined
    const url = urlOf(request ? request.url : String(input))
    const signal = init?.signal ?? request?.signal ?? undefined
    signal?.throwIfAborted()
    const method = (init?.method ?? request?.method ?? 'GET').toUpperCase()
    const headers = headersOf(init?.headers ?? request?.headers)
    const { text, again, type, bytes } = await readBody(init?.body, request)
    // As the platform does, which alone knows the boundary of a form.
    if (type !== undefined) headers['content-type'] ??= type
    if (isFenced()) return never()
    const recognised = responder.recognise({
      method,
      url,
      headers,
      body: text,
      ...(bytes !== undefined && { bodyBytes: bytes }),
    })
    if (!recognised) {
      const carrier = isLoopback(url.hostname) ? native : others
      if (carrier) return carrier(input, again ? { ...init, body: again } : init)
      onRefused(url.host)
      await clock.sleep(refusedAfterMs, signal)
      signal?.throwIfAborted()
      throw refused(url.hostname, portOf(url)).asFetchError()
    }
    const transport = { clock, inbound, host: url.hostname, port: portOf(url), signal, limits: true }
    const performed = await perform(responder.answer(recognised, headers), transport)
    switch (performed.type) {
      case 'aborted':
        throw signal?.reason
      case 'failure':
        throw performed.failure.asFetchError()
      case 'response':
        return Object.defineProperty(toResponse(performed), 'url', { value: url.href })
    }
  }
}

function urlOf(text: string): URL {
  const url = URL.parse(text)
  if (url) return url
  const cause = Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL', input: text })
  throw new TypeError(`Failed to parse URL from ${text}`, { cause })
}

function headersOf(headers: RequestInit['headers'] | undefined): Record<string, string> {
  if (!headers) return {}
  return plainHeaders(headers instanceof Headers ? headers : new Headers(headers))
}

interface ReadBody {
  readonly text: string
  /** Stands in for a body that can be read but once. */
  readonly again?: Uint8Array<ArrayBuffer>
  /** Its size, when it was no text. */
  readonly bytes?: number
  /** What the platform takes it for. */
  readonly type?: string
}

async function readBody(body: RequestInit['body'], request: Request | undefined): Promise<ReadBody> {
  if (typeof body === 'string') return { text: body }
  if (body === undefined || body === null) return { text: request?.body ? await request.clone().text() : '' }
  const response = new Response(body)
  const type = response.headers.get('content-type')
  const bytes = new Uint8Array(await response.arrayBuffer())
  const isOnce = body instanceof ReadableStream || Symbol.asyncIterator in Object(body)
  return {
    text: new TextDecoder().decode(bytes),
    bytes: bytes.byteLength,
    ...(type !== null && { type }),
    ...(isOnce && { again: bytes }),
  }
}
