import type { ErrorKind } from '../model/effect.ts'
import type { Fault } from '../model/fault.ts'
import type { OddBody } from '../oracles/relations/relation.ts'

/** Errors of an overload or of what stands in front of the provider: these come with any body. */
const ofTheEdge: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'overloaded',
  'rate-limited',
  'unavailable',
  'internal-error',
  'bad-gateway',
  'gateway-timeout',
  'origin-error',
])

/** As long as an error takes, whoever says it: how fast the edge is shall make no difference, ms. */
const afterMs = 150

/** The same faults, whose errors have this for a body. */
export function withBodies(faults: ReadonlyMap<string, Fault>, body: OddBody): ReadonlyMap<string, Fault> {
  return new Map(
    [...faults].map(([id, fault]) => [
      id,
      {
        ...fault,
        effect(params, context) {
          const effect = fault.effect(params, context)
          return effect.type === 'answer' && ofTheEdge.has(effect.error)
            ? { ...effect, options: { afterMs, ...effect.options, body } }
            : effect
        },
      } satisfies Fault,
    ]),
  )
}
