import { UsageError } from '../lib/errors.ts'
import { invariant } from '../lib/invariant.ts'
import { type FoundFailure, isProven, type SearchSummary, summaryOf } from './summary.ts'
import type { SweepReport } from './sweep.ts'
import { Tally } from './tally.ts'

/** A summary, and what people know it by. */
export interface Named {
  readonly name: string
  readonly summary: SearchSummary
}

/** One summary of several shards. Throws a `UsageError` for parts that do not belong together, or that count twice. */
export function mergeSummaries(named: readonly Named[]): SearchSummary {
  checkTogether(named)
  const summaries = named.map(({ summary }) => summary)
  const [first] = summaries
  invariant(first, 'a summary at least')
  const tally = new Tally()
  for (const summary of summaries) tally.merge(summary.tally)
  const interrupted = summaries.map(({ exitCode }) => exitCode).find(code => code === 130 || code === 143)
  return summaryOf({
    ...{ blackstart: first.blackstart, client: first.client, base: first.base },
    parts: summaries.flatMap(({ parts }) => parts),
    ms: Math.max(...summaries.map(({ ms }) => ms)),
    tally: tally.data,
    sweep: summaries.map(({ sweep }) => sweep).reduce(addSweeps, null),
    found: earliest(summaries.flatMap(({ found }) => found)),
    corpus: [...new Map(summaries.flatMap(({ corpus }) => corpus).map(file => [file.file, file])).values()],
    passing: [...new Set(summaries.flatMap(({ passing }) => passing))].toSorted(),
    problems: [...new Set(summaries.flatMap(({ problems }) => problems))],
    notices: [...new Set(summaries.flatMap(({ notices }) => notices))],
    interrupted: interrupted === 130 || interrupted === 143 ? interrupted : undefined,
    unwell: summaries.find(({ exitCode }) => exitCode === 3)?.reason,
  })
}

function checkTogether(named: readonly Named[]): void {
  const [first, ...others] = named
  if (!first)
    throw new UsageError('Name the summaries to merge.', 'They are written by `blackstart search --report json=FILE`.')
  for (const { name, summary } of others) {
    const what = (['client', 'base', 'blackstart'] as const).find(key => summary[key] !== first.summary[key])
    if (what)
      throw new UsageError(
        `${name} and ${first.name} are of two searches: ${what} is ${summary[what] ?? 'none'} in one and ${first.summary[what] ?? 'none'} in the other.`,
        'Merge the shards of one search.',
      )
  }
  const seen = new Map<string, string>()
  for (const { name, summary } of named)
    for (const { seed, shard } of summary.parts) {
      const before = seen.get(`${seed} ${shard}`)
      if (before !== undefined)
        throw new UsageError(
          `${before} and ${name} are both shard ${shard} of seed ${seed}: its runs would count twice.`,
          'Leave one of them out.',
        )
      seen.set(`${seed} ${shard}`, name)
    }
}

/** Every shard makes the same clean run; of what comes of it each runs its own. */
export function addSweeps(a: SweepReport | null, b: SweepReport | null): SweepReport | null {
  if (!a || !b) return a ?? b
  return { ...a, own: a.own + b.own, ran: a.ran + b.ran }
}

/** Of several failures of one oracle the one that comes first in the search, whoever met it; one that is proven before any other. */
export function earliest(found: readonly FoundFailure[]): readonly FoundFailure[] {
  const best = new Map<string, FoundFailure>()
  for (const one of found) {
    const known = best.get(one.oracle)
    if (!known || isBefore(one, known)) best.set(one.oracle, one)
  }
  return [...best.values()]
}

function isBefore(a: FoundFailure, b: FoundFailure): boolean {
  if (isProven(a) !== isProven(b)) return isProven(a)
  return a.place[0] - b.place[0] < 0 || (a.place[0] === b.place[0] && a.place[1] < b.place[1])
}
