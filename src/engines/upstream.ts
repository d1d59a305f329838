import { once } from 'node:events'
import { connect } from 'node:net'
import { UsageError } from '../lib/errors.ts'
import type { WireRequest } from '../providers/provider.ts'
import type { RawResponse } from '../providers/recorded.ts'
import type { Fetch } from './fetch-tap.ts'
import { isLoopback } from './loopback.ts'
import { plainHeaders } from './wire-request.ts'

/** Another mock behind ours: what it answers is what goes wrong. */
export interface Upstream {
  /** Its host and port: what goes there is our own asking. */
  readonly host: string
  /** Its answer to a request that was meant for the provider; a 502 that says why when it has none. */
  ask(request: WireRequest): Promise<RawResponse>
}

// What belonged to the connection that the request came by; and compressed bytes would be of no use to anyone here.
const notPassedOn = /^(?:host|connection|content-length|transfer-encoding|accept-encoding|expect|keep-alive)$/

/**
 * The server at `base`, a URL on this machine. Throws a `UsageError` for any other: answers that are paid for are not
 * fetched by the way.
 */
export function createUpstream(base: string, fetch: Fetch): Upstream {
  const at = URL.parse(base)
  if (at === null || at.protocol !== 'http:' || !isLoopback(at.hostname))
    throw new UsageError(
      `Answers cannot be had from ${base}: it is no HTTP address on this machine.`,
      'Name the mock by its base URL, such as http://127.0.0.1:4010',
    )
  const prefix = at.pathname.replace(/\/+$/, '')
  return {
    host: at.host,
    async ask({ method, url, headers, body }) {
      const passedOn = Object.entries(headers).filter(([name]) => !notPassedOn.test(name))
      const target = `${at.origin}${prefix}${url.pathname}${url.search}`
      const hasBody = method !== 'GET' && method !== 'HEAD'
      try {
        const response = await fetch(target, {
          method,
          headers: Object.fromEntries(passedOn),
          ...(hasBody && { body }),
          redirect: 'manual',
        })
        return { status: response.status, headers: plainHeaders(response.headers), body: await response.text() }
      } catch (error) {
        const why = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
        const text = JSON.stringify({ error: { message: `The mock at ${base} did not answer: ${why}` } })
        return { status: 502, headers: { 'content-type': 'application/json' }, body: text }
      }
    },
  }
}

/** Rejects with a `UsageError` when nothing listens at `base`; what it would say to a request is its own business. */
export async function reachUpstream(base: string): Promise<void> {
  const { hostname, port } = new URL(base)
  const socket = connect(Number(port) || 80, hostname.replace(/^\[|\]$/g, ''))
  try {
    await once(socket, 'connect')
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? `${error.code}` : String(error)
    throw new UsageError(`Answers cannot be had from ${base}: ${why}.`, 'Start the mock first, or check its port.')
  } finally {
    socket.destroy()
  }
}
