import { type Door, doorsOf } from '../engines/loopback/door.ts'
import { urlOf } from '../engines/loopback/where-to.ts'
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

/** Where the scenario's own surfaces are: `tickets` in `BLACKSTART_TICKETS_URL`, a TCP `cache` in `BLACKSTART_CACHE_ADDRESS`. */
export function ownAddresses({ doors, services }: Wire): Readonly<Record<string, string>> {
  const own = doors.filter(({ provider }) => provider === 'http')
  const urls = own.map(door => [`BLACKSTART_${inCapitals(door.surface)}_URL`, urlOf(door)])
  const places = Object.entries(services).map(([name, at]) => [
    `BLACKSTART_${inCapitals(name.replace(/^http\./, ''))}_ADDRESS`,
    at,
  ])
  return Object.fromEntries([...urls, ...places])
}

function inCapitals(surface: string): string {
  return surface.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')
}
