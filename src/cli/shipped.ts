import { invariant } from '../lib/invariant.ts'
import { scenarioLengthMs } from '../model/scale.ts'
import type { Scenario } from '../model/scenario.ts'
import { catalogue } from '../run/catalogue.ts'
import { readScenarioFile } from '../scenario/index.ts'
import { shippedScenarios } from './registry.ts'

export interface Shipped {
  readonly scenario: Scenario
  readonly path: string
  readonly lengthMs: number
}

/** Every scenario that ships, read whole, by id. One that does not parse is a bug of ours. */
export function readShipped(): readonly Shipped[] {
  return [...shippedScenarios()].map(([id, path]) => {
    const { scenario } = readScenarioFile(path, { catalogue })
    invariant(scenario, `the shipped scenario ${id} does not parse`)
    return { scenario, path, lengthMs: scenarioLengthMs(scenario) }
  })
}

/** Tags of the scenario in a file; none when it cannot be read, which is said when it is run. */
export function tagsOf(path: string): readonly string[] {
  return readScenarioFile(path, { catalogue }).scenario?.tags ?? []
}
