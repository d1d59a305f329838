import { UsageError } from '../lib/errors.ts'
import type { Provider, WireRequest } from './provider.ts'

/** Base URLs by provider, for a gateway or a mirror in front of one: `{ anthropic: 'https://gateway.example/claude' }`. */
export type Addresses = Readonly<Record<string, string>>

/**
 * The provider, reached also under `base` (an absolute URL): what comes there is read as if it had been sent to the
 * provider's own host, and the variables that SDKs read their base URL from name it. Throws a `UsageError` for a `base`
 * that is no HTTP URL, or has more than a host and a path.
 */
export function addressed(provider: Provider, base: string): Provider {
  const at = URL.parse(base)
  if (at === null || !/^https?:$/.test(at.protocol))
    throw new UsageError(
      `The address of ${provider.id} is no URL: ${base}`,
      'Write it whole, like https://gateway.example/claude',
    )
  if (at.username !== '' || at.password !== '' || at.search !== '' || at.hash !== '')
    throw new UsageError(
      `The address of ${provider.id} has more than a host and a path.`,
      `Leave out the user, the password, the query and the fragment: ${at.origin}${at.pathname}`,
    )
  const prefix = at.pathname.replace(/\/+$/, '')
  const [home = at.hostname] = provider.hosts
  const below = ({ url }: WireRequest) =>
    url.host === at.host && (url.pathname === prefix || url.pathname.startsWith(`${prefix}/`))
  return Object.freeze({
    ...provider,
    hosts: [...provider.hosts, at.hostname],
    env: Object.fromEntries(Object.entries(provider.env).map(([name, value]) => [name, moved(value, provider, at)])),
    recognise: (request: WireRequest) => {
      if (!below(request)) return provider.recognise(request)
      const url = new URL(`https://${home}${request.url.pathname.slice(prefix.length) || '/'}${request.url.search}`)
      return provider.recognise({ ...request, url })
    },
  })
}

/** A base URL of the provider's own, with the gateway in place of its host; anything else as it is. */
function moved(value: string, { hosts }: Provider, at: URL): string {
  const url = URL.parse(value)
  if (url === null || !hosts.includes(url.hostname)) return value
  const path = `${at.pathname.replace(/\/+$/, '')}${url.pathname}`.replace(/\/+$/, '')
  return `${at.origin}${path}`
}
