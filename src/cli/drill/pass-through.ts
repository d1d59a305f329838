import type { PassThrough } from '../../drill/options.ts'
import { readGuard } from '../../engines/pass-through/read-guard.ts'
import { readUpstreams } from '../../engines/pass-through/read-upstreams.ts'
import { UsageError } from '../../lib/errors.ts'
import type { Invocation } from '../command.ts'

const limits = ['blast-radius', 'ttl', 'max-requests', 'cap'] as const

/** What was asked for, and the words of its limits. */
export interface PassThroughFlags extends PassThrough {
  readonly given: readonly string[]
}

/** Reads `--upstream` and the flags that belong to it; `undefined` where nothing is let through. */
export function readPassThrough(invocation: Invocation): PassThroughFlags | undefined {
  const upstreams = readUpstreams(invocation.values('upstream'))
  if (Object.keys(upstreams).length === 0) {
    const lonely = [...limits, 'key-from'].find(flag => invocation.has(flag))
    if (lonely === undefined) return undefined
    throw new UsageError(
      `--${lonely} is about traffic that is let through to a real provider.`,
      'Name one: --upstream anthropic=https://api.anthropic.com',
    )
  }
  const [blastRadius, ttl, maxRequests, cap] = limits.map(flag => invocation.value(flag))
  return {
    upstreams,
    given: limits.flatMap(flag =>
      [invocation.value(flag)].flatMap(value => (value === undefined ? [] : [`--${flag}`, value])),
    ),
    keyFrom: readKeys(invocation.values('key-from'), upstreams),
    limits: readGuard({
      ...(blastRadius !== undefined && { blastRadius }),
      ...(ttl !== undefined && { ttl }),
      ...(maxRequests !== undefined && { maxRequests }),
      ...(cap !== undefined && { cap }),
    }),
  }
}

function readKeys(given: readonly string[], upstreams: PassThrough['upstreams']): PassThrough['keyFrom'] {
  const pairs = given.map((text): [string, string] => {
    const [, provider, name] = /^([a-z]+)=([A-Za-z_]\w*)$/.exec(text) ?? []
    if (provider === undefined || name === undefined)
      throw new UsageError(
        `--key-from ${text}: expected a provider and the name of a variable.`,
        'Write it like --key-from anthropic=ANTHROPIC_API_KEY; the key itself has no place on a command line.',
      )
    if (upstreams[provider] === undefined)
      throw new UsageError(`--key-from ${text}: nothing is let through to ${provider}.`, `Name it with --upstream too.`)
    return [provider, name]
  })
  return Object.fromEntries(pairs)
}
