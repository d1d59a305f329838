import { HttpResponse, http, type RequestHandler } from 'msw'
import type { Clock } from '../clock/clock.ts'
import type { WireRequest } from '../providers/provider.ts'
import { perform } from './perform.ts'
import type { Responder } from './responder.ts'

export interface HandlerOptions {
  readonly responder: Responder
  readonly clock: Clock
  /** Whether outages are in force; while not, the handler does not match and others may answer. */
  active?(): boolean
  /** Called with each request that reaches the handler, before it is answered. */
  onRequest?(url: URL): void
}

/**
 * One MSW handler that wraps the responder: for users' own `setupServer`, and for the socket path of simulations. It
 * matches what some provider recognises and nothing else. Sockets have real clients behind them, so their own limits
 * (undici's 300 s, a `node:http` timeout) apply by themselves.
 */
export function responderHandler({ responder, clock, active, onRequest }: HandlerOptions): RequestHandler {
  return http.all(
    ({ request }) => (active?.() ?? true) && responder.recognise(wireOf(request, '')) !== undefined,
    async ({ request }) => {
      const url = new URL(request.url)
      onRequest?.(url)
      const wire = wireOf(request, await request.text())
      const recognised = responder.recognise(wire)
      if (!recognised) return HttpResponse.error()
      const exchange = responder.answer(recognised, wire.headers)
      const port = Number(url.port) || (url.protocol === 'http:' ? 80 : 443)
      const performed = await perform(exchange, {
        clock,
        host: url.hostname,
        port,
        signal: request.signal,
        limits: false,
      })
      switch (performed.type) {
        case 'aborted':
          return HttpResponse.error()
        case 'failure':
          // Interceptors take an error with both `code` and `errno` for a network error; anything else becomes a 500.
          throw Object.assign(performed.failure.cause, { errno: (performed.failure.cause as NodeJS.ErrnoException).errno ?? -1 })
        case 'response': {
          const { status, headers, body } = performed
          // Without chunked framing a broken stream would look like a clean end, and an abort would kill undici.
          const framed = typeof body === 'string' ? headers : { ...headers, 'transfer-encoding': 'chunked' }
          return new HttpResponse(status === 204 || status === 304 ? null : body, { status, headers: framed })
        }
      }
    },
  )
}

function wireOf(request: Request, body: string): WireRequest {
  const headers: Record<string, string> = {}
  for (const [name, value] of request.headers) headers[name] = value
  return { method: request.method, url: new URL(request.url), headers, body }
}
