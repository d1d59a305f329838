import { faults } from '../faults/index.ts'
import type { Fault } from '../model/fault.ts'
import { oracles } from '../oracles/index.ts'
import type { Oracle } from '../oracles/oracle.ts'
import { providerSurfaces } from '../providers/index.ts'

/** Everything a scenario may name. */
export interface FullCatalogue {
  readonly faults: ReadonlyMap<string, Fault>
  readonly oracles: ReadonlyMap<string, Oracle>
  readonly surfaces: ReadonlyMap<string, readonly string[]>
}

/** What ships. */
export const catalogue: FullCatalogue = { faults, oracles, surfaces: providerSurfaces }

/** Faults and oracles of one's own, beside those that ship; one with a known id takes its place. */
export interface Additions {
  readonly faults?: readonly Fault[]
  readonly oracles?: readonly Oracle[]
}

/** What ships, with `additions`. */
export function catalogueWith(additions: Additions): FullCatalogue {
  if (!additions.faults && !additions.oracles) return catalogue
  return {
    ...catalogue,
    faults: new Map([...faults, ...(additions.faults ?? []).map(fault => [fault.id, fault] as const)]),
    oracles: new Map([...oracles, ...(additions.oracles ?? []).map(oracle => [oracle.id, oracle] as const)]),
  }
}
