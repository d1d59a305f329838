import { basename } from 'node:path'
import { journalReport } from '../../gameday/journal-report.ts'
import type { Scorecard } from '../../gameday/scorecard.ts'
import { journalLines } from '../../journal/journal.ts'
import { htmlPage } from '../../reports/html/page.ts'
import { markdownPage } from '../../reports/post-incident/markdown.ts'
import { recordedRun } from '../../reports/recorded/recorded-run.ts'
import { catalogueOf, runOptionsOf } from '../../run/config/apply-config.ts'
import type { LoadedConfig } from '../../run/config/load-config.ts'
import type { RunResult } from '../../run/result.ts'
import { maskSecrets } from '../mask.ts'
import { precedentPlan } from './scorecards.ts'

export interface ReportPapersOptions {
  readonly config: LoadedConfig
  /** Where its journal is kept, for the commands that the page shows. */
  readonly journal: string
  /** The scorecard of the last time. */
  readonly last?: Scorecard | undefined
}

/** The report of an exercise that has just ended, as `blackstart report` makes it of its journal; each is made when asked for. */
export interface ReportPapers {
  html(): string
  markdown(): string
}

/** Makes the report of what an exercise came to. Values of secret variables are in none of it. */
export function reportPapers(
  { journal: events }: Pick<RunResult, 'journal'>,
  { config, journal, last }: ReportPapersOptions,
): ReportPapers {
  const mask = (text: string) => maskSecrets(text, process.env)
  const catalogue = catalogueOf(config)
  const { thresholds, accepted } = runOptionsOf(config)
  const report = () => {
    const text = mask([...journalLines(events)].join(''))
    const run = recordedRun(text, journal, { catalogue, thresholds, accepted })
    return journalReport(run, { catalogue, last, precedentOf: scenario => precedentPlan(scenario, config) })
  }
  return {
    html: () => mask(htmlPage(report(), { journal: basename(journal) })),
    markdown: () => mask(markdownPage(report())),
  }
}
