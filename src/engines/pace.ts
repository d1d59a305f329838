import type { Decision } from '../model/decide.ts'

/**
 * How the time of a run goes by that of everybody else. What an answer says of time (`date`, `retry-after`, when a limit
 * is whole again) is meant for clocks that no scenario hurries, so it is said in real time; the journal keeps the
 * scenario's.
 */
export interface Pace {
  /** How many times faster than real time the run goes. */
  readonly speed: number
  /** Real time, ms since the epoch. */
  wall(): number
}

/** What was decided, with every wait that it names in real time. */
export function inRealTime(decision: Decision, speed: number): Decision {
  if (speed === 1) return decision
  const { effect } = decision
  const retryAfter = effect.type === 'answer' ? effect.options.retryAfter : undefined
  const rateLimits = decision.rateLimits.map(limit => ({ ...limit, resetMs: limit.resetMs / speed }))
  if (effect.type !== 'answer' || !retryAfter) return { ...decision, rateLimits }
  const options = { ...effect.options, retryAfter: { ...retryAfter, ms: retryAfter.ms / speed } }
  return { ...decision, rateLimits, effect: { ...effect, options } }
}
