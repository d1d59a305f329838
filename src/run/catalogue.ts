import { faults } from '../faults/index.ts'
import { oracles } from '../oracles/index.ts'
import { providerSurfaces } from '../providers/index.ts'
import type { Catalogue } from '../scenario/index.ts'

/** Everything a scenario may name in this version: the faults, oracles and surfaces that ship. */
export const catalogue: Catalogue = { faults, oracles, surfaces: providerSurfaces }
