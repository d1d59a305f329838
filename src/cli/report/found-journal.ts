import { UsageError } from '../../lib/errors.ts'
import type { Finding } from '../../oracles/oracle.ts'
import { relations } from '../../oracles/relations/index.ts'
import { catalogueOf } from '../../run/config/apply-config.ts'
import type { LoadedConfig } from '../../run/config/load-config.ts'
import { parseScenario } from '../../scenario/index.ts'
import type { ReplayedFile } from '../search/order.ts'
import { readReplay, superviseReplay } from '../search/replay.ts'

/** The journal of a replay. */
export interface ReplayedJournal {
  readonly text: string
  /** The check that the file was found for, and what became of it. */
  readonly oracle: string
  readonly status: ReplayedFile['status']
  readonly says: string
}

/** The exit code of what a signal broke off. */
export interface Interrupted {
  readonly interrupted: 130 | 143
}

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
export async function replayedJournal(
  file: string,
  { client, config }: Replaying,
): Promise<ReplayedJournal | Interrupted> {
  const request = await readReplay([file], { client, config: config.path ?? false, addresses: [] })
  const { replayed, refusal, crash, interrupted } = await superviseReplay({ ...request, journals: true })
  if (interrupted) return { interrupted }
  if (crash) throw new Error(`${crash.message}\n${crash.printed}`)
  const [one] = replayed
  if (one?.journal !== undefined) {
    const { journal, oracle, status, says } = one
    return { text: journal, oracle, status, says }
  }
  const why = refusal?.text ?? one?.says ?? 'nothing came of it'
  throw new UsageError(`Failed to replay ${file}: ${why}`, 'blackstart replay FILE --client MODULE shows more of it.')
}

/** What is to be said where a report does not have the finding that its file was found for. */
export function missingFinding(
  { oracle, status, says }: Omit<ReplayedJournal, 'text'>,
  findings: readonly Pick<Finding, 'oracle'>[],
): readonly string[] {
  if (findings.some(finding => finding.oracle === oracle)) return []
  const isThere = status === 'as-expected' && relations.has(oracle)
  return [isThere ? `${says} ${oracle} compares several runs, and a report is of one.` : says]
}
