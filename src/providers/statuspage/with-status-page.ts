import { shortHash } from '../hash.ts'
import type { Provider, Recognised, WireRequest } from '../provider.ts'
import { renderIn } from '../render.ts'
import { statusDialect, viewOf } from './dialect.ts'
import type { Site } from './site.ts'

/** The provider together with its status page, which is its surface `status` and has hosts of its own. */
export function withStatusPage(provider: Provider, site: Site): Provider {
  const render = renderIn(statusDialect(site))
  const surfaces = provider.surfaces.includes('status') ? provider.surfaces : [...provider.surfaces, 'status']
  return Object.freeze({
    ...provider,
    surfaces,
    hosts: [...new Set([...provider.hosts, ...site.hosts])],
    recognise: request =>
      site.hosts.includes(request.url.hostname) ? visit(provider.id, request) : provider.recognise(request),
    render: (effect, request, context) => {
      if (request.surface !== 'status') return provider.render(effect, request, context)
      // Whatever else would befall it, a page that cannot be reached is not reached.
      return viewOf(context).page === 'unreachable' ? { type: 'hold', connect: true } : render(effect, request, context)
    },
  } satisfies Provider)
}

function visit(provider: string, { method, url }: WireRequest): Recognised {
  return {
    provider,
    surface: 'status',
    model: undefined,
    streaming: false,
    // A page for all to read: who asks tells nothing.
    key: 'none',
    inputTokens: 0,
    maxOutputTokens: 0,
    question: undefined,
    bodyHash: shortHash(`${method} ${url.pathname}`),
    retryCount: undefined,
    json: undefined,
    route: `${method} ${url.pathname}`,
  }
}
