import { isDeepStrictEqual } from 'node:util'
import { faults } from '../faults/index.ts'
import type { Scenario } from '../model/scenario.ts'
import { oracles } from '../oracles/index.ts'
import { providerSurfaces } from '../providers/index.ts'
import { type Catalogue, outOfRun, parseScenario, printScenario } from '../scenario/index.ts'

/** What ships. */
export const shipped: Catalogue = { faults, oracles, surfaces: providerSurfaces }

/** Whether `scenario` could stand in a file: what is printed of it is read back as the same, and all of it happens. */
export function isValid(scenario: Scenario, catalogue: Catalogue = shipped): boolean {
  const parsed = parseScenario(printScenario(scenario, catalogue), { catalogue })
  return isDeepStrictEqual(parsed.scenario, scenario) && outOfRun(scenario).length === 0
}
