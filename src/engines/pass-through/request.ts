import * as http from 'node:http'
import * as https from 'node:https'
import type { Socket } from 'node:net'
import type { Clock } from '../../clock/clock.ts'
import { formatDuration } from '../../lib/duration.ts'
import { causeInWords } from './causes.ts'
import type { Answered, Forwarded } from './forwarded.ts'
import { responseHeaders } from './headers.ts'

/** One request, as it is sent. */
export interface Asked {
  readonly base: URL
  /** The upstream's host, as people are told of it. */
  readonly place: string
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[]>>
  readonly body: Uint8Array
  readonly agent: http.Agent
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly answerPatienceMs: number
  /** The text without any key. */
  hide(text: string): string
}

/** As long as undici waits for a connection. */
const connectPatienceMs = 10_000

/** Asks, and resolves with the headers of the answer or with why there are none. */
export function ask(asked: Asked): Promise<Forwarded> {
  return new Promise(resolve => {
    const { signal, clock, place, hide } = asked
    if (signal.aborted) return resolve({ type: 'aborted' })
    const request = begin(asked)
    if ('why' in request) return resolve({ type: 'unreachable', why: request.why })
    const startedMs = clock.now()
    let tooLong: string | undefined
    const giveUp = (why: string) => {
      tooLong = why
      request.destroy()
    }
    const stopWaiting = patience(asked, request, giveUp)
    const abort = () => request.destroy()
    signal.addEventListener('abort', abort, { once: true })
    // A signal made of others is kept for ever while somebody listens to it.
    request.once('close', () => signal.removeEventListener('abort', abort))
    // More than one may come, and none may be left without a listener.
    request.on('error', error => {
      stopWaiting()
      if (signal.aborted) resolve({ type: 'aborted' })
      else resolve({ type: 'unreachable', why: hide(tooLong ?? causeInWords(error, place)) })
    })
    request.once('response', response => {
      stopWaiting()
      resolve(answered(asked, request, response, clock.now() - startedMs))
    })
    request.end(asked.body)
  })
}

/** What cannot be sent at all (a character that no header may have) is found here. */
function begin({
  base,
  place,
  method,
  path,
  headers,
  agent,
  hide,
}: Asked): http.ClientRequest | { readonly why: string } {
  try {
    const { request } = base.protocol === 'https:' ? https : http
    const hostname = base.hostname.replace(/^\[|\]$/g, '')
    return request({ hostname, port: base.port, method, path, headers, agent })
  } catch (error) {
    return { why: hide(causeInWords(error, place)) }
  }
}

/** Waits for the connection and for the answer no longer than one may. The returned function ends that. */
function patience(
  { base, place, clock, answerPatienceMs }: Asked,
  request: http.ClientRequest,
  giveUp: (why: string) => void,
): () => void {
  const stopAnswer = clock.after(answerPatienceMs, () =>
    giveUp(`${place} did not begin to answer within ${formatDuration(answerPatienceMs)}`),
  )
  const stopConnect = clock.after(connectPatienceMs, () =>
    giveUp(`${place} could not be connected to within ${formatDuration(connectPatienceMs)}`),
  )
  request.once('socket', (socket: Socket) => {
    if (request.reusedSocket) stopConnect()
    else socket.once(base.protocol === 'https:' ? 'secureConnect' : 'connect', stopConnect)
  })
  return () => {
    stopAnswer()
    stopConnect()
  }
}

function answered(
  { place, hide }: Asked,
  request: http.ClientRequest,
  response: http.IncomingMessage,
  waitedMs: number,
): Answered {
  // Who reads the body is told of it; who does not must not fall over it.
  response.on('error', () => {})
  return {
    type: 'answered',
    status: response.statusCode ?? 0,
    headers: responseHeaders(response.headers),
    body: response,
    waitedMs,
    trailers: () => ({ ...response.trailers }) as Record<string, string>, // present names have values
    why: error => hide(isBrokenOff(error) ? `${place} broke off its answer` : causeInWords(error, place)),
    // Nothing to Node once the answer was read to its end: the connection waits for another request then.
    cancel: () => request.destroy(),
  }
}

function isBrokenOff(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    /^(?:ECONNRESET|ERR_STREAM_PREMATURE_CLOSE|EPIPE)$/.test(`${error.code}`)
  )
}
