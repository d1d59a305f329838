import type { Server, Socket } from 'node:net'
import { type Blockade, readyBlockade } from './blockade.ts'
import { type Connection, connectionOn, finishConnection } from './connection.ts'
import { close, isRefused, listen, listenAgain, listenAnywhere } from './ports.ts'
import type { Secure } from './secure.ts'

/** What a port does with who connects. `tls`: handshakes fail; who speaks no TLS is let in. */
export type ListenerState = 'open' | 'refuse' | 'stall' | 'tls'

export interface ListenerOptions {
  readonly host: string
  /** 0 for any. */
  readonly port: number
  /** Who begins a handshake is spoken to in TLS; without it everybody is taken to speak HTTP. */
  readonly secure?: Secure | undefined
  /** Somebody is there to be spoken HTTP with. */
  onConnection(socket: Socket, listener: Listener): void
}

/** One port that can be open, closed (the kernel refuses) or full (the kernel lets connections hang), and open again. */
export class Listener implements AsyncDisposable {
  readonly port: number
  private readonly options: ListenerOptions
  private server: Server
  private blockade: Blockade | undefined
  private state: ListenerState = 'open'
  private isOver = false
  private readonly connections = new Set<Connection>()
  /** Changes of state come one after the other. */
  private changing: Promise<void> = Promise.resolve()

  private constructor(options: ListenerOptions, server: Server, port: number) {
    this.options = options
    this.server = server
    this.port = port
    this.serve(server)
  }

  /** Rejects with a `UsageError` when the port that was asked for is taken, or may not be had. */
  static async open(options: ListenerOptions): Promise<Listener> {
    const { host, port } = options
    if (port !== 0) return new Listener(options, await listen(host, port), port)
    const free = await listenAnywhere(host)
    return new Listener(options, free.server, free.port)
  }

  /** Resolves once the port is in `state`, and seen to be. Connections at rest are dropped as it leaves `open`. */
  become(state: ListenerState): Promise<void> {
    const change = this.changing.then(() => this.change(state))
    // One that failed does not keep the next from being tried.
    this.changing = change.catch(() => {})
    return change
  }

  /** A request begins: its connection outlives the closing of its door. */
  begin(connection: Connection): void {
    connection.busy++
    connection.requests++
  }

  /** A request is over; the connection is not kept for another one by a door that is closed. */
  end(connection: Connection): void {
    connection.busy--
    if (connection.busy === 0 && this.state !== 'open') finishConnection(connection.socket)
  }

  /** Drops every connection, whatever it is at. */
  dropAll(): void {
    for (const { raw } of this.connections) raw.destroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isOver = true
    await this.changing
    await this.unblock()
    const closed = close(this.server)
    this.dropAll()
    await closed
  }

  private async change(wanted: ListenerState): Promise<void> {
    if (wanted === this.state || this.isOver) return
    const { host } = this.options
    const wasListening = isListening(this.state)
    if (isListening(wanted) && wasListening) {
      this.state = wanted
      if (wanted === 'tls') this.dropIdle()
      return
    }
    // Before the port is closed: it would be refused, and not full, as long as that takes.
    const blockade = wanted === 'stall' ? await readyBlockade() : undefined
    // Whatever fails from here on, the port is closed, and can be brought to any state from there.
    this.state = 'refuse'
    if (wasListening) {
      // The kernel refuses from now on; connections under way end by themselves.
      void close(this.server)
      this.dropIdle()
    }
    await this.unblock()
    this.blockade = blockade
    if (blockade) await blockade.fill(host, this.port).catch(error => this.unblock().then(() => Promise.reject(error)))
    else if (wanted === 'refuse') await this.seenRefused()
    else {
      this.server = await listenAgain(host, this.port)
      this.serve(this.server)
    }
    this.state = wanted
  }

  private async unblock(): Promise<void> {
    await this.blockade?.lift()
    this.blockade = undefined
  }

  private dropIdle(): void {
    for (const { raw, busy } of this.connections) if (busy === 0) raw.destroy()
  }

  /** What was closed is seen to be closed. */
  private async seenRefused(): Promise<void> {
    if (!(await isRefused(this.options.host, this.port)))
      throw new Error(`Port ${this.port} was closed and something still listens on it.`)
  }

  private serve(server: Server): void {
    const { secure, onConnection } = this.options
    server.on('connection', raw => {
      raw.setNoDelay(true)
      const connection = connectionOn(raw)
      this.connections.add(connection)
      raw.once('close', () => this.connections.delete(connection))
      // A client that resets its connection is no accident of ours.
      raw.on('error', () => {})
      if (!secure) return onConnection(raw, this)
      secure.accept(connection, {
        fails: () => this.state === 'tls',
        onReady: socket => onConnection(socket, this),
      })
    })
  }
}

function isListening(state: ListenerState): boolean {
  return state === 'open' || state === 'tls'
}
