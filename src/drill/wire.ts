import { type LoopbackOptions, LoopbackServer } from '../engines/loopback/server.ts'

/** What carries a drill's faults: real ports, brought to what the scenario has of them. */
export interface Wire extends AsyncDisposable {
  readonly engine: string
  /** Base URL of each provider, as an app is to reach it. */
  readonly baseUrls: Readonly<Record<string, string>>
  /** What every provider can be reached under by path, and what lets nobody out as a proxy. */
  readonly sharedUrl: string
  /** The server behind it all. */
  readonly server: LoopbackServer
  /** Entries that were in force where no arrival could show it, by their place in the plan. */
  readonly applied: ReadonlySet<number>
  /** Brings everything to what is in force now; resolves once that was seen. */
  apply(): Promise<void>
  /** Nothing is in force any more. */
  heal(): Promise<void>
  /** What is left that should not be, after everything was closed; empty when all is clean. */
  leftovers(): Promise<readonly string[]>
}

/** The loopback engine by itself. */
export async function loopbackWire(options: LoopbackOptions): Promise<Wire> {
  const server = await LoopbackServer.open(options)
  return {
    engine: 'loopback',
    baseUrls: baseUrlsOf(server),
    sharedUrl: server.url,
    server,
    applied: server.applied,
    apply: () => server.apply(),
    heal: () => server.heal(),
    leftovers: () => server.stillOpen(),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

/** The API of each provider: its first door. */
export function baseUrlsOf({ doors }: LoopbackServer): Readonly<Record<string, string>> {
  return Object.fromEntries(doors.toReversed().map(({ provider, at }) => [provider, `http://${at}`]))
}
