import { currentContext, isFenced } from '../../attribution/attribution.ts'
import type { AttemptOutcome } from '../../journal/event.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Fetch } from '../fetch-tap.ts'
import { isLoopback } from '../loopback.ts'
import { refused } from '../net-errors.ts'
import { never } from '../never.ts'
import type { Responder } from '../responder.ts'
import { plainHeaders, portOf } from '../wire-request.ts'
import { doorFor } from './door.ts'
import type { OpenDoor } from './where-to.ts'

export interface DoorFetchOptions {
  /** Where each part of each provider is. */
  readonly doors: readonly OpenDoor[]
  readonly responder: Responder
  readonly providers: readonly Provider[]
  /** Node's own. */
  readonly native: Fetch
  onRefused(host: string): void
}

/**
 * The `fetch` of a client in this process, over real sockets. A provider's own host is found behind its door, any other
 * that is not on this machine is refused. It knows what no server can: attempts that never got through a closed port.
 */
export function doorFetch(options: DoorFetchOptions): Fetch {
  const { doors, providers, native, onRefused } = options
  return async (input, init) => {
    if (isFenced()) return never()
    const request = new Request(input, init)
    const url = new URL(request.url)
    const door = doors.find(({ at }) => at === url.host) ?? doorFor(url.hostname, providers, doors)
    if (!door && !isLoopback(url.hostname)) {
      onRefused(url.host)
      throw refused(url.hostname, portOf(url)).asFetchError()
    }
    const { life, task } = currentContext() ?? {}
    const lifeSignal = life && signalOf(life)
    const signal = lifeSignal ? AbortSignal.any([request.signal, lifeSignal]) : request.signal
    const headers = new Headers(request.headers)
    if (task !== undefined && door && !headers.has('blackstart-call')) headers.set('blackstart-call', task)
    const target = door ? `http://${door.at}${url.pathname}${url.search}` : request.url
    // Read once and for all: what is sent can then also be told of.
    const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer())
    try {
      return await native(target, { ...init, method: request.method, headers, signal, ...(body && { body }) })
    } catch (error) {
      if (isFenced()) return never()
      const outcome = door && unseen(error)
      if (outcome)
        tell(options, outcome, {
          ...{ method: request.method, headers: plainHeaders(headers), body: body?.toString('utf8') ?? '' },
          url: new URL(`https://${door.host}${url.pathname}${url.search}`),
        })
      throw error
    }
  }
}

/** An attempt that the server never saw. */
function tell({ responder }: DoorFetchOptions, outcome: AttemptOutcome, sent: Parameters<Responder['recognise']>[0]) {
  const recognised = responder.recognise(sent)
  if (recognised) responder.answer(recognised, sent.headers).ended(outcome, 0)
}

/** How a connection failed that never came about. */
function unseen(error: unknown): AttemptOutcome | undefined {
  const cause = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'ECONNREFUSED') return 'refused'
  return code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT' ? 'connect-timeout' : undefined
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
