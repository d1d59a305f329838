import type { Arrival } from '../../model/arrival.ts'
import type { Effect } from '../../model/effect.ts'
import type { PlannedOption } from '../../model/timeline.ts'

/** Nobody's: whoever looks at it wants to know who asks. */
const nobody: Arrival = {
  ...{ provider: '', surface: '', model: undefined, streaming: false, key: '', tenant: undefined, region: undefined },
  ...{ session: undefined, inputTokens: 0, maxOutputTokens: 0, instance: 0, user: 0, taskNumber: 0, attemptNumber: 0 },
  ...{ call: undefined, callNumber: 0 },
}

/**
 * The effect that a fault has on everybody, or `undefined` when it depends on who asks, by which connection, or on chance:
 * a proxy knows none of it.
 */
export function fixedEffect({ fault, params }: PlannedOption): Effect | undefined {
  let isFixed = true
  const arrival = new Proxy(nobody, {
    get(target, key) {
      isFixed = false
      return Reflect.get(target, key)
    },
  })
  const effect = fault.effect(params, {
    arrival,
    draw: () => {
      isFixed = false
      return 0.5
    },
  })
  return isFixed && fault.streamingOnly !== true && fault.reusedOnly !== true ? effect : undefined
}
