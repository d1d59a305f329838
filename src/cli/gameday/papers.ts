import type { Papers } from '../../console/show.ts'
import { type Scorecard, scorecard } from '../../gameday/scorecard.ts'
import type { LoadedConfig } from '../../run/config/load-config.ts'
import type { RunResult } from '../../run/result.ts'
import { reportPapers } from './report-papers.ts'
import { precedentPlan, scorecardText } from './scorecards.ts'

export interface PapersOptions {
  readonly config: LoadedConfig
  readonly speed: number
  /** Where its journal is kept; without one there is no report, whose commands read it. */
  readonly journal: string | undefined
  readonly last: Scorecard | undefined
}

/** What people can read in the console once the show has ended. Each is made when it is asked for. */
export function papersOf(result: RunResult, { config, speed, journal, last }: PapersOptions): Papers {
  const card = () =>
    scorecardText(scorecard(result, { speed, last, precedent: precedentPlan(result.scenario, config) }))
  if (journal === undefined) return { 'scorecard.md': card }
  const { html, markdown } = reportPapers(result, { config, journal, last })
  return { 'report.html': html, 'report.md': markdown, 'scorecard.md': card }
}
