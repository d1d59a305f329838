import { type ConnectionFault, connectionFault } from '../engines/loopback/connection-fault.ts'
import { type LoopbackOptions, LoopbackServer } from '../engines/loopback/server.ts'
import { type OpenDoor, urlOf } from '../engines/loopback/where-to.ts'
import type { World } from '../model/world.ts'

export interface WireOptions extends LoopbackOptions {
  /** How many times faster than real time the scenario goes. */
  readonly speed: number
  /** Something that people should know now. */
  onNotice(says: string): void
}

/** What carries a drill's faults: real ports, brought to what the scenario has of them. */
export interface Wire extends AsyncDisposable {
  readonly engine: string
  /** Where each part of each provider is, as an app is to reach it. */
  readonly doors: readonly OpenDoor[]
  /** Base URL of each provider: that of its API. */
  readonly baseUrls: Readonly<Record<string, string>>
  /** Addresses of the scenario's TCP services, by their full names. */
  readonly services: Readonly<Record<string, string>>
  /** What every provider can be reached under by path, and what lets nobody out as a proxy. */
  readonly sharedUrl: string
  /** Entries that were in force where no arrival could show it, by their place in the plan. */
  readonly applied: ReadonlySet<number>
  /** What befalls every connection to a door now, so that no request gets through to a server. */
  faultOf(door: OpenDoor): ConnectionFault['type'] | undefined
  /** Brings everything to what is in force now; resolves once that was seen. */
  apply(): Promise<void>
  /** Nothing is in force any more. */
  heal(): Promise<void>
  /** Enters what was hit where no request is ever seen. To be called once, at the end. */
  count(world: World): void
  /** What is left that should not be, after everything was closed; empty when all is clean. */
  leftovers(): Promise<readonly string[]>
}

/** The loopback engine by itself. */
export async function loopbackWire(options: WireOptions): Promise<Wire> {
  const server = await LoopbackServer.open(options)
  return {
    engine: 'loopback',
    doors: server.doors,
    baseUrls: baseUrlsOf(server.doors),
    services: {},
    sharedUrl: server.url,
    applied: server.applied,
    faultOf: door => connectionFault(options.plan(), options.t(), door)?.type,
    apply: () => server.apply(),
    heal: () => server.heal(),
    count: () => {},
    leftovers: () => server.stillOpen(),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

/** The API of each provider: its first door. */
export function baseUrlsOf(doors: readonly OpenDoor[]): Readonly<Record<string, string>> {
  return Object.fromEntries(doors.toReversed().map(door => [door.provider, urlOf(door)]))
}
