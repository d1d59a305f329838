import { peopleNotes } from '../journal/people-note.ts'
import type { Scenario } from '../model/scenario.ts'
import type { Plan } from '../model/timeline.ts'
import { type PostIncident, postIncident } from '../reports/post-incident/document.ts'
import type { RecordedRun } from '../reports/recorded/recorded-run.ts'
import type { FullCatalogue } from '../run/catalogue.ts'
import { deedsOf } from './score/marks.ts'
import { type Scorecard, scorecard } from './scorecard.ts'
import { scorecardSection } from './scorecard-blocks.ts'

export interface JournalReportOptions {
  readonly catalogue: FullCatalogue
  /** What a scenario is modelled on, as it is written; nothing where that is not known. */
  precedentOf?(scenario: Scenario): Plan | undefined
  /** The scorecard of the last run of the same scenario, to stand beside this one's. */
  readonly last?: Scorecard | undefined
}

/**
 * The report of a run told by its journal, for `htmlPage` and `markdownPage`: of an exercise with its scorecard, and so of
 * any run that is to stand beside a last one. Pure.
 */
export function journalReport(run: RecordedRun, options: JournalReportOptions): PostIncident {
  const { catalogue, last } = options
  if (!isExercise(run) && !last) return postIncident(run, catalogue)
  return postIncident(run, catalogue, [scorecardSection(scorecardOf(run, options))])
}

/** The scorecard of a run told by its journal. */
export function scorecardOf(
  { result, speed }: RecordedRun,
  { precedentOf, last }: Omit<JournalReportOptions, 'catalogue'>,
): Scorecard {
  return scorecard(result, { speed, last, precedent: precedentOf?.(result.scenario) })
}

/** Whether people had a part in it: it was planned as a game day, or somebody marked or noted something. */
function isExercise({ result, events }: RecordedRun): boolean {
  if (result.scenario.game_day || peopleNotes(events).length > 0) return true
  // A drill that somebody only broke off is none.
  return deedsOf(events).some(({ mark }) => mark !== 'aborted')
}
