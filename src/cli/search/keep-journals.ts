import type { SearchSummary } from '../../search/summary.ts'
import { maskSecrets } from '../mask.ts'
import { type FileToWrite, writeTogether } from '../run/write-together.ts'
import type { SearchRequest } from './order.ts'
import { superviseReplay } from './replay.ts'

/**
 * Replays each failure that was found and keeps its journal beside its file, under the same name. Returns what is to be
 * said of it: where each is, and why one is not. Rejects with a `UsageError` where one cannot be written.
 */
export async function keepJournals(
  { found }: Pick<SearchSummary, 'found'>,
  { client, config, addresses }: SearchRequest,
): Promise<readonly string[]> {
  const files = found.flatMap(({ file }) => file ?? [])
  const { replayed, refusal, crash } = await superviseReplay({ files, client, config, addresses, journals: true })
  const kept = replayed.flatMap(({ file, journal }): FileToWrite[] =>
    journal === undefined ? [] : [{ file: journalBeside(file), text: maskSecrets(journal, process.env) }],
  )
  writeTogether(kept)
  const lost = files.filter(file => !kept.some(one => one.file === journalBeside(file)))
  const why = crash?.message ?? refusal?.text ?? 'its process did not come back from a replay'
  return [
    ...kept.map(({ file }) => `blackstart: the journal of it: ${file}`),
    ...lost.map(file => `blackstart: there is no journal of ${file}: ${why}`),
  ]
}

function journalBeside(file: string): string {
  return file.replace(/\.ya?ml$/, '.jsonl')
}
