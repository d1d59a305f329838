import type { Clock } from '../clock/clock.ts'
import type { Chunk, Respond } from '../providers/provider.ts'
import { bodyStream } from './body-stream.ts'
import type { Exchange } from './exchange.ts'
import {
  connectionReset,
  connectTimedOut,
  connectTimeoutMs,
  handshakeFailed,
  headersTimedOut,
  headersTimeoutMs,
  type NetFailure,
  notFound,
  osConnectTimedOut,
  osConnectTimeoutMs,
  refused,
} from './net-errors.ts'

/** What the client is to see of one attempt, once its first byte is due. */
export type Performed =
  | { readonly type: 'failure'; readonly failure: NetFailure }
  | { readonly type: 'aborted' }
  | {
      readonly type: 'response'
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: string | ReadableStream<Uint8Array>
    }

export interface Transport {
  readonly clock: Clock
  /** When what the network brings arrives; `clock` when absent. */
  readonly inbound?: Clock
  readonly host: string
  readonly port: number
  readonly signal: AbortSignal | undefined
  /**
   * Whether the limits of Node's own `fetch` (10 s to connect, 300 s of silence) must be emulated: a tap without sockets
   * has no undici that would.
   */
  readonly limits: boolean
  /** The client is `node:http`, which leaves the time to connect to the operating system. */
  readonly nodeHttp?: boolean
  /** Asked when the client has let go of the connection: whether its own HTTP limits made it do so. */
  gaveUpBy?(): 'headers-timeout' | 'body-timeout' | undefined
  /** Told before a body breaks off, for transports whose connection breaks with it. */
  onBroken?(failure: NetFailure): void
}

/** Time a refused connection takes to be seen: never zero, or a client that retries at once would stop time. */
export const refusedAfterMs = 2
const unresolvedAfterMs = 20
const handshakeMs = 30

/** Plays the exchange's script up to its first byte, on the clock, and hands out the rest as a body. */
export async function perform(exchange: Exchange, transport: Transport): Promise<Performed> {
  if (exchange.ready) await exchange.ready
  const { script } = exchange
  const { host, port } = transport
  switch (script.type) {
    case 'refuse':
      return fail(exchange, transport, refusedAfterMs, 'refused', refused(host, port))
    case 'dns':
      return fail(exchange, transport, unresolvedAfterMs, 'dns', notFound(host))
    case 'tls':
      return fail(exchange, transport, handshakeMs, 'tls', handshakeFailed(host, port))
    case 'reset':
      return fail(exchange, transport, Math.max(refusedAfterMs, script.afterMs), 'reset', connectionReset())
    case 'hold':
      if (!script.connect) return silence(exchange, transport)
      return transport.nodeHttp
        ? fail(exchange, transport, osConnectTimeoutMs, 'connect-timeout', osConnectTimedOut(host, port))
        : fail(exchange, transport, connectTimeoutMs, 'connect-timeout', connectTimedOut(host, port))
    case 'respond':
      return respond(exchange, script, transport)
  }
}

async function fail(
  exchange: Exchange,
  transport: Transport,
  afterMs: number,
  outcome: Parameters<Exchange['ended']>[0],
  failure: NetFailure,
): Promise<Performed> {
  await transport.clock.sleep(afterMs, transport.signal)
  if (transport.signal?.aborted) return aborted(exchange, transport)
  exchange.ended(outcome, 0)
  return { type: 'failure', failure }
}

/** Accepted and never answered. */
async function silence(exchange: Exchange, transport: Transport): Promise<Performed> {
  if (transport.limits) return fail(exchange, transport, headersTimeoutMs, 'headers-timeout', headersTimedOut())
  await new Promise<void>(resolve => {
    if (transport.signal?.aborted) resolve()
    else transport.signal?.addEventListener('abort', () => resolve(), { once: true })
  })
  return aborted(exchange, transport)
}

async function respond(exchange: Exchange, script: Respond, transport: Transport): Promise<Performed> {
  if (script.afterMs >= headersTimeoutMs && transport.limits) return silence(exchange, transport)
  await (transport.inbound ?? transport.clock).sleep(Math.max(1, script.afterMs), transport.signal)
  if (transport.signal?.aborted) return aborted(exchange, transport)
  exchange.headers(script.status, script.headers)
  return { type: 'response', status: script.status, headers: script.headers, body: bodyOf(exchange, script, transport) }
}

function aborted(exchange: Exchange, transport: Transport): Performed {
  exchange.ended(transport.gaveUpBy?.() ?? 'aborted', 0)
  return { type: 'aborted' }
}

/** A body that comes at once is a plain string: most answers, and by far the cheapest. */
function bodyOf(exchange: Exchange, script: Respond, transport: Transport): string | ReadableStream<Uint8Array> {
  const data = script.end.type === 'finish' ? dataAtOnce(script.chunks) : undefined
  if (data === undefined) return bodyStream(exchange, script, transport)
  exchange.ended(exchange.whole, Buffer.byteLength(data))
  return data
}

function dataAtOnce([only, ...more]: readonly Chunk[]): string | undefined {
  if (only === undefined) return ''
  const isAtOnce = more.length === 0 && only.afterMs <= 0 && typeof only.data === 'string'
  return isAtOnce ? String(only.data) : undefined
}
