import { parseDuration } from '../../lib/duration.ts'
import { UsageError } from '../../lib/errors.ts'
import { suggest } from '../../lib/suggest.ts'
import type { GuardLimits } from './guard.ts'
import { parseShare } from './percent.ts'

/** The flags as they were given; what is absent has its default. */
export interface GuardFlags {
  readonly blastRadius?: string | undefined
  readonly ttl?: string | undefined
  readonly maxRequests?: string | undefined
  readonly cap?: string | undefined
}

/** No timer is longer. */
const longestTtlMs = 24 * 86_400_000
const ways = ['forward', 'refuse'] as const

/** `--blast-radius 10% --ttl 15m --max-requests 500 --cap refuse`. Throws a `UsageError` that names the flag. */
export function readGuard({ blastRadius, ttl, maxRequests, cap }: GuardFlags): Partial<GuardLimits> {
  return {
    ...(blastRadius !== undefined && { blastRadius: shareOf(blastRadius) }),
    ...(ttl !== undefined && { ttlMs: ttlOf(ttl) }),
    ...(maxRequests !== undefined && { maxRequests: countOf(maxRequests) }),
    ...(cap !== undefined && { beyondCap: wayOf(cap) }),
  }
}

function shareOf(text: string): number {
  const share = parseShare(text)
  if (share !== undefined && share > 0) return share
  throw new UsageError(
    `--blast-radius ${text}: expected a share of the users above 0 and up to 100%.`,
    'Write it like 10% or 0.1.',
  )
}

function ttlOf(text: string): number {
  const ms = parseDuration(text)
  if (ms !== undefined && ms > 0 && ms <= longestTtlMs) return ms
  throw new UsageError(`--ttl ${text}: expected a duration such as 15m, above 0 and up to 24d.`)
}

function countOf(text: string): number {
  const count = Number(text)
  if (/^\d+$/.test(text) && count >= 1 && Number.isSafeInteger(count)) return count
  throw new UsageError(`--max-requests ${text}: expected a whole number of at least 1.`)
}

function wayOf(text: string): GuardLimits['beyondCap'] {
  const way = ways.find(one => one === text)
  if (way !== undefined) return way
  const meant = suggest(text, ways)
  throw new UsageError(
    `--cap ${text}: expected forward or refuse, for requests beyond --max-requests.`,
    meant === undefined ? undefined : `Did you mean "${meant}"?`,
  )
}
