import { type IncomingMessage, request } from 'node:http'
import { nativeClearTimeout, nativeSetTimeout } from '../../clock/native.ts'

export interface Send {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

export interface Sent {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface SendOptions {
  /** Ends the request, as somebody who goes away does. */
  readonly signal: AbortSignal
  /** How long all of it may take, real ms. */
  readonly withinMs: number
}

/**
 * One request on a connection of its own: a pool would hand the next task a connection to a process that is gone, and
 * what the app is blamed for must be the app's. Rejects with an error whose name tells what went wrong.
 */
export async function send({ method, url, headers, body }: Send, { signal, withinMs }: SendOptions): Promise<Sent> {
  const ended = new AbortController()
  const leave = () => ended.abort(failure('AbortError', 'Nobody waits for the answer any more.'))
  const timer = nativeSetTimeout(
    () => ended.abort(failure('TimeoutError', `The app has not answered within ${withinMs / 1_000} s.`)),
    withinMs,
  )
  if (signal.aborted) leave()
  else signal.addEventListener('abort', leave, { once: true })
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
      const options = { method, headers: { ...length, ...headers }, agent: false, signal: ended.signal }
      request(url, options, resolve).on('error', reject).end(body)
    })
    const chunks: Buffer[] = []
    for await (const chunk of response) chunks.push(chunk)
    return {
      status: response.statusCode ?? 0,
      headers: Object.fromEntries(
        Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
      ),
      body: Buffer.concat(chunks).toString(),
    }
  } catch (error) {
    throw ended.signal.aborted ? ended.signal.reason : named(error)
  } finally {
    nativeClearTimeout(timer)
    signal.removeEventListener('abort', leave)
  }
}

/** Codes of Node's that say that nobody is there; after all others the app was there and is no more. */
const absent: readonly unknown[] = ['ECONNREFUSED', 'ENOTFOUND', 'EADDRNOTAVAIL']
const broken: readonly unknown[] = ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']

function named(error: unknown): unknown {
  // An address of several families fails with all of their errors.
  const one = error instanceof AggregateError ? error.errors[0] : error
  const code = one instanceof Error && 'code' in one ? one.code : undefined
  if (absent.includes(code)) return failure('AppUnreachable', 'Nobody listens at the address of the app.', one)
  if (broken.includes(code)) return failure('AppConnectionLost', 'The app ended the connection in its answer.', one)
  return one
}

/** An error whose name is what a journal keeps of it. */
export function failure(name: string, message: string, cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), { name })
}
