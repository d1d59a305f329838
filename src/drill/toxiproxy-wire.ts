import { connectionFault } from '../engines/loopback/connection-fault.ts'
import { LoopbackServer } from '../engines/loopback/server.ts'
import type { OpenDoor } from '../engines/loopback/where-to.ts'
import { type Carrier, openCarrier, type UpstreamRoute } from '../engines/toxiproxy/carrier.ts'
import { entriesOn, type Route } from '../engines/toxiproxy/route.ts'
import { openToxiproxy } from '../engines/toxiproxy/server.ts'
import { tcpRoutes } from '../engines/toxiproxy/unsupported.ts'
import { UsageError } from '../lib/errors.ts'
import { type Plan, plannedFaults } from '../model/timeline.ts'
import { countOf, type World } from '../model/world.ts'
import { baseUrlsOf, type Wire, type WireOptions } from './wire.ts'

/**
 * The loopback engine with a real Toxiproxy in front of each door, and of each TCP service of the scenario: what TCP can do
 * is done by it, all else by the server behind, which also does to a request what the proxy was too late for. Rejects with a `UsageError` where there is no Toxiproxy.
 */
export async function toxiproxyWire(options: WireOptions): Promise<Wire> {
  const { plan, t, speed, onNotice } = options
  const toxiproxy = await openToxiproxy({ onNotice })
  if (toxiproxy.type === 'unavailable')
    throw new UsageError(
      `The engine toxiproxy cannot be had: ${toxiproxy.says}.`,
      `${toxiproxy.fix}. Or drill without it: --engine loopback`,
    )
  const opened: AsyncDisposable[] = [toxiproxy]
  try {
    const server = await LoopbackServer.open(options)
    opened.unshift(server)
    const services = tcpRoutes(plan())
    const carrier = await openCarrier({
      ...{ server: toxiproxy, plan, speed, onNotice },
      routes: [
        ...server.doors.map(doorRoute),
        ...services.map(({ address, ...route }) => ({ ...route, upstream: address })),
      ],
    })
    opened.unshift(carrier)
    const doors = server.doors.map((door): OpenDoor => ({ ...door, at: addressOf(carrier, doorRoute(door).name) }))
    const applied = new Set<number>()
    const left: string[] = []
    return {
      engine: 'toxiproxy',
      baseUrls: baseUrlsOf(doors),
      sharedUrl: server.url,
      doors,
      services: Object.fromEntries(services.map(({ name }) => [name, addressOf(carrier, name)])),
      applied,
      // It accepts whatever it listens for.
      faultOf: door => (connectionFault(plan(), t(), door)?.type === 'refuse' ? 'refuse' : undefined),
      async apply() {
        const now = t()
        await carrier.apply(now)
        for (const entry of closedNow(plan(), now, doors, services)) applied.add(entry)
      },
      // Before t = 0 nothing is in force.
      heal: () => carrier.apply(-1),
      count: world => countServices(carrier, plan(), services, world),
      leftovers: async () => [...left, ...(await server.stillOpen())],
      async [Symbol.asyncDispose]() {
        for (const one of opened.splice(0))
          await Promise.resolve(one[Symbol.asyncDispose]()).catch((error: Error) => left.push(error.message))
      },
    }
  } catch (error) {
    for (const one of opened) await one[Symbol.asyncDispose]()
    throw error
  }
}

function doorRoute({ provider, surface, at }: OpenDoor): UpstreamRoute {
  const name = `${provider}.${surface}`
  return { name, kind: 'http', surfaces: [name], upstream: at }
}

function addressOf(carrier: Carrier, route: string): string {
  return `127.0.0.1:${carrier.port(route)}`
}

/** Entries that have closed a proxy at `t`, by their place in the plan: whom they turn away, nobody sees. */
function closedNow(plan: Plan, t: number, doors: readonly OpenDoor[], services: readonly Route[]): readonly number[] {
  const ofDoors = doors.flatMap(door => {
    const fault = connectionFault(plan, t, door)
    return fault?.type === 'refuse' ? [fault.entry.index] : []
  })
  const ofServices = services.flatMap(service =>
    entriesOn(plan, service)
      .filter(({ startMs, endMs, options }) => t >= startMs && t < endMs && options[0]?.fault.id === 'refused')
      .map(({ index }) => index),
  )
  return [...ofDoors, ...ofServices]
}

/** What a TCP service knows nothing of: how many connections each fault has met. */
function countServices(carrier: Carrier, plan: Plan, services: readonly Route[], world: World): void {
  const counts = carrier.counts().filter(({ route }) => services.some(({ name }) => name === route))
  for (const { route, connections, reached } of counts)
    for (const entry of plannedFaults(plan)) {
      const service = services.find(({ name }) => name === route)
      if (!service || !entriesOn(plan, service).includes(entry)) continue
      if (connections > 0) world.touched.add(entry.index)
      const hits = reached.get(entry.path) ?? 0
      const count = countOf(world, entry)
      count.eligible += hits
      count.hits += hits
      count.expected += hits
    }
}
