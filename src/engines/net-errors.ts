/**
 * The errors that Node and its `fetch` really give, shaped as Node 24 and undici 7 make them (`node:net`, `node:dns`,
 * `node:tls`, undici's `lib/core/errors.js`).
 */
export interface NetFailure {
  readonly cause: Error
  /** As global `fetch` throws it. */
  readonly asFetchError: () => TypeError
}

class SocketError extends Error {}
class ConnectTimeoutError extends Error {}
class HeadersTimeoutError extends Error {}
class BodyTimeoutError extends Error {}

const failure = (cause: Error, message = 'fetch failed'): NetFailure => ({
  cause,
  asFetchError: () => new TypeError(message, { cause }),
})

/** Nothing listens on the port. */
export function refused(host: string, port: number): NetFailure {
  const error = Object.assign(new Error(`connect ECONNREFUSED ${host}:${port}`), {
    errno: -111,
    code: 'ECONNREFUSED',
    syscall: 'connect',
    address: host,
    port,
  })
  return failure(error)
}

/** The name does not resolve. */
export function notFound(host: string): NetFailure {
  const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), {
    errno: -3008,
    code: 'ENOTFOUND',
    syscall: 'getaddrinfo',
    hostname: host,
  })
  return failure(error)
}

/** The peer drops the connection within the handshake. */
export function handshakeFailed(host: string, port: number): NetFailure {
  const error = Object.assign(
    new Error('Client network socket disconnected before secure TLS connection was established'),
    { code: 'ECONNRESET', errno: -104, path: undefined, host, port, localAddress: undefined },
  )
  return failure(error)
}

/** RST from the peer while reading. In a body, `fetch` calls it `terminated`. */
export function connectionReset(inBody = false): NetFailure {
  const error = Object.assign(new Error('read ECONNRESET'), { errno: -104, code: 'ECONNRESET', syscall: 'read' })
  return failure(error, inBody ? 'terminated' : 'fetch failed')
}

/** FIN from the peer before the answer was whole. */
export function otherSideClosed(inBody = false): NetFailure {
  return failure(named(SocketError, 'UND_ERR_SOCKET', 'other side closed'), inBody ? 'terminated' : 'fetch failed')
}

/** undici waits 10 s for a connection. */
export const connectTimeoutMs = 10_000
export function connectTimedOut(host: string, port: number): NetFailure {
  const text = `Connect Timeout Error (attempted address: ${host}:${port}, timeout: ${connectTimeoutMs}ms)`
  return failure(named(ConnectTimeoutError, 'UND_ERR_CONNECT_TIMEOUT', text))
}

/** `node:http` waits as long as the kernel does: six retries of a SYN on Linux. */
export const osConnectTimeoutMs = 127_000
export function osConnectTimedOut(host: string, port: number): NetFailure {
  const error = Object.assign(new Error(`connect ETIMEDOUT ${host}:${port}`), {
    errno: -110,
    code: 'ETIMEDOUT',
    syscall: 'connect',
    address: host,
    port,
  })
  return failure(error)
}

/** undici waits 300 s for headers, and 300 s between two pieces of a body. */
export const headersTimeoutMs = 300_000
export const bodyTimeoutMs = 300_000
export function headersTimedOut(): NetFailure {
  return failure(named(HeadersTimeoutError, 'UND_ERR_HEADERS_TIMEOUT', 'Headers Timeout Error'))
}
export function bodyTimedOut(): NetFailure {
  return failure(named(BodyTimeoutError, 'UND_ERR_BODY_TIMEOUT', 'Body Timeout Error'), 'terminated')
}

/** Of classes with undici's own names, since clients and logs tell errors by them too. */
function named(kind: new (message: string) => Error, code: string, message: string): Error {
  return Object.assign(new kind(message), { name: kind.name, code })
}
