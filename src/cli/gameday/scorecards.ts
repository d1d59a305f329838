import { readFileSync } from 'node:fs'
import { scorecardOf } from '../../gameday/journal-report.ts'
import type { Scorecard } from '../../gameday/scorecard.ts'
import { scorecardMarkdown } from '../../gameday/scorecard-markdown.ts'
import { UsageError } from '../../lib/errors.ts'
import type { Scenario } from '../../model/scenario.ts'
import { compilePlan, type Plan } from '../../model/timeline.ts'
import { type RecordedRun, recordedRun } from '../../reports/recorded/recorded-run.ts'
import { catalogueOf, runOptionsOf } from '../../run/config/apply-config.ts'
import type { LoadedConfig } from '../../run/config/load-config.ts'
import { readScenarioFile } from '../../scenario/index.ts'
import { maskData, maskSecrets } from '../mask.ts'
import { shippedScenarios } from '../registry.ts'

/** A scorecard from a journal. Throws a `UsageError` for a file that is none. */
export function scorecardOfJournal(file: string, config: LoadedConfig, last?: Scorecard): Scorecard {
  return scorecardOf(recorded(file, config), { last, precedentOf: scenario => precedentPlan(scenario, config) })
}

/** A scorecard as Markdown, without secrets of the environment: blotted out before Markdown spells them in another way. */
export function scorecardText(card: Scorecard): string {
  return maskSecrets(scorecardMarkdown(maskData(card, process.env)), process.env)
}

function recorded(file: string, config: LoadedConfig): RecordedRun {
  const { thresholds, accepted } = runOptionsOf(config)
  return recordedRun(textOf(file), file, { catalogue: catalogueOf(config), thresholds, accepted })
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(
      `Failed to read the journal ${file}: ${error instanceof Error ? error.message : error}.`,
      'A drill writes its journal with --journal FILE.',
    )
  }
}

/** What a scenario is modelled on, where that is among ours. */
export function precedentPlan({ basis }: Scenario, config: LoadedConfig): Plan | undefined {
  const path = basis?.precedent === undefined ? undefined : shippedScenarios().get(basis.precedent)
  if (path === undefined) return undefined
  const catalogue = catalogueOf(config)
  const { scenario } = readScenarioFile(path, { catalogue })
  return scenario && compilePlan(scenario, catalogue.faults)
}
