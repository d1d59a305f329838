import type { AnswerOptions } from '../../model/effect.ts'
import { shortHash } from '../hash.ts'
import type { RateLimitView, Recognised, RenderContext } from '../provider.ts'

const organization = 'user-b1ac57a7b1ac57a7b1ac57a7'
const project = 'proj_b1ac57a7b1ac57a7b1ac57a7'

// A bucket that is not refilled at all never gets full; a day says so, and is still a duration.
const longestResetMs = 86_400_000

/** `req_…`, the same for every look at one attempt. */
export function requestId(attemptId: string): string {
  return `req_${shortHash(`${attemptId} request`, 32)}`
}

/** Of every answer that the API itself makes; the edge in front of it adds its own. `tookMs`: time on the API's side. */
export function baseHeaders(context: RenderContext, tookMs: number): Record<string, string> {
  return {
    'openai-processing-ms': String(Math.max(1, Math.round(tookMs))),
    'openai-version': '2020-10-01',
    'x-request-id': requestId(context.attemptId),
    'x-openai-proxy-wasm': 'v0.1',
    'cf-cache-status': 'DYNAMIC',
    server: 'cloudflare',
    'cf-ray': `${shortHash(`${context.attemptId} ray`, 16)}-FRA`,
  }
}

/** Of an answer to someone the API knows. */
export function apiHeaders(context: RenderContext, tookMs: number): Record<string, string> {
  return { 'openai-organization': organization, 'openai-project': project, ...baseHeaders(context, tookMs) }
}

/** The organization, in the words of a rate limit. */
export const organizationName = `org-${organization.slice('user-'.length)}`

export interface Budget {
  readonly limit: number
  readonly remaining: number
  /** Ms until it is full again. */
  readonly resetMs: number
}

/**
 * The two budgets that OpenAI knows, from the live buckets: its tokens are those read and those written together.
 * `turnedAway`: the 429 that they are told with, so that one without a bucket behind it agrees with itself.
 */
export function budgets({ inputTokens }: Recognised, { rateLimits }: RenderContext, turnedAway?: AnswerOptions) {
  const requests = rateLimits.find(({ dimension }) => dimension === 'requests')
  const tokens = rateLimits.filter(({ dimension }) => dimension !== 'requests')
  const spent = rateLimits.length === 0 ? turnedAway : undefined
  return {
    requests: requests ?? (spent === undefined ? nominalRequests : spentRequests(spent)),
    tokens: tokens.length > 0 ? together(tokens) : nominalTokens(inputTokens),
  } as const
}

const nominalRequests: Budget = { limit: 10_000, remaining: 9_999, resetMs: 6 }

function spentRequests({ retryAfter }: AnswerOptions): Budget {
  return { ...nominalRequests, remaining: 0, resetMs: retryAfter?.ms ?? nominalRequests.resetMs }
}

/** `x-ratelimit-*`, whose reset is how long it takes and not when. */
export function rateLimitHeaders(
  request: Recognised,
  context: RenderContext,
  turnedAway?: AnswerOptions,
): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, budget] of Object.entries(budgets(request, context, turnedAway))) {
    headers[`x-ratelimit-limit-${name}`] = String(Math.floor(budget.limit))
    headers[`x-ratelimit-remaining-${name}`] = String(Math.max(0, Math.floor(Math.min(budget.remaining, budget.limit))))
    headers[`x-ratelimit-reset-${name}`] = duration(Math.min(budget.resetMs, longestResetMs))
  }
  return headers
}

/** As Go spells it: `0s`, `120ms`, `8.64s`, `6m0s`, `1h4m48s`. */
export function duration(ms: number): string {
  const whole = Math.ceil(ms)
  if (whole === 0) return '0s'
  if (whole < 1_000) return `${whole}ms`
  const hours = Math.floor(whole / 3_600_000)
  const minutes = Math.floor((whole % 3_600_000) / 60_000)
  const seconds = (whole % 60_000) / 1_000
  return `${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds}s`
}

function together(views: readonly RateLimitView[]): Budget {
  return {
    limit: views.reduce((sum, { limit }) => sum + limit, 0),
    remaining: views.reduce((sum, { remaining }) => sum + Math.max(0, remaining), 0),
    resetMs: Math.max(...views.map(({ resetMs }) => resetMs)),
  }
}

function nominalTokens(inputTokens: number): Budget {
  const limit = 30_000_000
  return { limit, remaining: limit - inputTokens, resetMs: Math.round((inputTokens / limit) * 60_000) }
}
