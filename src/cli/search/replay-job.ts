import { readFileSync } from 'node:fs'
import { journalLines } from '../../journal/journal.ts'
import type { Scenario } from '../../model/scenario.ts'
import { terminalReport } from '../../reports/terminal.ts'
import { catalogueOf } from '../../run/config/apply-config.ts'
import { parseScenario } from '../../scenario/index.ts'
import { replayCorpus } from '../../search/corpus.ts'
import { replayFile } from '../../search/replay.ts'
import type { CorpusFile } from '../../search/summary.ts'
import type { Replay } from '../../search/types.ts'
import type { SearchOrder, SearchRequest } from './order.ts'
import { loadSubject, readBase, readConfig } from './subject.ts'
import type { Bench } from './work.ts'

/** Replays every found file of a search's corpus. */
export async function replayCorpusJob(request: SearchRequest, { send, signal, heartbeat }: Bench): Promise<void> {
  const config = await readConfig(request)
  const base = request.base && readBase(request.base, config)
  const subject = await loadSubject(request, config, base?.scenario ?? { provider: 'anthropic' })
  send({ type: 'loaded', client: subject.integration.name })
  heartbeat.update({ doing: 'running', client: subject.integration.name, scenario: request.corpus })
  for await (const replay of replayCorpus(request.corpus, { ...subject, signal })) {
    send({ type: 'corpus', file: fileOf(replay) })
    heartbeat.update({ scenario: replay.file })
  }
  await subject.close()
}

/** Replays the found files that were named. */
export async function replayJob(
  { request, files, journals }: Extract<SearchOrder, { do: 'replay' }>,
  { send, signal, heartbeat }: Bench,
): Promise<void> {
  const config = await readConfig(request)
  for (const file of files) {
    const subject = await loadSubject(request, config, headOf(file, catalogueOf(config)))
    send({ type: 'loaded', client: subject.integration.name })
    heartbeat.update({ doing: 'running', client: subject.integration.name, scenario: file })
    const replay = await replayFile(file, { ...subject, signal })
    const { result, difference } = replay
    send({
      type: 'replayed',
      file: {
        ...fileOf(replay),
        ...(difference !== undefined && { difference }),
        ...(result && { exitCode: result.exitCode, text: terminalReport(result, { color: false, replay: [] }) }),
        ...(result && journals && { journal: [...journalLines(result.journal)].join('') }),
      },
    })
    await subject.close()
  }
}

/** What tells the usual client of a file; nothing where it cannot be read, which is said when it is replayed. */
function headOf(file: string, catalogue: ReturnType<typeof catalogueOf>): Pick<Scenario, 'needs' | 'provider'> {
  try {
    return parseScenario(readFileSync(file, 'utf8'), { catalogue }).scenario ?? { provider: 'anthropic' }
  } catch {
    return { provider: 'anthropic' }
  }
}

function fileOf({ file, oracle, expected, status, says, sameJournal }: Replay): CorpusFile {
  return { file, oracle, expected, status, says, ...(sameJournal !== undefined && { sameJournal }) }
}
