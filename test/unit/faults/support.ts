import { faults } from '../../../src/faults/index.ts'
import { draw } from '../../../src/lib/draw.ts'
import type { Arrival } from '../../../src/model/arrival.ts'
import type { Effect } from '../../../src/model/effect.ts'
import { type FaultContext, faultParams } from '../../../src/model/fault.ts'
import type { ParamValue } from '../../../src/model/scenario.ts'

const arrival: Arrival = {
  provider: 'anthropic',
  surface: 'api.messages',
  model: 'claude-sonnet-5-5',
  streaming: true,
  key: 'canary',
  tenant: undefined,
  region: undefined,
  session: undefined,
  inputTokens: 100,
  maxOutputTokens: 512,
  instance: 0,
  user: 0,
  taskNumber: 0,
  attemptNumber: 1,
  call: 'c1',
  callNumber: 1,
}

/** An arrival whose draws depend on the attempt alone. */
export function contextOf(attempt = 1): FaultContext {
  return { arrival: { ...arrival, attemptNumber: attempt }, draw: purpose => draw(1, attempt, purpose) }
}

/** The effect of a fault of the table with these parameters, as a scenario would have them parsed. */
export function effectOf(id: string, values: Record<string, ParamValue> = {}, attempt = 1): Effect {
  const fault = faults.get(id)
  if (!fault) throw new Error(`No fault "${id}"`)
  return fault.effect(faultParams(fault.params, values), contextOf(attempt))
}
