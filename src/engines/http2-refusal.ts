import http2, { type ClientHttp2Session, type ClientSessionOptions } from 'node:http2'
import { syncBuiltinESMExports } from 'node:module'
import { Socket } from 'node:net'
import { isFenced } from '../attribution/attribution.ts'
import { replace } from '../clock/chance.ts'
import type { Clock } from '../clock/clock.ts'
import { refused } from './net-errors.ts'
import { refusedAfterMs } from './perform.ts'

export interface Http2RefusalOptions {
  readonly clock: Clock
  onRefused(host: string): void
}

type Address = string | URL | { readonly hostname?: string; readonly host?: string; readonly port?: string | number }

/**
 * HTTP/2 writes to its connections from below, where no tap sees it: left alone, it would look up real hosts and then
 * hang, also on this machine. Refuses every `http2.connect` as a closed port does. Returns the undo.
 */
export function refuseHttp2({ clock, onRefused }: Http2RefusalOptions): () => void {
  const native = http2.connect
  const connect = (authority: Address, options?: unknown, listener?: unknown): ClientHttp2Session => {
    const { host, port } = placeOf(authority, isOptions(options) ? options : {})
    const isGone = isFenced()
    if (!isGone) onRefused(host)
    const createConnection = () => {
      const socket = connecting()
      if (!isGone) clock.after(refusedAfterMs, () => socket.destroy(refused(host, port).cause))
      return socket
    }
    const given = isOptions(options) ? options : {}
    const onConnect = typeof options === 'function' ? options : listener
    return Reflect.apply(native, http2, [authority, { ...given, createConnection }, onConnect])
  }
  const restore = replace(http2, 'connect', connect)
  syncBuiltinESMExports()
  return () => {
    restore()
    syncBuiltinESMExports()
  }
}

/**
 * A connection under way that the system knows nothing of: the session on it is Node's own, and its client meets the very
 * errors and events of one that came to nothing. Node asks no more of the handle as long as it is not connected.
 */
function connecting(): Socket {
  const handle = { isStreamBase: true, close: queueMicrotask, ref() {}, unref() {} }
  return Object.assign(new Socket(), { connecting: true, _handle: handle })
}

function isOptions(options: unknown): options is ClientSessionOptions & { readonly port?: string | number } {
  return typeof options === 'object' && options !== null
}

/** Where Node would connect to. */
function placeOf(authority: Address, options: { readonly port?: string | number; readonly host?: string }) {
  const at = typeof authority === 'string' ? new URL(authority) : authority
  const isPlain = 'protocol' in at && at.protocol === 'http:'
  const host = at.hostname || at.host || options.host || 'localhost'
  return { host, port: Number(at.port || options.port) || (isPlain ? 80 : 443) }
}
