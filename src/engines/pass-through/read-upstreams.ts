import { UsageError } from '../../lib/errors.ts'
import { isLoopback } from '../loopback.ts'
import { checkProviderName } from './provider-name.ts'

/** Base URLs of the servers that stand behind the drill, by provider. */
export type Upstreams = Readonly<Record<string, string>>

/**
 * What `--upstream PROVIDER=URL` names, each provider at most once. A command line is the only place that a real host may
 * be named in: a scenario or a config must not be able to send anybody's traffic, or keys, anywhere. Throws a
 * `UsageError` for a flag that cannot be read, and never repeats a password that stands in one.
 */
export function readUpstreams(flags: readonly string[]): Upstreams {
  const upstreams: Record<string, string> = {}
  for (const flag of flags) {
    const at = flag.indexOf('=')
    const provider = flag.slice(0, at).trim()
    if (at <= 0 || provider.includes('/'))
      throw new UsageError(
        `--upstream ${withoutUser(flag)} does not say whose upstream it is.`,
        'Write PROVIDER=URL, such as anthropic=https://api.anthropic.com',
      )
    checkProviderName(provider, 'to let through')
    if (provider in upstreams)
      throw new UsageError(`--upstream names ${provider} twice.`, 'Name one upstream for each.')
    upstreams[provider] = addressOf(provider, flag.slice(at + 1).trim()).href
  }
  return upstreams
}

/**
 * The address itself. Throws a `UsageError` when it is no whole URL, has more than a host and a path, or would carry keys
 * and prompts in clear beyond this machine.
 */
export function addressOf(provider: string, base: string): URL {
  const url = URL.parse(base)
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '')
    throw new UsageError(
      `The upstream of ${provider} is no URL: ${withoutUser(base)}`,
      `Write it whole, such as ${provider}=https://gateway.example/path`,
    )
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new UsageError(
      `The upstream of ${provider} has more than a host and a path.`,
      `Leave out the user, the password, the query and the fragment: ${url.origin}${url.pathname}. ` +
        "Keys go through in the client's own headers, or by --key-from.",
    )
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw new UsageError(
      `The upstream of ${provider} would get keys and prompts in clear: ${url.href}`,
      `Write https://${url.host}${url.pathname === '/' ? '' : url.pathname}; http: is for servers on this machine.`,
    )
  return url
}

/**
 * The path to ask the upstream for. A version that ends the base path and begins the request's own is said once: base
 * URLs of SDKs have it (`https://api.openai.com/v1`), and so has every request.
 */
export function pathAt({ pathname }: URL, pathAndQuery: string): string {
  const path = pathAndQuery.startsWith('/') ? pathAndQuery : `/${pathAndQuery}`
  const prefix = pathname.replace(/\/+$/, '')
  const version = /\/v\d\w*$/.exec(prefix)?.[0]
  const isTwice = version !== undefined && (path === version || path.startsWith(`${version}/`))
  return `${prefix}${isTwice ? path.slice(version.length) : path}`
}

function withoutUser(text: string): string {
  return text.replace(/\/\/[^/]*@/, '//')
}
