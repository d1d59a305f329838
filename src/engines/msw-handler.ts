import { HttpResponse, http, type RequestHandler } from 'msw'
import type { Clock } from '../clock/clock.ts'
import { perform } from './perform.ts'
import { quietly } from './quiet-msw.ts'
import type { Responder } from './responder.ts'
import { toResponse } from './to-response.ts'
import { portOf, readRequest, wireRequest } from './wire-request.ts'

export interface HandlerOptions {
  /** Asked with each request: the one in force. */
  responder(): Responder
  readonly clock: Clock
}

/**
 * One MSW handler that wraps the responder, for users' own `setupServer`. It matches what some provider recognises and
 * nothing else. Behind it are sockets with real clients, so their own limits (undici's 300 s, a `node:http` timeout)
 * hold by themselves.
 */
export function responderHandler({ responder, clock }: HandlerOptions): RequestHandler {
  const recognises = async (request: Request): Promise<boolean> => {
    if (responder().recognise(wireRequest(request, ''))) return true
    // A gateway is told by what is asked of it. Bodies that are no JSON need not be read for that.
    if (!request.headers.get('content-type')?.includes('json')) return false
    return responder().recognise(await readRequest(request.clone())) !== undefined
  }
  return http.all(
    ({ request }) => recognises(request),
    async ({ request }) => {
      const wire = await readRequest(request)
      const recognised = responder().recognise(wire)
      if (!recognised) return HttpResponse.error()
      const performed = await perform(responder().answer(recognised, wire.headers), {
        clock,
        host: wire.url.hostname,
        port: portOf(wire.url),
        signal: request.signal,
        limits: false,
      })
      switch (performed.type) {
        case 'aborted':
          return HttpResponse.error()
        case 'failure':
          throw quietly(performed.failure.cause)
        case 'response':
          return toResponse(performed, { chunked: true })
      }
    },
  )
}
