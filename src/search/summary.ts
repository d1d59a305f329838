import type { ExitCode } from '../run/result.ts'
import type { Counts } from './coverage.ts'
import { type Proof, provedBy } from './proves.ts'
import type { SweepReport } from './sweep.ts'
import type { TallyData } from './tally.ts'
import type { Counterexample, Replay } from './types.ts'

/** What a search came to, as plain data: `--report json` writes it, and `merge` adds several up. */
export interface SearchSummary {
  readonly version: 1
  readonly kind: 'search'
  /** Version of blackstart. */
  readonly blackstart: string
  readonly client: string
  /** Id of the scenario that was varied; `null` where none was given. */
  readonly base: string | null
  /** The seeds that were searched with, and which shards of each. */
  readonly parts: readonly SearchPart[]
  readonly exitCode: ExitCode
  readonly verdict: 'pass' | 'fail' | 'inconclusive'
  readonly reason: string
  /** Real time, ms; of shards together, the longest. */
  readonly ms: number
  readonly tally: TallyData
  /** `null` where there was none. */
  readonly sweep: SweepReport | null
  readonly found: readonly FoundFailure[]
  readonly corpus: readonly CorpusFile[]
  /** Oracles that failed in a run that was ended early, and in none that went to its end. */
  readonly passing: readonly string[]
  /** What went wrong with the search itself, in words. */
  readonly problems: readonly string[]
  /** Worth a line, and no problem. */
  readonly notices: readonly string[]
  readonly proof: Proof
}

export interface SearchPart {
  readonly seed: number
  /** `2/8`. */
  readonly shard: string
}

/** A failure at its smallest. */
export type FoundFailure = Pick<
  Counterexample,
  'oracle' | 'message' | 'origin' | 'text' | 'fileName' | 'journalHash' | 'runs' | 'shrinkMs' | 'confirmed' | 'diverged'
> & {
  /** Phases of the scenario. */
  readonly phases: number
  /** Where it was written; absent until it is. */
  readonly file?: string
  /** Its place in the search: the stage, and the how-manieth outage of that. Of two for one oracle the earlier counts. */
  readonly place: readonly [stage: number, number: number]
  /** Real time from the start of the search until it was seen, and until it was at its smallest, ms. */
  readonly seenMs: number
  readonly foundMs: number
}

export type CorpusFile = Pick<Replay, 'file' | 'oracle' | 'expected' | 'status' | 'says'> & {
  readonly sameJournal?: boolean
}

/** What a summary is made from; the verdict follows. */
export type SummaryFacts = Omit<SearchSummary, 'version' | 'kind' | 'exitCode' | 'verdict' | 'reason' | 'proof'> & {
  readonly interrupted?: 130 | 143 | undefined
  /** The app did not get through a healthy stretch. */
  readonly unwell?: string | undefined
  /** Two clean runs parted. */
  readonly diverged?: string | undefined
}

export function summaryOf({ interrupted, unwell, diverged, ...facts }: SummaryFacts): SearchSummary {
  const found = facts.found.toSorted(byPlace)
  const proof = provedBy(facts.tally.clean, facts.tally.failed + failedIn(facts).length)
  const whole = { ...facts, found }
  const { exitCode, reason } = verdictOf({ ...whole, interrupted, unwell, diverged })
  const verdict = exitCode === 0 ? 'pass' : exitCode === 1 ? 'fail' : 'inconclusive'
  return { version: 1, kind: 'search', ...whole, exitCode, verdict, reason, proof }
}

const byPlace = (a: FoundFailure, b: FoundFailure) =>
  a.place[0] - b.place[0] || a.place[1] - b.place[1] || (a.oracle < b.oracle ? -1 : 1)

function verdictOf(facts: SummaryFacts): { readonly exitCode: ExitCode; readonly reason: string } {
  const { interrupted, unwell, diverged, found, corpus, tally, problems } = facts
  const failed = failedIn(facts)
  if (interrupted) {
    const so = failed.length > 0 ? ` So far it failed ${failed.join(', ')}.` : ' Nothing had failed so far.'
    return { exitCode: interrupted, reason: `Interrupted after ${totalRuns(tally.runs)} runs.${so}` }
  }
  if (unwell !== undefined) return { exitCode: 3, reason: unwell }
  if (failed.length > 0) return { exitCode: 1, reason: `Failed: ${failed.join(', ')}.` }
  if (diverged !== undefined) return { exitCode: 6, reason: `The client is not deterministic: ${diverged}.` }
  const unsure = found.find(one => !isProven(one))
  if (unsure)
    return {
      exitCode: 6,
      reason: `${unsure.oracle} failed, and not again when it was replayed${unsure.diverged ? `: ${unsure.diverged}` : ''}.`,
    }
  const file = corpus.find(({ status }) => status === 'inconclusive' || status === 'unreadable')
  if (file) return { exitCode: 6, reason: `${file.file}: ${file.says}` }
  if (tally.conclusive === 0 && corpus.length === 0) {
    const [why] = Object.keys(tally.inconclusive)
    return { exitCode: 6, reason: `Nothing was tested${why === undefined ? '.' : `: ${why}`}` }
  }
  if (problems[0] !== undefined) return { exitCode: 6, reason: problems[0] }
  return { exitCode: 0, reason: `Nothing failed in ${totalRuns(tally.runs)} runs.` }
}

/** Ids of the oracles that failed for sure. */
function failedIn({ found, corpus }: Pick<SearchSummary, 'found' | 'corpus'>): readonly string[] {
  const again = corpus.flatMap(({ status, expected, oracle }) =>
    status === 'regressed' || (status === 'as-expected' && expected === 'fail') ? [oracle] : [],
  )
  return [...new Set([...found.filter(isProven).map(({ oracle }) => oracle), ...again])]
}

export function isProven({ confirmed, diverged }: Pick<FoundFailure, 'confirmed' | 'diverged'>): boolean {
  return confirmed && diverged === undefined
}

/** Outages tried, without those of shrinking. */
export function totalRuns(runs: Counts): number {
  return Object.entries(runs).reduce((sum, [origin, n]) => (origin === 'shrink' ? sum : sum + n), 0)
}
