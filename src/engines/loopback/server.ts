import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Clock } from '../../clock/clock.ts'
import type { Plan } from '../../model/timeline.ts'
import type { Exchange } from '../exchange.ts'
import type { Responder } from '../responder.ts'
import { connectionOf } from './connection.ts'
import { connectionFault } from './connection-fault.ts'
import type { Door } from './door.ts'
import { Listener } from './listener.ts'
import { play } from './play.ts'
import { hostAndPort, isRefused } from './ports.ts'
import { headersOf, readBody, wireOf } from './request.ts'
import { type ServerCertificate, secureWith } from './secure.ts'
import { arrived, asSender, sentHeader } from './sent.ts'
import { http2Notice, isHttp2, refuseAsProxy, refuseBadRequest, refuseConnect } from './strays.ts'
import { type OpenDoor, urlOf, whereTo } from './where-to.ts'

/** A request whose answer may come from elsewhere. */
export interface PassedOn {
  readonly exchange: Exchange
  readonly response: ServerResponse
  readonly method: string
  /** With the query, as the provider's own host would be asked. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface LoopbackOptions {
  readonly responder: Responder
  /** When what the network brings arrives. */
  readonly clock: Clock
  readonly doors: readonly Door[]
  /** The address to listen on; `127.0.0.1` when absent. */
  readonly host?: string
  /** Of the port that all providers share; the doors follow it, one after the other. Any when absent. */
  readonly port?: number
  /** Every port speaks HTTPS, and HTTP as well; without it HTTP alone. */
  readonly tls?: ServerCertificate
  /** Only requests with a canary key are answered: for servers that others can reach. */
  readonly canaryOnly?: boolean
  /** Lets a real provider answer; resolves to whether it was asked. */
  passOn?(passed: PassedOn): Promise<boolean>
  plan(): Plan
  /** Ms since t = 0. */
  t(): number
  /** Whether the app's own network is gone. */
  isOffline?(): boolean
  /** A host that is no surface of the run was asked for, by way of this server as a proxy. */
  onRefused(host: string): void
  /** A request that no surface answers to. */
  onStranger?(line: string): void
  /** Something that people should know, in a sentence. */
  onNotice?(says: string): void
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
  /** Entries that were in force as a port that is closed or full or fails handshakes, and seen to be: by their place in the plan. */
  readonly applied = new Set<number>()
  private readonly options: LoopbackOptions
  private readonly urls = new Map<string, URL>()
  private readonly served: readonly Served[]
  private readonly shared: Listener

  private constructor(options: LoopbackOptions, shared: Listener, served: readonly Served[]) {
    this.options = options
    this.shared = shared
    this.served = served
    this.doors = served.map(({ door }) => door)
    this.url = `http://${hostAndPort(options.host ?? loopback, shared.port)}`
  }

  /** Opens all ports, or none. Rejects with a `UsageError` when one cannot be had. */
  static async open(options: LoopbackOptions): Promise<LoopbackServer> {
    const { host = loopback, port, tls } = options
    const http = httpServer()
    const secure = tls && secureWith(tls)
    const listeners: Listener[] = []
    const open = async (wanted: number) => {
      const listener = await Listener.open({
        ...{ host, port: wanted, secure },
        onConnection: (socket, by) => {
          listenerOf.set(socket, by)
          http.emit('connection', socket)
        },
      })
      listeners.push(listener)
      return listener
    }
    try {
      const shared = await open(port ?? 0)
      const served: Served[] = []
      for (const [i, door] of options.doors.entries()) {
        const listener = await open(door.port ?? (port === undefined ? 0 : port + 1 + i))
        const at = hostAndPort(host, listener.port)
        served.push({ door: { ...door, at, ...(tls && { scheme: 'https' }) }, listener })
      }
      const server = new LoopbackServer(options, shared, served)
      server.listen(http)
      return server
    } catch (error) {
      for (const listener of listeners) await listener[Symbol.asyncDispose]()
      throw error
    }
  }

  /** Brings every port to what the scenario has of it now. Resolves once that is seen to be so. */
  async apply(): Promise<void> {
    const { plan, t, isOffline, tls } = this.options
    const now = t()
    const isGone = isOffline?.() === true
    const changes = this.served.map(async ({ door, listener }) => {
      const fault = connectionFault(plan(), now, door)
      // A handshake fails where there is one: on a plain port it is the request that is torn down.
      const type = fault?.type === 'tls' && !tls ? undefined : fault?.type
      await listener.become(isGone ? 'refuse' : (type ?? 'open'))
      if (fault && type) this.applied.add(fault.entry.index)
    })
    // One that fails leaves none of the others half-way.
    for (const change of await Promise.allSettled(changes)) if (change.status === 'rejected') throw change.reason
  }

