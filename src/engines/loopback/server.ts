import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Clock } from '../../clock/clock.ts'
import type { Plan } from '../../model/timeline.ts'
import type { Responder } from '../responder.ts'
import { connectionFault } from './connection-fault.ts'
import type { Door } from './door.ts'
import { isRefused, Listener, type ListenerState } from './listener.ts'
import { play } from './play.ts'
import { headersOf, readBody, wireOf } from './request.ts'
import { refuseAsProxy, refuseConnect } from './strays.ts'
import { type OpenDoor, whereTo } from './where-to.ts'

export interface LoopbackOptions {
  readonly responder: Responder
  /** When what the network brings arrives. */
  readonly clock: Clock
  readonly doors: readonly Door[]
  /** The address to listen on; `127.0.0.1` when absent. */
  readonly host?: string
  /** Of the port that all providers share; the doors follow it, one after the other. Any when absent. */
  readonly port?: number
  /** Only requests with a canary key are answered: for servers that others can reach. */
  readonly canaryOnly?: boolean
  plan(): Plan
  /** Ms since t = 0. */
  t(): number
  /** Whether the app's own network is gone. */
  isOffline?(): boolean
  /** A host that is no surface of the run was asked for, by way of this server as a proxy. */
  onRefused(host: string): void
  /** A request that no surface answers to. */
  onStranger?(line: string): void
}

interface Served {
  readonly door: OpenDoor
  readonly listener: Listener
}

/**
 * All providers of a run as a real HTTP/1.1 server: a port for each door, which closes, hangs and opens as the scenario
 * has it, and one port for all of them by path. It is also a proxy that lets nobody out.
 */
export class LoopbackServer implements AsyncDisposable {
  /** `http://127.0.0.1:21000`: what stands behind it is told by the first part of the path. */
  readonly url: string
  readonly doors: readonly OpenDoor[]
  /** Entries that were in force as a closed or a full port, and seen to be: by their place in the plan. */
  readonly applied = new Set<number>()
  private readonly options: LoopbackOptions
  private readonly http: Server
  private readonly served: readonly Served[]
  private readonly shared: Listener

  private constructor(options: LoopbackOptions, http: Server, shared: Listener, served: readonly Served[]) {
    this.options = options
    this.http = http
    this.shared = shared
    this.served = served
    this.doors = served.map(({ door }) => door)
    this.url = `http://${options.host ?? loopback}:${shared.port}`
  }

  /** Opens all ports, or none. Rejects with a `UsageError` when one cannot be had. */
  static async open(options: LoopbackOptions): Promise<LoopbackServer> {
    const { host = loopback, port } = options
    // Nothing here ends what a scenario keeps open, and nothing ends a connection that a client may use again.
    const http = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, noDelay: true })
    const listeners: Listener[] = []
    const open = async (wanted: number) => {
      const listener = await Listener.open({
        ...{ host, port: wanted },
        onConnection: socket => void http.emit('connection', Object.assign(socket, { [doorOf]: listener })),
      })
      listeners.push(listener)
      return listener
    }
    try {
      const shared = await open(port ?? 0)
      const served: Served[] = []
      for (const [i, door] of options.doors.entries()) {
        const listener = await open(door.port ?? (port === undefined ? 0 : port + 1 + i))
        served.push({ door: { ...door, at: `${host}:${listener.port}` }, listener })
      }
      const server = new LoopbackServer(options, http, shared, served)
      server.listen()
      return server
    } catch (error) {
      for (const listener of listeners) await listener[Symbol.asyncDispose]()
      throw error
    }
  }

  /** Brings every port to what the scenario has of it now. Resolves once that is seen to be so. */
  async apply(): Promise<void> {
    const { plan, t, isOffline } = this.options
    const now = t()
    await Promise.all(
      this.served.map(async ({ door, listener }) => {
        const fault = connectionFault(plan(), now, door)
        await listener.become(isOffline?.() === true ? 'refuse' : stateOf(fault?.type))
        if (fault && stateOf(fault.type) !== 'open') this.applied.add(fault.entry.index)
      }),
    )
  }

  /** Ports that still listen, after everything was closed; empty as it should be. */
  async stillOpen(): Promise<readonly string[]> {
    const { host = loopback } = this.options
    const all = [...this.served.map(({ listener }) => listener), this.shared]
    const open = await Promise.all(all.map(async ({ port }) => ((await isRefused(host, port)) ? [] : [`port ${port}`])))
    return open.flat()
  }

  /** Every port is open again, whatever the scenario says. */
  async heal(): Promise<void> {
    await Promise.all(this.served.map(({ listener }) => listener.become('open')))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { listener } of [...this.served, { listener: this.shared }]) await listener[Symbol.asyncDispose]()
  }

  private listen(): void {
    this.http.on('request', (message, response) => void this.answer(message, response))
    this.http.on('connect', (message: IncomingMessage, socket: Duplex) =>
      refuseConnect(message, socket, this.options.onRefused),
    )
    this.http.on('clientError', (_error: Error, socket: Duplex) => socket.destroy())
  }

  private async answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const listener = listenerOf(message)
    listener?.setBusy(message.socket, true)
    response.once('close', () => listener?.setBusy(message.socket, false))
    const target = message.url ?? '/'
    if (/^https?:\/\//i.test(target)) {
      refuseAsProxy(target, response, this.options.onRefused)
      return
    }
    const place = this.placeOf(listener, target)
    const body = await readBody(message)
    if (!body) return
    const method = message.method ?? 'GET'
    if (!place) {
      this.notFound(response, `${method} ${target}`)
      return
    }
    const { door, path } = place
    // What an answer says of further pages leads back to where it was asked: by path, that is the door itself.
    const headers = { ...headersOf(message), ...(listener === this.shared && { host: door.at }) }
    const { responder, clock, canaryOnly = false } = this.options
    const url = URL.parse(`https://${door.host}${path}`)
    const recognised = url ? responder.recognise(wireOf({ method, url, headers, body })) : undefined
    if (!recognised) {
      this.notFound(response, `${method} ${target}`)
      return
    }
    if (canaryOnly && recognised.key !== 'none' && !recognised.key.startsWith('canary')) {
      response.writeHead(403, { 'content-type': 'text/plain' })
      response.end('blackstart answers canary keys only on an address that others can reach. Take the real key away.\n')
      return
    }
    const exchange = responder.answer(recognised, headers)
    await exchange.ready
    play(exchange, response, clock)
  }

  private placeOf(listener: Listener | undefined, target: string): { door: OpenDoor; path: string } | undefined {
    const served = this.served.find(one => one.listener === listener)
    if (served) return { door: served.door, path: target }
    return whereTo(target, this.doors)
  }

  private notFound(response: ServerResponse, line: string): void {
    this.options.onStranger?.(line)
    response.writeHead(404, { 'content-type': 'text/plain' })
    const paths = [...new Set(this.doors.map(({ provider }) => `/${provider}`))].join(' ')
    response.end(`blackstart: no surface of this run is at ${line}. By path there are: ${paths}\n`)
  }
}

const loopback = '127.0.0.1'
const doorOf = Symbol('door')

function listenerOf({ socket }: IncomingMessage): Listener | undefined {
  const listener: unknown = Reflect.get(socket, doorOf)
  return listener instanceof Listener ? listener : undefined
}

/** A handshake fails where there is one: on a plain port it is the request that is torn down. */
function stateOf(type: 'refuse' | 'stall' | 'tls' | undefined): ListenerState {
  return type === 'refuse' || type === 'stall' ? type : 'open'
}
