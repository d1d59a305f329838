import { statusAt } from '../../model/status.ts'
import type { Plan } from '../../model/timeline.ts'
import { providerSurfaces } from '../../providers/index.ts'
import { claudeStatus, idOf, openaiStatus, type Site } from '../../providers/statuspage/site.ts'

/** A provider's page, and where it is: `''` for the first, which has the root, else `/ID`. */
export interface ProviderPage {
  readonly provider: string
  readonly path: string
  readonly site: Site
}

/** The first is of the scenario's own provider. */
export type ProviderPages = readonly [ProviderPage, ...ProviderPage[]]

/** Those that an app can read on the wire, too. */
const onTheWire: ReadonlyMap<string, Site> = new Map([
  ['anthropic', claudeStatus],
  ['openai', openaiStatus],
])

/**
 * The pages that there are at `t`. Pages that exist on the wire are there all along,
 * and others from their first word on: one that comes and goes with the scenario would tell what is still to happen.
 */
export function pagesAt(plan: Plan, t: number): ProviderPages {
  const own = plan.scenario.provider
  const spoken = [...providerSurfaces.keys()].filter(id => statusAt(plan, id, t).updatedMs !== undefined)
  const others = new Set([...onTheWire.keys(), ...spoken])
  others.delete(own)
  return [pageOf(own, ''), ...[...others].map(id => pageOf(id, `/${id}`))]
}

function pageOf(provider: string, path: string): ProviderPage {
  return { provider, path, site: onTheWire.get(provider) ?? plainSite(provider) }
}

/** A page for a provider that has none on the wire: its large surfaces are its components. */
function plainSite(provider: string): Site {
  const name = `${provider.slice(0, 1).toUpperCase()}${provider.slice(1)}`
  const page = { pageId: idOf({ pageId: provider, ids: 'short' }, 'page'), ids: 'short' } as const
  const surfaces = (providerSurfaces.get(provider) ?? []).filter(surface => !/^status$|\./.test(surface))
  return {
    ...page,
    name,
    url: `https://status.${provider}.example`,
    hosts: [],
    components: surfaces.map(surface => ({
      id: idOf(page, `component ${surface}`),
      name: `${name} ${surface === 'api' ? 'API' : surface}`,
      surface,
      createdAt: '2025-01-01T00:00:00.000Z',
    })),
  }
}
