import type { Fault } from '../model/fault.ts'
import type { Params } from '../model/param.ts'

/** What a scenario may name: handed in, so that the format knows no fault, oracle or provider by itself. */
export interface Catalogue {
  readonly faults: ReadonlyMap<string, Fault>
  readonly oracles: ReadonlyMap<string, { readonly id: string; readonly params: Params }>
  /** Surfaces of each provider, without its name: `anthropic` → `chat`, `api`, `api.messages`. */
  readonly surfaces: ReadonlyMap<string, readonly string[]>
}
