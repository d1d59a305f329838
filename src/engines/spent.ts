import type { Spent } from '../journal/event.ts'

/**
 * The limit of requests of which nothing is left, as the headers tell it: `anthropic-ratelimit-requests-*` with a reset as
 * a date, or `x-ratelimit-*-requests` with a reset as a length of time (`6m0s`, `350ms`).
 */
export function spentOf(headers: Readonly<Record<string, string>>, nowMs: number): Spent | undefined {
  const ofAnthropic = headers['anthropic-ratelimit-requests-remaining']
  if (ofAnthropic !== undefined) {
    const resetMs = Date.parse(headers['anthropic-ratelimit-requests-reset'] ?? '') - nowMs
    return spent(ofAnthropic, headers['anthropic-ratelimit-requests-limit'], resetMs)
  }
  const ofOpenAi = headers['x-ratelimit-remaining-requests']
  if (ofOpenAi === undefined) return undefined
  return spent(ofOpenAi, headers['x-ratelimit-limit-requests'], lengthMs(headers['x-ratelimit-reset-requests'] ?? ''))
}

function spent(remaining: string, limit: string | undefined, resetMs: number): Spent | undefined {
  if (Number(remaining) !== 0 || !(Number(limit) >= 0) || !(resetMs > 0)) return undefined
  return { limit: Number(limit), resetMs: Math.round(resetMs) }
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

function lengthMs(text: string): number {
  return [...text.matchAll(/([\d.]+)(ms|[smhd])/g)].reduce(
    (sum, [, n, unit]) => sum + Number(n) * (unitMs[unit ?? ''] ?? 0),
    0,
  )
}
