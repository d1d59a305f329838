import type { Clock } from '../../clock/clock.ts'
import type { Plan } from '../../model/timeline.ts'
import type { CarrierOptions, UpstreamRoute } from './carrier.ts'
import type { ToxiproxyControl } from './control.ts'
import { isOpen, quietPort } from './ports.ts'
import { healthyState, type ProxySpec } from './proxy-state.ts'
import { openRelay, type Relay } from './relay.ts'
import { isTrouble, ToxiproxyTrouble } from './trouble.ts'
import { wireStateAt } from './wire-state.ts'

/** What came through a route to what stands behind it. */
export interface RouteCount {
  readonly route: string
  /** Of TCP services alone, as are the others: an HTTP server of ours sees for itself. */
  readonly connections: number
  readonly bytesIn: number
  readonly bytesOut: number
  /**
   * By the path of a carried entry: connections on which the app said something while its fault was in force. A refused
   * connection is none: nobody sees it but the app.
   */
  readonly reached: ReadonlyMap<string, number>
}

type Options = Pick<CarrierOptions, 'speed' | 'onConnection' | 'onBytes'> & { readonly clock: Clock }

let opened = 0
const attempts = 3
const arrivalMs = 2_000
const pollMs = 5

/** One route's proxy, and the relay behind it where it leads to a TCP service. */
export class CarriedRoute {
  readonly name: string
  readonly port: number
  private readonly route: UpstreamRoute
  private readonly spec: ProxySpec
  private readonly control: ToxiproxyControl
  private readonly speed: number
  private readonly relay: Relay | undefined
  private readonly seen: Seen

  private constructor(
    route: UpstreamRoute,
    control: ToxiproxyControl,
    own: { spec: ProxySpec; port: number; relay: Relay | undefined; seen: Seen; speed: number },
  ) {
    this.name = route.name
    this.route = route
    this.control = control
    this.spec = own.spec
    this.port = own.port
    this.relay = own.relay
    this.seen = own.seen
    this.speed = own.speed
  }

  static async open(route: UpstreamRoute, control: ToxiproxyControl, options: Options): Promise<CarriedRoute> {
    const { clock, speed = 1 } = options
    const seen = new Seen()
    const relay =
      route.kind === 'http'
        ? undefined
        : await openRelay({
            ...{ address: route.upstream, clock },
            onConnection: () => seen.isReady && options.onConnection?.(route.name),
            onBytes(connection, bytes) {
              seen.add(connection)
              options.onBytes?.(route.name, bytes)
            },
          })
    const upstream = relay ? `127.0.0.1:${relay.port}` : route.upstream
    try {
      const { spec, port } = await place(route.name, upstream, control)
      if (relay && !(await arrives(relay, clock))) {
        await control.remove(spec.name)
        throw new ToxiproxyTrouble(
          'difference',
          `What connects to the route "${route.name}" does not come out behind Toxiproxy: does it run on this machine?`,
        )
      }
      seen.begin(relay?.connections ?? 0)
      return new CarriedRoute(route, control, { spec, port, relay, seen, speed })
    } catch (error) {
      await relay?.[Symbol.asyncDispose]()
      throw error
    }
  }

  /** Its name on the server. */
  get proxy(): string {
    return this.spec.name
  }

  async apply(plan: Plan, t: number): Promise<void> {
    const wanted = wireStateAt(plan, this.route, t, this.speed)
    await this.control.set(this.spec, wanted)
    // Its own word for it is not enough where it runs in a container: the port must be closed here.
    if (!wanted.enabled && (await isOpen(this.port)))
      throw new ToxiproxyTrouble(
        'difference',
        `Toxiproxy closed the port ${this.port}, and somebody still listens there.`,
      )
    this.seen.entry = wanted.entry
  }

  count(): RouteCount {
    const { connections = 0, bytesIn = 0, bytesOut = 0 } = this.relay ?? {}
    return {
      ...{ route: this.name, connections: connections - this.seen.before, bytesIn, bytesOut },
      reached: new Map([...this.seen.reached].map(([entry, those]) => [entry, those.size])),
    }
  }

  /** Takes the proxy off; a server that has ended has none. Throws unless its port is closed. */
  async close(hasServerEnded: boolean): Promise<void> {
    try {
      if (!hasServerEnded) await this.control.remove(this.spec.name)
      if (await isOpen(this.port))
        throw new ToxiproxyTrouble('difference', `The port ${this.port} of the route "${this.name}" is still open.`)
    } finally {
      await this.relay?.[Symbol.asyncDispose]()
    }
  }
}

/** What the relay saw, by the entry that was in force. */
class Seen {
  readonly reached = new Map<string, Set<number>>()
  entry: string | undefined
  isReady = false
  /** Connections that were our own, to see whether the route leads anywhere. */
  before = 0

  begin(before: number): void {
    this.isReady = true
    this.before = before
  }

  add(connection: number): void {
    if (this.entry === undefined) return
    const those = this.reached.get(this.entry) ?? new Set()
    this.reached.set(this.entry, those.add(connection))
  }
}

/** The process that made a proxy of this name; `undefined` when it is none of blackstart's. */
export function ownerOf(proxy: string): number | undefined {
  const [, pid] = /^blackstart-(\d+)-\d+\./.exec(proxy) ?? []
  return pid === undefined ? undefined : Number(pid)
}

/** Makes the proxy on a port that nobody has, and sees that one can connect to it. */
async function place(
  route: string,
  upstream: string,
  control: ToxiproxyControl,
): Promise<{ readonly spec: ProxySpec; readonly port: number }> {
  const name = `blackstart-${process.pid}-${++opened}.${route}`
  for (let attempt = 1; ; attempt++) {
    const port = await quietPort()
    const spec: ProxySpec = { name, listen: `127.0.0.1:${port}`, upstream }
    try {
      await control.create(spec, healthyState)
      if (await isOpen(port)) return { spec, port }
      await control.remove(name)
    } catch (error) {
      if (isTrouble(error, 'bad-request')) throw error
      await control.remove(name)
      if (attempt === attempts || !isTaken(error)) throw error
      continue
    }
    throw new ToxiproxyTrouble(
      'difference',
      `Toxiproxy says that it listens on 127.0.0.1:${port}, and nobody does: is it in a container without the host's network?`,
    )
  }
}

/** Waits for the connection that {@link place} made: then the proxy leads to the relay, and the count begins after it. */
async function arrives(relay: Relay, clock: Clock): Promise<boolean> {
  for (let waited = 0; waited < arrivalMs && relay.connections === 0; waited += pollMs) await clock.sleep(pollMs)
  return relay.connections > 0
}

function isTaken(error: unknown): boolean {
  return isTrouble(error, 'refusal') && error.message.includes('address already in use')
}
