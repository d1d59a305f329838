import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

/** One connection of a client to a port of ours. */
export interface Connection {
  /** What HTTP is spoken on: of TLS, its inner side. */
  socket: Socket
  /** What the kernel knows of. */
  readonly raw: Socket
  /** Requests under way. */
  busy: number
  /** Requests that came over it so far. */
  requests: number
}

const connections = new WeakMap<Socket, Connection>()

/** Begins to keep the books of a socket. */
export function connectionOn(raw: Socket): Connection {
  const connection: Connection = { socket: raw, raw, busy: 0, requests: 0 }
  connections.set(raw, connection)
  return connection
}

/** From now on HTTP is spoken on `inner`. */
export function secured(connection: Connection, inner: TLSSocket): void {
  connection.socket = inner
  connections.set(inner, connection)
}

/** The books of a socket, by either of its sides. */
export function connectionOf(socket: Socket): Connection | undefined {
  return connections.get(socket)
}

/** Tears a connection down by RST; on TLS too, where only the outer side can. */
export function resetConnection(socket: Socket): void {
  const { raw = socket } = connections.get(socket) ?? {}
  if (!raw.destroyed) raw.resetAndDestroy()
  if (socket instanceof TLSSocket) socket.destroy()
}

/** Ends a connection by FIN, after all that was written. */
export function finishConnection(socket: Socket): void {
  socket.destroySoon()
}
