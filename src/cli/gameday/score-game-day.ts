import { writeFileSync } from 'node:fs'
import type { LoadedConfig } from '../../run/config/load-config.ts'
import { checkWritable } from '../run/targets.ts'
import { scorecardOfJournal, scorecardText } from './scorecards.ts'

export interface ScoreGameDayOptions {
  readonly file: string
  readonly last: string | undefined
  /** Where the scorecard is written; it is given back when absent. */
  readonly out: string | undefined
  readonly config: LoadedConfig
}

/** The scorecard of a game day that is over, from its journal. Throws a `UsageError` for a file that is no journal. */
export function scoreGameDay({ file, last, out, config }: ScoreGameDayOptions): string {
  if (out !== undefined) checkWritable(out, '--scorecard')
  const before = last === undefined ? undefined : scorecardOfJournal(last, config)
  const text = scorecardText(scorecardOfJournal(file, config, before))
  if (out === undefined) return text
  writeFileSync(out, text)
  return ''
}
