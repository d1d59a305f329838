import { writeFileSync } from 'node:fs'
import { scorecardMarkdown } from '../../gameday/scorecard-markdown.ts'
import type { LoadedConfig } from '../../run/config/load-config.ts'
import { maskSecrets } from '../mask.ts'
import { checkWritable } from '../run/targets.ts'
import { scorecardOfJournal } from './scorecards.ts'

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
  const text = maskSecrets(scorecardMarkdown(scorecardOfJournal(file, config, before)), process.env)
  if (out === undefined) return text
  writeFileSync(out, text)
  return ''
}
