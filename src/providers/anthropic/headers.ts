import { shortHash } from '../hash.ts'
import type { RateLimitView, RenderContext } from '../provider.ts'

const organization = 'b1ac57a7-0000-4000-8000-000000000001'
const workspace = 'wrkspc_01b1ac57a70000000000000001'

const nominal: readonly RateLimitView[] = [
  { dimension: 'requests', limit: 4_000, remaining: 3_999, resetMs: 15 },
  { dimension: 'input_tokens', limit: 2_000_000, remaining: 2_000_000, resetMs: 0 },
  { dimension: 'output_tokens', limit: 400_000, remaining: 400_000, resetMs: 0 },
]

// A bucket that is not refilled at all never gets full; a day says so, and is still a date.
const longestResetMs = 86_400_000

/** `req_…`, the same for every look at one attempt. */
export function requestId(attemptId: string): string {
  return `req_011C${shortHash(`${attemptId} request`, 20)}`
}

/** Of an answer that the API itself makes to someone it knows. */
export function apiHeaders(context: RenderContext): Record<string, string> {
  return {
    'request-id': requestId(context.attemptId),
    'anthropic-organization-id': organization,
    'anthropic-workspace-id': workspace,
  }
}

/** `anthropic-ratelimit-*` from the live buckets; a dimension without one is as generous as a large account's. */
export function rateLimitHeaders({ rateLimits, nowMs }: RenderContext): Record<string, string> {
  const [requests, input, output] = nominal.map(
    usual => rateLimits.find(({ dimension }) => dimension === usual.dimension) ?? usual,
  ) as [RateLimitView, RateLimitView, RateLimitView] // one for each of the three nominal ones
  const both = {
    limit: input.limit + output.limit,
    remaining: input.remaining + output.remaining,
    resetMs: Math.max(input.resetMs, output.resetMs),
  }
  const headers: Record<string, string> = {}
  const add = (name: string, view: Omit<RateLimitView, 'dimension'>, unit: number) => {
    // A part of a request is none, or a 429 would say that one is left.
    const left = Math.max(0, unit === 1 ? Math.floor(view.remaining) : view.remaining)
    const remaining = Math.min(view.limit, Math.round(left / unit) * unit)
    headers[`anthropic-ratelimit-${name}-limit`] = String(Math.floor(view.limit))
    headers[`anthropic-ratelimit-${name}-remaining`] = String(Math.floor(remaining))
    headers[`anthropic-ratelimit-${name}-reset`] = instant(nowMs + Math.min(view.resetMs, longestResetMs))
  }
  add('requests', requests, 1)
  // Tokens left are told to the nearest thousand.
  add('input-tokens', input, 1_000)
  add('output-tokens', output, 1_000)
  add('tokens', both, 1_000)
  return headers
}

/** RFC 3339 in whole seconds, rounded up: at that second the bucket is full. */
function instant(ms: number): string {
  const second = Math.ceil(ms / 1_000)
  const known = told.get(second)
  if (known !== undefined) return known
  const text = new Date(second * 1_000).toISOString().replace('.000Z', 'Z')
  if (told.size >= toldAtMost) told.clear()
  told.set(second, text)
  return text
}

/** Four of them stand in every answer, and most are the same. */
const told = new Map<number, string>()
const toldAtMost = 8
