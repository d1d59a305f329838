import type { Clock } from '../clock/clock.ts'
import { refused } from './net-errors.ts'
import { type Performed, perform } from './perform.ts'
import type { Responder } from './responder.ts'

export type Fetch = typeof globalThis.fetch

export interface TapOptions {
  readonly responder: Responder
  readonly clock: Clock
  /** Does requests to loopback addresses that no provider recognises. */
  readonly native: Fetch
  /** A host that is neither recognised nor on loopback was asked for. */
  onRefused(host: string): void
}

/**
 * A `fetch` that answers from the responder, without sockets: the fast path of simulations. Fails as the real one fails
 * (`net-errors.ts`), and ends silent connections when Node's own would.
 */
export function createTap({ responder, clock, native, onRefused }: TapOptions): Fetch {
  return async (input, init) => {
    const request = input instanceof Request ? input : undefined
    const url = new URL(request ? request.url : String(input))
    const signal = init?.signal ?? request?.signal ?? undefined
    if (signal?.aborted) throw signal.reason
    const method = (init?.method ?? request?.method ?? 'GET').toUpperCase()
    const headers = headersOf(init?.headers ?? request?.headers)
    const body = await textOf(init?.body, request)
    const recognised = responder.recognise({ method, url, headers, body })
    const port = Number(url.port) || (url.protocol === 'http:' ? 80 : 443)
    if (!recognised) {
      if (isLoopback(url.hostname)) return native(input, init)
      onRefused(url.host)
      await clock.sleep(2, signal)
      throw refused(url.hostname, port).asFetchError()
    }
    const exchange = responder.answer(recognised, headers)
    const performed = await perform(exchange, { clock, host: url.hostname, port, signal, limits: true })
    return responseOf(performed, url, signal)
  }
}

function responseOf(performed: Performed, url: URL, signal: AbortSignal | undefined): Response {
  switch (performed.type) {
    case 'aborted':
      throw signal?.reason
    case 'failure':
      throw performed.failure.asFetchError()
    case 'response': {
      const empty = performed.status === 204 || performed.status === 304
      const response = new Response(empty ? null : performed.body, {
        status: performed.status,
        headers: performed.headers,
      })
      Object.defineProperty(response, 'url', { value: url.href })
      return response
    }
  }
}

/** Loopback addresses and names: traffic to them stays on this machine. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || hostname === '::1' ||
    /^127(?:\.\d{1,3}){3}$/.test(hostname)
  )
}

function headersOf(headers: RequestInit['headers'] | undefined): Record<string, string> {
  const plain: Record<string, string> = {}
  if (!headers) return plain
  if (headers instanceof Headers) for (const [name, value] of headers) plain[name] = value
  else for (const [name, value] of new Headers(headers)) plain[name] = value
  return plain
}

async function textOf(body: RequestInit['body'], request: Request | undefined): Promise<string> {
  if (typeof body === 'string') return body
  if (body !== undefined && body !== null) return new Response(body).text()
  return request?.body ? request.clone().text() : ''
}
