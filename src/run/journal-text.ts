import type { Scenario } from '../model/scenario.ts'
import { type Catalogue, printScenario } from '../scenario/index.ts'

/**
 * The text of a scenario as its journal has it. That of one which a search found is without `found`, and printed: the hash
 * of the journal stands in the file itself, and its comments are for people.
 */
export function journalText(scenario: Scenario, text: string, catalogue: Catalogue): string {
  if (scenario.found === undefined) return text
  const { found: _found, ...rest } = scenario
  return printScenario(rest, catalogue)
}
