import { currentContext, isFenced } from '../../attribution/attribution.ts'
import type { AttemptOutcome } from '../../journal/event.ts'
import type { Provider, WireRequest } from '../../providers/provider.ts'
import type { Exchange } from '../exchange.ts'
import type { Fetch } from '../fetch-tap.ts'
import { isLoopback } from '../loopback.ts'
import { refused } from '../net-errors.ts'
import { never } from '../never.ts'
import type { Responder } from '../responder.ts'
import { plainHeaders, portOf } from '../wire-request.ts'
import type { ConnectionFault } from './connection-fault.ts'
import { doorFor } from './door.ts'
import { send, sentHeader } from './sent.ts'
import { type OpenDoor, urlOf } from './where-to.ts'

export interface DoorFetchOptions {
  /** Where each part of each provider is. */
  readonly doors: readonly OpenDoor[]
  readonly responder: Responder
  readonly providers: readonly Provider[]
  /** Node's own. */
  readonly native: Fetch
  /** What befalls every connection to a door now: then an attempt begins as it is made, not as it has failed. */
  faultOf?(door: OpenDoor): ConnectionFault['type'] | undefined
  onRefused(host: string): void
}

/**
 * The `fetch` of a client in this process, over real sockets. A provider's own host is found behind its door, any other
 * that is not on this machine is refused. It knows what no server can: attempts that never got through to one.
 */
export function doorFetch(options: DoorFetchOptions): Fetch {
  const { doors, providers, native, onRefused } = options
  return async (input, init) => {
    if (isFenced()) return never()
    const request = new Request(input, init)
    const url = new URL(request.url)
    const door = doors.find(one => isAt(one, url)) ?? doorFor(url.hostname, providers, doors)
    const life = currentContext()?.life
    const lifeSignal = life && signalOf(life)
    const signal = lifeSignal ? AbortSignal.any([request.signal, lifeSignal]) : request.signal
    if (!door) {
      if (isLoopback(url.hostname)) return kept(await native(request, { signal }), [request, input])
      onRefused(url.host)
      throw refused(url.hostname, portOf(url)).asFetchError()
    }
    const headers = new Headers(request.headers)
    // Read once and for all: what is sent can then also be told of.
    const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer())
    const attempt = new UnseenAttempt(options.responder, {
      ...{ method: request.method, headers: plainHeaders(headers), body: body?.toString('utf8') ?? '' },
      ...(body && { bodyBytes: body.length }),
      url: new URL(`https://${door.host}${url.pathname}${url.search}`),
    })
    const fault = faultAt(door, options)
    if (fault) attempt.begin(fault)
    const sent = send(() => attempt.gotThrough(faultAt(door, options)))
    headers.set(sentHeader, sent.id)
    try {
      const target = `${urlOf(door)}${url.pathname}${url.search}`
      const { method, redirect } = request
      const sending = { ...init, method, redirect, headers, signal, ...(body && { body }) }
      return kept(await native(target, sending), [request, input])
    } catch (error) {
      if (!sent.hasArrived) attempt.failed(signal.aborted ? 'aborted' : outcomeOf(error))
      if (isFenced()) return never()
      throw error
    } finally {
      sent.settle()
    }
  }
}

/**
 * The signal of a `Request` follows that of the app only while the `Request` is in memory, and nobody keeps it but us: so
 * that a body can be let go of for as long as it is read.
 */
function kept(response: Response, requests: readonly unknown[]): Response {
  if (response.body) requestsOf.set(response.body, requests)
  return response
}

const requestsOf = new WeakMap<ReadableStream, readonly unknown[]>()

function isAt(door: OpenDoor, url: URL): boolean {
  return door.at === url.host || new URL(urlOf(door)).host === url.host
}

type Fault = ConnectionFault['type'] | undefined

/** A handshake fails where there is one. */
function faultAt(door: OpenDoor, { faultOf }: DoorFetchOptions): Fault {
  const type = faultOf?.(door)
  return type === 'tls' && door.scheme !== 'https' ? undefined : type
}

/** An attempt as long as the server has not seen it: its time is that of the client. */
class UnseenAttempt {
  private readonly responder: Responder
  private readonly request: WireRequest
  private exchange: Exchange | undefined
  private fault: Fault

  constructor(responder: Responder, request: WireRequest) {
    this.responder = responder
    this.request = request
  }

  /** `fault`: what is to keep it from arriving. */
  begin(fault?: Fault): void {
    this.fault = fault
    const recognised = this.responder.recognise(this.request)
    if (recognised) this.exchange = this.responder.answer(recognised, this.request.headers)
  }

  /** `undefined`: it was never sent at all. */
  failed(outcome: AttemptOutcome | undefined): void {
    if (!this.exchange && outcome !== undefined) this.begin()
    this.exchange?.ended(outcome ?? 'aborted', 0)
  }

  /**
   * It has arrived all the same. While the fault lasts, its port was not closed yet, and the server does the rest. After it,
   * the kernel has gone on trying: what comes of that is another attempt.
   */
  gotThrough(faultNow: Fault): Exchange | undefined {
    if (!this.fault || faultNow === this.fault) return this.exchange
    this.exchange?.ended(endings[this.fault], 0)
    return undefined
  }
}

const endings = { refuse: 'refused', stall: 'connect-timeout', tls: 'tls' } as const

const outcomes: Readonly<Record<string, AttemptOutcome>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'connect-timeout',
  UND_ERR_CONNECT_TIMEOUT: 'connect-timeout',
  UND_ERR_HEADERS_TIMEOUT: 'headers-timeout',
  // Before a request is through, a connection is dropped within the handshake, or as its door closes.
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
}

/** How a request failed that no server has seen; `undefined` when it was not the network that failed. */
function outcomeOf(error: unknown): AttemptOutcome | undefined {
  const cause = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (/^ERR_(?:SSL|TLS)_/.test(code) || isHandshake(cause)) return 'tls'
  return outcomes[code]
}

/** Node names it in words alone. */
function isHandshake(cause: unknown): boolean {
  return cause instanceof Error && /before secure TLS connection/.test(cause.message)
}

const signals = new WeakMap<object, AbortSignal>()

/** Aborts when the process that the code belongs to is gone: its connections go with it. */
function signalOf(life: { onEnd(ending: () => void): () => void }): AbortSignal {
  const known = signals.get(life)
  if (known) return known
  const aborter = new AbortController()
  life.onEnd(() => aborter.abort())
  signals.set(life, aborter.signal)
  return aborter.signal
}
