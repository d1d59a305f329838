import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Socket } from 'node:net'
import { replace } from './chance.ts'
import type { OpenWork } from './open-work.ts'

/** Node's internals, as far as they are looked at here: stable since Node 10, and tested. */
interface SocketInternals {
  _writeGeneric(...args: unknown[]): unknown
  readonly _handle?: { readonly fd?: number } | null
  /** The host that was asked for, when it was a name. */
  readonly _host?: string | null
  /** Set on the server's side of a connection. */
  readonly server?: unknown
  /** The request of `node:http` that is under way. */
  readonly _httpMessage?: { readonly res?: { readonly complete: boolean } | null } | null
}

/** A body that pauses this long (real ms) may be a stream that never ends: time goes on until it moves again. */
const bodyPauseMs = 50

/**
 * Watches the sockets of this thread: time waits from a client's write until the answer, and while an HTTP body comes
 * in. Where the server lives in this thread too, the wait ends when it has the request: what it then does is the app's
 * own time. Returns what ends the watch.
 */
export function watchSockets(open: OpenWork, capMs: number, onSeen: () => void): () => void {
  const clients = new Map<number, Socket>()
  const bodies = new Map<unknown, Socket>()
  // It was waited for in vain: not again, until it is heard of.
  const silent = new WeakSet<Socket>()
  const local = new WeakSet<Socket>()

  /**
   * Whether it is a connection that the kernel knows. What an interceptor answers has no descriptor; terminals and pipes
   * to other processes have no peer that answers.
   */
  const isReal = (socket: Socket) =>
    ((socket as unknown as SocketInternals)._handle?.fd ?? -1) > 2 &&
    (socket.connecting || socket.remotePort !== undefined || local.has(socket))

  const awaitReply = (socket: Socket) => {
    if (silent.has(socket)) return
    open.start(socket, {
      says: () => `a reply from ${hostOf(socket)}`,
      patienceMs: capMs,
      loud: true,
      isOpen: () => !socket.destroyed,
      onGaveUp: () => silent.add(socket),
    })
  }
  const wrote = (socket: Socket) => {
    if (!isReal(socket)) return
    onSeen()
    if (isServerSide(socket)) {
      const client = clients.get(socket.remotePort ?? -1)
      if (client) awaitReply(client)
      return
    }
    if (socket.localPort !== undefined && clients.get(socket.localPort) !== socket) {
      const { localPort } = socket
      clients.set(localPort, socket)
      socket.once('close', () => clients.get(localPort) === socket && clients.delete(localPort))
    }
    awaitReply(socket)
  }
  const heard = (socket: Socket) => {
    if (isServerSide(socket)) return served(socket)
    silent.delete(socket)
    if (!isReal(socket)) return void open.end(socket)
    const isOpen = () => !socket.destroyed && hasMoreToCome(socket, bodies)
    open.start(socket, { says: () => 'a body', patienceMs: bodyPauseMs, isOpen })
  }
  const served = (socket: Socket) => {
    const client = clients.get(socket.remotePort ?? -1)
    if (client) open.end(client)
  }

  const { _writeGeneric } = Socket.prototype as unknown as SocketInternals
  const { push, connect } = Socket.prototype
  const undo = [
    // A local socket has no port to be told by.
    replace(Socket.prototype, 'connect', function (this: Socket, ...args: unknown[]) {
      local.add(this)
      return Reflect.apply(connect, this, args)
    }),
    replace(Socket.prototype, '_writeGeneric', function (this: Socket, ...args: unknown[]) {
      wrote(this)
      return _writeGeneric.apply(this, args)
    }),
    // On the prototype, and no listener is added: the socket flows as it would.
    replace(Socket.prototype, 'push', function (this: Socket, ...args: Parameters<Socket['push']>) {
      heard(this)
      return push.apply(this, args)
    }),
    // The parser of a server reads past `push`.
    follow('http.server.request.start', ({ socket }) => socket && served(socket)),
    follow(
      'undici:client:sendHeaders',
      ({ request, socket }) => socket && isReal(socket) && bodies.set(request, socket),
    ),
    follow('undici:request:trailers', ({ request }) => bodies.delete(request)),
    follow('undici:request:error', ({ request }) => bodies.delete(request)),
  ]
  return () => {
    for (const back of undo.reverse()) back()
  }
}

function follow(channel: string, listen: (message: { socket?: Socket; request?: unknown }) => void): () => void {
  const onMessage = (message: unknown) => listen(message as { socket?: Socket; request?: unknown })
  subscribe(channel, onMessage)
  return () => {
    unsubscribe(channel, onMessage)
  }
}

function isServerSide(socket: Socket): boolean {
  return Boolean((socket as unknown as SocketInternals).server)
}

function hasMoreToCome(socket: Socket, bodies: ReadonlyMap<unknown, Socket>): boolean {
  const { _httpMessage: request } = socket as unknown as SocketInternals
  if (request) return request.res?.complete !== true
  for (const one of bodies.values()) if (one === socket) return true
  return false
}

function hostOf(socket: Socket): string {
  const host = (socket as unknown as SocketInternals)._host ?? socket.remoteAddress
  if (host === undefined || host === null) return 'a local socket'
  return socket.remotePort === undefined ? host : `${host}:${socket.remotePort}`
}
