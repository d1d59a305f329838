import type { Scenario } from '../model/scenario.ts'
import { type Catalogue, printScenario } from '../scenario/index.ts'
import { isFair } from './fair.ts'
import { fewerEntries, fewerHappenings, plainerEntries } from './simpler-entries.ts'
import { fewerPhases, renamedPhases, shorterPhases } from './simpler-timeline.ts'
import { plainerHead, smallerWorkload } from './simpler-workload.ts'
import { isValid, shipped } from './valid.ts'

/** One way to make an outage simpler: what it gives are all its next steps, the greatest first. */
export type Simplifier = (scenario: Scenario) => Iterable<Scenario>

/** In the order in which they pay: what is gone need not be made smaller. */
export const simplifiers: readonly Simplifier[] = [
  fewerPhases,
  fewerHappenings,
  fewerEntries,
  smallerWorkload,
  plainerEntries,
  shorterPhases,
  plainerHead,
  renamedPhases,
]

/** Outages that are simpler than `scenario` by one step, each of which could stand in a file; the greatest steps first. */
export function* simplerOutages(scenario: Scenario, catalogue: Catalogue = shipped): Generator<Scenario> {
  const seen = new Set([printScenario(scenario, catalogue)])
  for (const simplify of simplifiers)
    for (const simpler of simplify(scenario)) {
      const text = printScenario(simpler, catalogue)
      if (seen.has(text)) continue
      seen.add(text)
      if (isStep(scenario, simpler, catalogue)) yield simpler
    }
}

/** Whether `simpler` could stand in a file, and is no harder on a client than `scenario` is. */
export function isStep(scenario: Scenario, simpler: Scenario, catalogue: Catalogue): boolean {
  return isValid(simpler, catalogue) && (isFair(simpler) || !isFair(scenario))
}
