import { type Door, doorsOf } from '../engines/loopback/door.ts'
import type { Scenario } from '../model/scenario.ts'
import { addressed } from '../providers/addressed.ts'
import type { Provider } from '../providers/provider.ts'
import type { Wire } from './wire.ts'

/** A provider's base URLs, as the client in this process is to have them. */
export function reached(provider: Provider, baseUrls: Readonly<Record<string, string>>): Provider {
  const base = baseUrls[provider.id]
  return base === undefined ? provider : addressed(provider, base)
}

/** Those of the providers, and those of the scenario's own surfaces, at the ports that they name. */
export function allDoors(providers: readonly Provider[], { surfaces = {} }: Scenario): readonly Door[] {
  const own = Object.entries(surfaces).flatMap(([name, { http }]): Door[] => {
    if (!http) return []
    const { host = '127.0.0.1', port } = http
    return [{ provider: 'http', surface: name, host, ...(port !== undefined && { port }) }]
  })
  return [...doorsOf(providers.filter(({ id }) => id !== 'http')), ...own]
}

/** Where the scenario's own surfaces are: `tickets` in `BLACKSTART_TICKETS_URL`. */
export function ownUrls({ server }: Wire): Readonly<Record<string, string>> {
  const own = server.doors.filter(({ provider }) => provider === 'http')
  return Object.fromEntries(
    own.map(({ surface, at }) => [`BLACKSTART_${surface.toUpperCase().replaceAll('-', '_')}_URL`, `http://${at}`]),
  )
}
