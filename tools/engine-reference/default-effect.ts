import type { Arrival } from '../../src/model/arrival.ts'
import type { Effect } from '../../src/model/effect.ts'
import { type Fault, faultParams } from '../../src/model/fault.ts'
import type { ParamValue } from '../../src/model/scenario.ts'

/** Any attempt; a fault's effect is of one kind whoever asks. */
const anybody: Arrival = {
  ...{ provider: 'anthropic', surface: 'api.messages', model: undefined, streaming: true, key: 'canary:anthropic' },
  ...{ tenant: undefined, region: undefined, session: undefined, inputTokens: 0, maxOutputTokens: 0, instance: 0 },
  ...{ user: 0, taskNumber: 1, attemptNumber: 1, call: undefined, callNumber: 1 },
}

/** What a fault does with these parameters, and its defaults for the rest. */
export function effectOf(fault: Fault, values: Readonly<Record<string, ParamValue>> = {}): Effect {
  return fault.effect(faultParams(fault.params, values), { arrival: anybody, draw: () => 0.5 })
}
