import { UsageError } from '../lib/errors.ts'
import { suggest } from '../lib/suggest.ts'
import type { OwnSurface, Scenario } from '../model/scenario.ts'
import { ownSurfaceName } from '../model/timeline.ts'
import { type Addresses, addressed } from './addressed.ts'
import { type HttpAddress, httpProvider } from './http/provider.ts'
import { providers } from './index.ts'
import type { Provider } from './provider.ts'

/**
 * The providers of one run: the scenario's own HTTP surfaces first, for theirs is the most particular address, then all
 * that ship, each where `addresses` says. Throws a `UsageError` for an address of a provider that does not exist.
 */
export function providersFor(scenario: Pick<Scenario, 'surfaces'>, addresses: Addresses = {}): readonly Provider[] {
  checkAddresses(addresses)
  const own = ownSurfaces(scenario.surfaces ?? {})
  const shipped = providers.map(provider => {
    const base = addresses[provider.id]
    return base === undefined ? provider : addressed(provider, base)
  })
  // Who has an address of its own comes before those that go by paths alone.
  const moved = (provider: Provider) => (addresses[provider.id] === undefined ? 1 : 0)
  return [...(own.size > 0 ? [httpProvider(own)] : []), ...shipped.toSorted((a, b) => moved(a) - moved(b))]
}

/** Throws a `UsageError` for an address of a provider that does not exist, and for one that is no URL. */
export function checkAddresses(addresses: Addresses): void {
  const known = providers.map(({ id }) => id)
  for (const [id, base] of Object.entries(addresses)) {
    const provider = providers.find(one => one.id === id)
    if (provider) {
      addressed(provider, base)
      continue
    }
    const meant = suggest(id, known)
    const hint = meant === undefined ? `The providers are: ${known.join(', ')}.` : `Did you mean "${meant}"?`
    throw new UsageError(`There is no provider "${id}" to give an address.`, hint)
  }
}

function ownSurfaces(surfaces: Readonly<Record<string, OwnSurface>>): ReadonlyMap<string, HttpAddress> {
  const own = new Map<string, HttpAddress>()
  for (const [name, { http }] of Object.entries(surfaces)) if (http) own.set(ownSurfaceName(name), http)
  return own
}
