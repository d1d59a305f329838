import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { UsageError } from '../../lib/errors.ts'
import { type Blockade, blockade } from './blockade.ts'

/** What a port does with who connects. */
export type ListenerState = 'open' | 'refuse' | 'stall'

export interface ListenerOptions {
  readonly host: string
  /** 0 for any. */
  readonly port: number
  onConnection(socket: Socket): void
}

/** Below the ports that systems give to outgoing connections: one of those could sit on a port that is closed for a while. */
const lowestPort = 18_000
const portsToChooseFrom = 12_000
const triesAtMost = 200

/** One port that can be open, closed (the kernel refuses) or full (the kernel lets connections hang), and open again. */
export class Listener implements AsyncDisposable {
  readonly port: number
  private readonly options: ListenerOptions
  private server: Server
  private blockade: Blockade | undefined
  private state: ListenerState = 'open'
  private readonly sockets = new Set<Socket>()
  private readonly busy = new Set<Socket>()
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
    if (options.port !== 0) return new Listener(options, await listen(options.host, options.port), options.port)
    for (let i = 0; i < triesAtMost; i++) {
      const port = lowestPort + ((process.pid * 7 + nextOffset()) % portsToChooseFrom)
      const server = await listen(options.host, port).catch((error: unknown) => {
        if (isTaken(error)) return undefined
        throw error
      })
      if (server) return new Listener(options, server, port)
    }
    throw new UsageError(`No free port was found on ${options.host}.`, 'Name one with --port.')
  }

  /** Whether a request of this connection is under way: it then outlives the closing of its door. */
  setBusy(socket: Socket, isBusy: boolean): void {
    if (isBusy) this.busy.add(socket)
    else this.busy.delete(socket)
  }

  /** Resolves once the port is in `state`, and seen to be. Connections at rest are dropped as a door closes. */
  become(state: ListenerState): Promise<void> {
    this.changing = this.changing.then(() => this.change(state))
    return this.changing
  }

  /** Drops every connection, whatever it is at. */
  dropAll(): void {
    for (const socket of this.sockets) socket.destroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.changing.catch(() => {})
    await this.blockade?.lift()
    this.dropAll()
    await close(this.server)
  }

  private async change(state: ListenerState): Promise<void> {
    if (state === this.state) return
    const { host } = this.options
    if (this.state === 'stall') {
      await this.blockade?.lift()
      this.blockade = undefined
    }
    if (this.state === 'open') {
      for (const socket of this.sockets) if (!this.busy.has(socket)) socket.destroy()
      // Those under way end by themselves; the port is closed at once.
      void close(this.server)
    }
    this.state = state
    if (state === 'open') {
      this.server = await listen(host, this.port)
      this.serve(this.server)
    } else if (state === 'stall') this.blockade = await blockade(host, this.port)
    else await seenRefused(host, this.port)
  }

  private serve(server: Server): void {
    server.on('connection', socket => {
      socket.setNoDelay(true)
      this.sockets.add(socket)
      socket.once('close', () => {
        this.sockets.delete(socket)
        this.busy.delete(socket)
      })
      // A client that resets its connection is no accident of ours.
      socket.on('error', () => {})
      this.options.onConnection(socket)
    })
  }
}

let offset = 0

function nextOffset(): number {
  offset += 101
  return offset
}

async function listen(host: string, port: number): Promise<Server> {
  const server = createServer({ allowHalfOpen: true })
  server.listen({ host, port, exclusive: true, backlog: 4_096 })
  try {
    await once(server, 'listening')
    return server
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw Object.assign(
      new UsageError(`Port ${port} of ${host} cannot be listened on: ${code}.`, 'Name another with --port.'),
      { code },
    )
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return
  await new Promise<void>(resolve => server.close(() => resolve()))
}

/** What was closed is seen to be closed. */
async function seenRefused(host: string, port: number): Promise<void> {
  if (!(await isRefused(host, port))) throw new Error(`Port ${port} was closed and something still listens on it.`)
}

/** Whether nobody takes a connection. */
export async function isRefused(host: string, port: number): Promise<boolean> {
  const socket = connect(port, host)
  try {
    await once(socket, 'connect')
    return false
  } catch {
    return true
  } finally {
    socket.destroy()
  }
}
