import type { Ledger } from './world.ts'

/**
 * What became of a request that was worked on: `answered` whole and well; `lost`, its response gone after all was done;
 * `broken`, its answer cut, spoiled or never finished; `failed`, given up half-way by the provider itself.
 */
export type Processed = 'answered' | 'lost' | 'broken' | 'failed'

export function enterInLedger(ledger: Ledger, processed: Processed, inputTokens: number, outputTokens: number): void {
  if (processed === 'answered' || processed === 'lost') ledger.completions++
  if (processed === 'lost') ledger.lost++
  if (processed === 'broken' || processed === 'failed') ledger.broken++
  ledger.inputTokens += inputTokens
  ledger.outputTokens += outputTokens
}

export interface Done {
  /** Whether this request did it, or found it done under the same name. */
  readonly done: boolean
  /** How often it has been done so far. */
  readonly times: number
}

/** Does a side effect: under a name of the client's own only once, without one every time it is asked for. */
export function recordSideEffect(ledger: Ledger, surface: string, key: string, named: boolean): Done {
  const id = `${surface} ${key}`
  const before = ledger.sideEffects.get(id) ?? 0
  const done = !named || before === 0
  const times = done ? before + 1 : before
  ledger.sideEffects.set(id, times)
  return { done, times }
}