  /** Ports that still listen, after everything was closed; empty as it should be. */
  async stillOpen(): Promise<readonly string[]> {
    const { host = loopback } = this.options
    const open = await Promise.all(
      this.listeners.map(async ({ port }) => ((await isRefused(host, port)) ? [] : [`port ${port}`])),
    )
    return open.flat()
  }

  /** Every port is open again, whatever the scenario says; one that cannot be had any more is closed, and stays so. */
  async heal(): Promise<void> {
    await Promise.allSettled(this.served.map(({ listener }) => listener.become('open')))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.listeners.map(listener => listener[Symbol.asyncDispose]()))
  }

  private get listeners(): readonly Listener[] {
    return [this.shared, ...this.served.map(({ listener }) => listener)]
  }

  private listen(http: Server): void {
    http.on('request', (message, response) => {
      void this.answer(message, response).catch((error: unknown) => {
        // A bug of ours: the client is not left waiting for what never comes, and the bug is heard of.
        message.socket.destroy()
        throw error
      })
    })
    http.on('connect', (message: IncomingMessage, socket: Socket) =>
      refuseConnect(message, socket, this.options.onRefused),
    )
    http.on('clientError', (error: Error, socket: Socket) => {
      if (isHttp2(error)) this.options.onNotice?.(http2Notice)
      refuseBadRequest(error, socket)
    })
  }

  private async answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = message
    const listener = listenerOf.get(socket)
    const connection = connectionOf(socket)
    if (!listener || !connection) return void socket.destroy()
    listener.begin(connection)
    response.once('close', () => listener.end(connection))
    const isFresh = connection.requests === 1
    const target = message.url ?? '/'
    if (/^https?:\/\//i.test(target)) {
      refuseAsProxy(target, response, this.options.onRefused)
      return
    }
    const place = this.placeOf(listener, target)
    const body = await readBody(message)
    if (!body) return
    const headers = headersOf(message)
    const sent = headers[sentHeader]
    if (sent !== undefined) delete headers[sentHeader]
    const arrival = arrived(sent)
    if (!arrival) return void socket.destroy()
    const method = message.method ?? 'GET'
    const { responder, clock, canaryOnly = false, passOn } = this.options
    const url = place && this.urlAt(place.door.host, place.path)
    // What an answer says of further pages leads back to where it was asked: by path, that is the door itself.
    const host = place && listener === this.shared ? { host: new URL(urlOf(place.door)).host } : undefined
    // As whoever ends TLS in front of a server tells it.
    const scheme = connection.socket === connection.raw ? undefined : { 'x-forwarded-proto': 'https' }
    const asked = host || scheme ? { ...headers, ...host, ...scheme } : headers
    const recognised = url && responder.recognise(wireOf({ method, url, headers: asked, body }))
    if (!place || !recognised) {
      this.notFound(response, `${method} ${target}`)
      return
    }
    if (canaryOnly && recognised.key !== 'none' && !recognised.key.startsWith('canary')) {
      response.writeHead(403, { 'content-type': 'text/plain' })
      response.end('blackstart answers canary keys only on an address that others can reach. Take the real key away.\n')
      return
    }
    const exchange = arrival.exchange ?? asSender(sent, () => responder.answer(recognised, asked, { isFresh }))
    // Who waits for nothing goes on at once.
    if (exchange.ready) await exchange.ready
    if (passOn && (await passOn({ exchange, response, method, path: place.path, headers, body }))) return
    play(exchange, response, clock)
  }

  private placeOf(listener: Listener, target: string): { door: OpenDoor; path: string } | undefined {
    const served = this.served.find(one => one.listener === listener)
    if (served) return { door: served.door, path: target }
    return whereTo(target, this.doors)
  }

  /** The address as the provider's own host has it; most requests are for one of a few. */
  private urlAt(host: string, path: string): URL | undefined {
    const text = `https://${host}${path}`
    const known = this.urls.get(text)
    if (known) return known
    const url = URL.parse(text) ?? undefined
    if (url && this.urls.size < urlsAtMost) this.urls.set(text, url)
    return url
  }

  private notFound(response: ServerResponse, line: string): void {
    this.options.onStranger?.(line)
    response.writeHead(404, { 'content-type': 'text/plain' })
    const paths = [...new Set(this.doors.map(({ provider }) => `/${provider}`))].join(' ')
    response.end(`blackstart: no surface of this run is at ${line}. By path there are: ${paths}\n`)
  }
}

const loopback = '127.0.0.1'
const urlsAtMost = 200

/** Nothing here ends what a scenario keeps open, and nothing ends a connection that a client may use again. */
function httpServer(): Server {
  return createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, noDelay: true })
}

const listenerOf = new WeakMap<Socket, Listener>()
