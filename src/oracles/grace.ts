import type { FaultParams } from '../model/fault.ts'
import type { Param } from '../model/param.ts'
import type { Plan } from '../model/timeline.ts'

/** Twice a circuit breaker's usual 30 s, and one backoff of 60 s: what a client with nothing else in its way may take. */
const usualMs = 120_000

/** The parameter `within` of an oracle that waits for a client to recover. */
export const graceParam: Param = {
  kind: 'duration',
  says: 'time to recover after the last fault or limit ends; two minutes, or as long as the provider needs to work off its queue, when absent',
  min: 0,
}

/**
 * How long after the last fault heals a client may take, ms. A provider that reacts to load is not back before it has
 * worked off what the outage left undone: B / (r - λ) for a backlog B, a rate r and new work λ, as the plan reckons it.
 */
export function graceMs(params: FaultParams, { drainMs }: Plan): number {
  return params.optionalNumber('within') ?? Math.max(usualMs, drainMs)
}
