import type { Provider } from '../../providers/provider.ts'

/**
 * An address of its own for all that fails together: one host of a provider in life, one port on loopback here, so that
 * the API can refuse connections while the status page is up.
 */
export interface Door {
  readonly provider: string
  /** The outermost surface behind it, without the provider's name: `api`, `chat`, `status`. */
  readonly surface: string
  /** The host that it stands in for. */
  readonly host: string
  /** The port that it must have; any when absent. */
  readonly port?: number
}

/** The doors of a run's providers: one for each host, those of one surface together. */
export function doorsOf(providers: readonly Provider[]): readonly Door[] {
  const doors = new Map<string, Door>()
  for (const provider of providers)
    for (const host of provider.hosts) {
      const surface = surfaceAt(provider, host)
      const key = `${provider.id} ${surface}`
      if (!doors.has(key)) doors.set(key, { provider: provider.id, surface, host })
    }
  return [...doors.values()]
}

/** What is behind the root of a host. */
function surfaceAt(provider: Provider, host: string): string {
  const url = new URL(`https://${host}/`)
  const recognised = provider.recognise({ method: 'GET', url, headers: {}, body: '' })
  return (recognised?.surface ?? provider.surfaces[0] ?? 'api').split('.')[0] ?? 'api'
}

/** The door behind which a host of a provider is found: several hosts may share one. */
export function doorFor<D extends Door>(
  host: string,
  providers: readonly Provider[],
  doors: readonly D[],
): D | undefined {
  const provider = providers.find(({ hosts }) => hosts.includes(host))
  if (!provider) return undefined
  const surface = surfaceAt(provider, host)
  return doors.find(door => door.provider === provider.id && door.surface === surface)
}
