import { UsageError } from '../../lib/errors.ts'
import { catalogueOf } from '../../run/config/apply-config.ts'
import type { LoadedConfig } from '../../run/config/load-config.ts'
import { parseScenario } from '../../scenario/index.ts'
import { readReplay, superviseReplay } from '../search/replay.ts'

/** The text of a journal that a replay made; or the exit code, where a signal broke it off. */
export type ReplayedJournal = string | { readonly interrupted: 130 | 143 }

export interface Replaying {
  /** As `replay` takes it. */
  readonly client: string | undefined
  readonly config: LoadedConfig
}

/** Whether a text is what a search writes down of a failure. */
export function isFound(text: string, file: string, config: LoadedConfig): boolean {
  if (!/\.ya?ml$/i.test(file)) return false
  return parseScenario(text, { catalogue: catalogueOf(config), file }).scenario?.found !== undefined
}

/** Replays a found file on virtual time, in a process of its own. Rejects with a `UsageError` where no journal comes of it. */
export async function replayedJournal(file: string, { client, config }: Replaying): Promise<ReplayedJournal> {
  const request = await readReplay([file], { client, config: config.path ?? false, addresses: [] })
  const { replayed, refusal, crash, interrupted } = await superviseReplay({ ...request, journals: true })
  if (interrupted) return { interrupted }
  if (crash) throw new Error(`${crash.message}\n${crash.printed}`)
  const [one] = replayed
  if (one?.journal !== undefined) return one.journal
  const why = refusal?.text ?? one?.says ?? 'nothing came of it'
  throw new UsageError(`Failed to replay ${file}: ${why}`, 'blackstart replay FILE --client MODULE shows more of it.')
}
