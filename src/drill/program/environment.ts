import { clientEnv } from '../../clients/env.ts'
import { type ClockOptIn, clockVariables } from '../../clock/opt-in.ts'
import { type Addresses, addressed } from '../../providers/addressed.ts'
import type { Provider } from '../../providers/provider.ts'
import { moreVariables } from './sdk-variables.ts'

export interface EnvironmentOptions {
  /** A proxy that refuses: what asks for any other host is sent there, and so nowhere. */
  readonly strayProxyUrl?: string
  /** For a Node program that takes its time from the drill. */
  readonly clock?: ClockOptIn
  /** The variables of the program's own: they win over all others. */
  readonly own?: Readonly<Record<string, string>>
  /** What it inherits; `process.env` when absent. */
  readonly ambient?: Readonly<Record<string, string | undefined>>
}

/**
 * The environment of a program under drill: what this process has, without real keys, profiles, addresses and proxies,
 * and with the base-URL variables of every SDK and canary keys. `baseUrls` says where each provider is (`{ anthropic:
 * 'http://127.0.0.1:4100' }`, without `/v1`); one that has no place there keeps its real address and cannot be paid.
 */
export function environmentFor(
  baseUrls: Addresses,
  providers: readonly Provider[],
  { strayProxyUrl, clock, own = {}, ambient = process.env }: EnvironmentOptions = {},
): Readonly<Record<string, string>> {
  const places = providers.map(provider => ({ provider, base: baseUrls[provider.id]?.replace(/\/+$/, '') }))
  const { set, clear } = clientEnv(
    places.map(({ provider, base }) => (base === undefined ? provider : addressed(provider, base))),
  )
  const kept = Object.entries(ambient).flatMap(([name, value]) =>
    value === undefined || clear(name) || isOurs(name) ? [] : [[name, value] as const],
  )
  return {
    ...Object.fromEntries(kept),
    ...set,
    ...Object.assign({}, ...places.map(({ provider, base }) => base !== undefined && moreVariables(provider, base))),
    ...(strayProxyUrl !== undefined && proxyVariables(strayProxyUrl, Object.values(baseUrls))),
    ...(clock && clockVariables(clock)),
    ...own,
  }
}

/** A drill inside a drill has a clock of its own. */
function isOurs(name: string): boolean {
  return name === 'BLACKSTART_SPEED' || name.startsWith('BLACKSTART_CLOCK_')
}

/** Some read the names in capitals and some the others; Node heeds them only when it is told to. */
function proxyVariables(url: string, baseUrls: readonly string[]): Readonly<Record<string, string>> {
  // A drill that others can reach is at an address of the network.
  const own = baseUrls.map(base => new URL(base).hostname.replace(/^\[|\]$/g, ''))
  const direct = [...new Set(['127.0.0.1', 'localhost', '::1', ...own])].join(',')
  return {
    ...{ HTTP_PROXY: url, HTTPS_PROXY: url, NO_PROXY: direct },
    ...{ http_proxy: url, https_proxy: url, no_proxy: direct },
    NODE_USE_ENV_PROXY: '1',
  }
}
