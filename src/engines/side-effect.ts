import type { OpenTask } from '../attribution/attribution.ts'
import type { SideEffectRecord } from '../journal/event.ts'
import { surfaceName } from '../model/arrival.ts'
import { type Processed, recordSideEffect } from '../model/ledger.ts'
import type { Ledger } from '../model/world.ts'
import type { Recognised } from '../providers/provider.ts'
import type { KnownCall } from './calls.ts'

/** An attempt that was worked on. */
export interface Worked {
  /** Ms since t = 0. */
  readonly t: number
  readonly recognised: Recognised
  readonly processed: Processed
  readonly attempt: string
  readonly call: KnownCall
  readonly task: OpenTask | undefined
}

/**
 * Enters what the attempt has changed, if anything, and gives the line that the journal has of it. Without a name of the
 * client's own, a side effect is told by its call: two tasks may well ask for the same.
 */
export function sideEffectOf(
  ledger: Ledger,
  { t, recognised, processed, attempt, call, task }: Worked,
): SideEffectRecord | undefined {
  const { sideEffect, provider, surface: part, bodyHash } = recognised
  // What fails half-way has done nothing yet.
  if (sideEffect === undefined || processed === 'failed') return undefined
  const named = sideEffect.key !== undefined
  const key = sideEffect.key ?? `${call.id} ${bodyHash}`
  const surface = surfaceName(provider, part)
  const times = recordSideEffect(ledger, surface, key, named)
  return { type: 'side-effect', t, attempt, ...(task && { task: task.id }), surface, key, named, ...times }
}
