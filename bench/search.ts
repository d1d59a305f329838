import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { SearchRequest } from '../src/cli/search/order.ts'
import { superviseSearch } from '../src/cli/search/supervise.ts'
import { noConfig } from '../src/run/config/load-config.ts'
import { whole } from '../src/search/shard.ts'
import type { FoundFailure, SearchSummary } from '../src/search/summary.ts'
import { count, median } from './support.ts'

const reference = './fixtures/clients/sound/reference.ts'
const corpus = mkdtempSync(join(tmpdir(), 'blackstart-bench-'))

/**
 * How fast a search is, and how soon it finds. Aims: half of the broken
 * clients have a counterexample at its smallest within 10 s, of at most three phases.
 */
export async function* search(): AsyncGenerator<string> {
  yield 'A search of 30 s with the reference client, its start included'
  for (const workers of [1, 2]) {
    const { tally, ms } = await searched({ client: reference, workers, timeMs: 30_000 })
    const runs = Object.values(tally.runs).reduce((sum, n) => sum + n, 0)
    const seconds = ms / 1_000
    yield `  ${workers === 1 ? '1 worker ' : '2 workers'}: ${count(tally.attempts / seconds)} attempts and ${(runs / seconds).toFixed(1)} runs a second`
  }
  yield 'The first counterexample of each broken client, 1 worker, 60 s at most'
  const rows: FoundFailure[] = []
  let missed = 0
  for (const client of brokenClients()) {
    const name = basename(client, '.ts')
    const { found } = await searched({ client, workers: 1, timeMs: 60_000, findingsAtMost: 1 })
    const [first] = found
    if (!first) missed++
    else rows.push(first)
    yield first
      ? `  ${name.padEnd(32)} ${first.oracle.padEnd(30)} seen after ${seconds(first.seenMs)}, smallest after ${seconds(first.foundMs)} (shrunk in ${seconds(first.shrinkMs)}, ${first.runs} runs), phases: ${first.phases}`
      : `  ${name.padEnd(32)} nothing found`
  }
  const of = (value: (found: FoundFailure) => number) => median(rows.map(value))
  yield `  medians of ${rows.length}: seen after ${seconds(of(one => one.seenMs))}, smallest after ${seconds(of(one => one.foundMs))} (aim 10 s), shrunk in ${seconds(of(one => one.shrinkMs))}, ${of(one => one.phases)} phases (aim 3 at most); ${missed} not found`
  rmSync(corpus, { recursive: true, force: true })
}

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`

/** Every client whose head says what it breaks. */
function brokenClients(): readonly string[] {
  return ['fixtures/clients', 'fixtures/clients/catalogue']
    .flatMap(folder => readdirSync(folder).map(file => `./${folder}/${file}`))
    .filter(file => file.endsWith('.ts') && /^\/\/ fails: \S/m.test(readFileSync(file, 'utf8')))
}

async function searched(
  request: Pick<SearchRequest, 'workers' | 'timeMs' | 'findingsAtMost'> & { readonly client: string },
): Promise<SearchSummary> {
  const { summary, refusal, crash } = await superviseSearch(
    {
      ...{ config: undefined, addresses: {}, base: undefined, seed: 1, runs: undefined, shard: whole, oracles: [] },
      corpus: join(corpus, String(counter++)),
      ...request,
    },
    noConfig,
  )
  if (refusal || crash) throw new Error(refusal?.text ?? crash?.message)
  return summary
}

let counter = 0
