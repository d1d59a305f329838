import { faultKinds } from '../arbitraries/kinds.ts'
import { faults } from '../faults/index.ts'
import { invariant } from '../lib/invariant.ts'
import type { Arrival } from '../model/arrival.ts'
import { faultParams } from '../model/fault.ts'
import type { FaultRef } from '../model/scenario.ts'
import { type Position, usedBy } from './positions.ts'

/** Beside every fault as it is by default: parameters that make another thing of it. */
const variants: readonly FaultRef[] = [
  { id: 'overloaded', params: { retry_after: 20_000 } },
  { id: 'rate-limited', params: { retry_after_as: 'date' } },
  { id: 'unavailable', params: { body: 'html' } },
  // Past the stream's opening, so that some of the text has come.
  { id: 'stream-cut', params: { by: 'clean', after: { events: 6 } } },
  { id: 'stream-error', params: { after: { events: 6 } } },
  { id: 'stream-stall', params: { after: { events: 6 } } },
  { id: 'stream-cut', params: { by: 'rst', after: { events: 1 } } },
  { id: 'stream-cut', params: { after: { inside: 'tool-json' } } },
  { id: 'stream-stall', params: { pings: true } },
  { id: 'slow-first-byte', params: { by: 300_000 } },
  { id: 'empty-answer', params: { how: 'no-body' } },
  { id: 'lost-response', params: { at: 'end' } },
]

/** What a sweep injects, the likeliest first. */
export const sweepFaults: readonly FaultRef[] = faultKinds
  .toSorted((a, b) => b.weight - a.weight)
  .flatMap(({ id }) => [{ id, params: {} }, ...variants.filter(variant => variant.id === id)])

const pairIds = [
  'overloaded',
  'rate-limited',
  'bad-request',
  'unauthorized',
  'black-hole',
  'reset',
  'stream-cut',
  'lost-response',
]

/** One of each sort, for pairs: refused now, refused for a while, refused for good, unheard, torn off, done and lost. */
export const pairFaults: readonly FaultRef[] = sweepFaults.filter(
  ({ id, params }) => pairIds.includes(id) && Object.keys(params).length === 0,
)

const kinds = new Map(faultKinds.map(kind => [kind.id, kind]))

export function fits({ id }: FaultRef, position: Position): boolean {
  return kinds.get(id)?.fits(usedBy(position)) ?? false
}

/** What really happens to the request, so that two faults that do the same are tried once. */
export function effectAt({ id, params }: FaultRef, position: Position): string {
  const fault = faults.get(id)
  invariant(fault, `unknown fault ${id}`)
  const arrival = arrivalOf(position)
  return JSON.stringify(fault.effect(faultParams(fault.params, params), { arrival, draw: () => 0.5 }))
}

function arrivalOf({ streaming, attempt: { started } }: Position): Arrival {
  const { provider, surface, model, key, instance, call, n } = started
  return {
    ...{ provider, surface, model, streaming, key, instance, call },
    ...{ tenant: undefined, region: undefined, session: undefined, inputTokens: 0, maxOutputTokens: 0 },
    ...{ user: 0, taskNumber: 1, attemptNumber: n, callNumber: 1 },
  }
}
