import type { Clock } from '../clock/clock.ts'
import type { Chunk, Respond } from '../providers/provider.ts'
import {
  bodyTimedOut,
  bodyTimeoutMs,
  connectionReset,
  connectTimedOut,
  connectTimeoutMs,
  handshakeFailed,
  headersTimedOut,
  headersTimeoutMs,
  type NetFailure,
  notFound,
  otherSideClosed,
  refused,
} from './net-errors.ts'
import type { Exchange } from './responder.ts'

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
  readonly host: string
  readonly port: number
  readonly signal: AbortSignal | undefined
  /**
   * Whether the limits of Node's own `fetch` (10 s to connect, 300 s of silence) must be emulated: a tap without sockets
   * has no undici that would.
   */
  readonly limits: boolean
}

/** Time a refused connection takes to be seen: never zero, or a client that retries at once would stop time. */
const refusedAfterMs = 2
const unresolvedAfterMs = 20
const handshakeMs = 30

const encoder = new TextEncoder()

/** Plays the exchange's script up to its first byte, on the clock, and hands out the rest as a body. */
export async function perform(exchange: Exchange, transport: Transport): Promise<Performed> {
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
      return script.connect
        ? fail(exchange, transport, connectTimeoutMs, 'connect-timeout', connectTimedOut(host, port))
        : silence(exchange, transport)
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
  if (transport.signal?.aborted) return aborted(exchange)
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
  return aborted(exchange)
}

async function respond(exchange: Exchange, script: Respond, transport: Transport): Promise<Performed> {
  if (script.afterMs >= headersTimeoutMs && transport.limits) return silence(exchange, transport)
  await transport.clock.sleep(Math.max(1, script.afterMs), transport.signal)
  if (transport.signal?.aborted) return aborted(exchange)
  exchange.headers(script.status, script.headers)
  return { type: 'response', status: script.status, headers: script.headers, body: bodyOf(exchange, script, transport) }
}

function aborted(exchange: Exchange): Performed {
  exchange.ended('aborted', 0)
  return { type: 'aborted' }
}

/** A body that comes at once is a plain string: most answers, and by far the cheapest. */
function bodyOf(exchange: Exchange, script: Respond, transport: Transport): string | ReadableStream<Uint8Array> {
  const [only, ...more] = script.chunks
  if (script.end.type === 'finish' && more.length === 0 && (only === undefined || isAtOnce(only))) {
    const data = only?.data ?? ''
    exchange.ended(exchange.whole, typeof data === 'string' ? Buffer.byteLength(data) : data.length)
    return data as string
  }
  return streamOf(exchange, script, transport)
}

const isAtOnce = (chunk: Chunk) => chunk.afterMs <= 0 && typeof chunk.data === 'string'

/** A body that comes in pieces, each at its time, and ends as the script says. */
function streamOf(exchange: Exchange, script: Respond, transport: Transport): ReadableStream<Uint8Array> {
  const { clock, signal } = transport
  let bytes = 0
  let cancel = () => {}
  let over = false
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const stop = () => {
          over = true
          cancel()
          signal?.removeEventListener('abort', onAbort)
        }
        const onAbort = () => {
          if (over) return
          stop()
          exchange.ended('aborted', bytes)
          controller.error(signal?.reason)
        }
        const breakOff = (failure: NetFailure, outcome: Parameters<Exchange['ended']>[0]) => {
          stop()
          exchange.ended(outcome, bytes)
          controller.error(failure.asFetchError())
        }
        const close = () => {
          stop()
          exchange.ended(exchange.whole, bytes)
          controller.close()
        }
        const send = (data: string | Uint8Array) => {
          const piece = typeof data === 'string' ? encoder.encode(data) : data
          bytes += piece.length
          controller.enqueue(piece)
        }
        const play = (chunks: readonly Chunk[], at: number, then: () => void) => {
          const chunk = chunks[at]
          if (!chunk) return then()
          const next = () => {
            send(chunk.data)
            play(chunks, at + 1, then)
          }
          if (chunk.afterMs <= 0) next()
          else cancel = clock.after(chunk.afterMs, next)
        }
        const stall = (end: Extract<Respond['end'], { type: 'stall' }>) => {
          const { pings, rest, forMs } = end
          const giveUpMs = transport.limits ? bodyTimeoutMs : Number.POSITIVE_INFINITY
          const endMs = forMs === undefined ? Number.POSITIVE_INFINITY : clock.now() + forMs
          const wait = (idleMs: number) => {
            const untilPing = pings ? pings.everyMs : Number.POSITIVE_INFINITY
            const step = Math.min(untilPing, endMs - clock.now(), giveUpMs - idleMs)
            if (step === Number.POSITIVE_INFINITY) return
            cancel = clock.after(Math.max(0, step), () => {
              if (clock.now() >= endMs) return play(rest ?? [], 0, close)
              if (pings && step === untilPing) {
                send(pings.data)
                return wait(0)
              }
              breakOff(bodyTimedOut(), 'body-timeout')
            })
          }
          wait(0)
        }
        const finish = () => {
          switch (script.end.type) {
            case 'finish':
            case 'clean':
              return close()
            case 'fin':
              return breakOff(otherSideClosed(true), 'cut')
            case 'rst':
              return breakOff(connectionReset(true), 'cut')
            case 'stall':
              return stall(script.end)
          }
        }
        signal?.addEventListener('abort', onAbort, { once: true })
        play(script.chunks, 0, finish)
      },
      cancel() {
        if (over) return
        over = true
        cancel()
        exchange.ended('aborted', bytes)
      },
    },
    { highWaterMark: Number.POSITIVE_INFINITY },
  )
}
