import { coverageReport, type FaultCoverage, type Place } from '../search/coverage.ts'
import { Distinct } from '../search/distinct.ts'
import { sometimes } from '../search/sometimes.ts'
import { type FoundFailure, isProven, type SearchSummary, totalRuns } from '../search/summary.ts'
import { type Paint, painter } from './paint.ts'
import { count, percent, plural, spell, table, wrap } from './text.ts'

export interface SearchReportOptions {
  readonly color: boolean
  /** How the client is named on a command line; absent where the config or a default says it. */
  readonly client?: string | undefined
}

const width = 100

/** What a search came to, for people. */
export function searchReport(summary: SearchSummary, { color, client }: SearchReportOptions): string {
  const paint = painter(color)
  const style = summary.exitCode === 0 ? 'green' : summary.exitCode === 1 ? 'red' : 'yellow'
  const blocks = [
    [
      `${paint('bold', summary.client)}: ${paint(style, summary.verdict)} (exit ${summary.exitCode})`,
      ...lines(summary.reason),
    ],
    foundBlock(summary, paint, client),
    corpusBlock(summary, paint),
    triedBlock(summary),
    [...summary.problems, ...summary.notices].flatMap(says => lines(says)),
    coverageBlock(summary, paint),
    sometimesBlock(summary, paint),
    provesBlock(summary, paint),
  ]
  return `${blocks
    .filter(block => block.length > 0)
    .map(block => block.join('\n'))
    .join('\n\n')}\n`
}

function provesBlock({ tally, proof }: SearchSummary, paint: Paint): readonly string[] {
  return totalRuns(tally.runs) === 0 ? [] : [paint('bold', 'What this proves'), ...lines(proof.says)]
}

const lines = (text: string) => wrap(text, { width, indent: '  ' })

function foundBlock({ found, passing }: SearchSummary, paint: Paint, client: string | undefined): readonly string[] {
  const again = ({ file, fileName }: FoundFailure) =>
    `${file ?? fileName}${client === undefined ? '' : ` --client ${client}`}`
  const rows = found.flatMap(one => [
    `  ${paint(isProven(one) ? 'red' : 'yellow', one.oracle)}  ${sizeOf(one)}`,
    ...wrap(one.message, { width, indent: '    ' }),
    ...(isProven(one)
      ? [
          `    replay: npx blackstart replay ${again(one)}`,
          `    page: npx blackstart report ${again(one)} --html ${one.fileName.replace(/\.ya?ml$/, '.html')}`,
        ]
      : wrap(`It failed once and not in every replay${one.diverged ? `: ${one.diverged}` : ''}.`, {
          width,
          indent: '    ',
        })),
  ])
  const once = passing.map(
    oracle => `  ${oracle}  failed in a run that was ended early, and held in one that went to its end`,
  )
  return rows.length + once.length === 0 ? [] : [paint('bold', 'Found'), ...rows, ...once]
}

function sizeOf({ phases, runs, shrinkMs, seenMs, origin }: FoundFailure): string {
  const from = {
    corpus: 'the corpus',
    sweep: 'the sweep',
    pairs: 'a pair',
    relations: 'comparison',
    random: 'chance',
    shrink: 'another failure',
  }
  const small = runs === 0 ? 'as it was met' : `made smaller in ${plural(runs, 'run')} (${spell(shrinkMs)})`
  return `${plural(phases, 'phase')}, met by ${from[origin]} after ${spell(seenMs)}, ${small}`
}

function corpusBlock({ corpus }: SearchSummary, paint: Paint): readonly string[] {
  if (corpus.length === 0) return []
  const others = corpus.filter(({ status }) => status === 'other-client').length
  const rows = corpus
    .filter(({ status }) => status !== 'other-client')
    .map(({ file, says, status }) => [
      file,
      paint(status === 'fixed' || status === 'as-expected' ? 'dim' : 'yellow', says),
    ])
  const rest = others === 0 ? [] : [`  ${plural(others, 'file')} of other clients`]
  return [paint('bold', 'Corpus'), ...table(rows, { indent: '  ' }), ...rest]
}

function triedBlock({ tally, sweep, parts, ms }: SearchSummary): readonly string[] {
  const { runs, attempts, simulatedMs } = tally
  const distinct = (hashes: readonly string[]) => {
    const sketch = new Distinct(hashes)
    return `${sketch.isExact ? '' : 'about '}${count(sketch.count)}`
  }
  const swept = (runs['sweep'] ?? 0) + (runs['pairs'] ?? 0)
  const shards = parts.map(({ seed, shard }) => (shard === '1/1' ? `seed ${seed}` : `seed ${seed}, shard ${shard}`))
  return [
    `Tried  (${shards.length > 3 ? `${shards.length} shards` : shards.join('; ')})`,
    `  ${plural(totalRuns(runs), 'run')} in ${spell(ms)}: ${count(attempts)} attempts, ${spell(simulatedMs)} of simulated time; ${distinct(tally.traces.all)} different behaviours`,
    ...(sweep && swept > 0
      ? [
          `  sweep: ${plural(sweep.requests, 'request')} of ${plural(sweep.kinds, 'kind')}; of ${count(sweep.planned)} single faults ${count(sweep.alike)} are like others; ` +
            `${count(sweep.ran)} of ${count(sweep.own)} run, lasting faults and pairs included; ${distinct(tally.traces.sweep)} of ${count(swept)} distinct`,
        ]
      : []),
    ...((runs['relations'] ?? 0) > 0
      ? [`  compared with further runs, for relations: ${plural(runs['relations'] ?? 0, 'outage')}`]
      : []),
    `  at random: ${plural(runs['random'] ?? 0, 'outage')}, ${count(tally.clean)} clean, ${count(tally.failed)} failed`,
    ...((runs['shrink'] ?? 0) > 0 ? [`  making failures smaller: ${plural(runs['shrink'] ?? 0, 'run')}`] : []),
    ...inconclusiveLines(tally.inconclusive),
  ]
}

const reasonsShown = 3

function inconclusiveLines(inconclusive: SearchSummary['tally']['inconclusive']): readonly string[] {
  const reasons = Object.entries(inconclusive).toSorted(([, a], [, b]) => b - a)
  const rest = reasons.slice(reasonsShown).reduce((sum, [, times]) => sum + times, 0)
  return [
    ...reasons
      .slice(0, reasonsShown)
      .flatMap(([why, times]) => lines(`${plural(times, 'run')} proved nothing: ${why}`)),
    ...(rest > 0 ? [`  ${plural(rest, 'run')} more proved nothing`] : []),
  ]
}

function coverageBlock({ tally }: SearchSummary, paint: Paint): readonly string[] {
  const { reached, of, faults, livesNeverSeen } = coverageReport(tally.coverage)
  if (of === 0) return []
  const never = faults.filter(row => row.of > 0 && row.reached === 0).map(({ fault }) => fault)
  const partly = faults.filter(row => row.reached > 0 && row.reached < row.of)
  return [
    paint(
      'bold',
      `Coverage  ${reached} of ${of} (${percent(Math.floor((reached / of) * 1000) / 1000)}): faults × kinds of requests`,
    ),
    ...(never.length > 0 ? wrap(`never struck: ${never.join(', ')}`, { width, indent: '  ' }) : []),
    ...partly.slice(0, partlyShown).map(partlyText),
    ...(partly.length > partlyShown ? [`  and ${plural(partly.length - partlyShown, 'fault')} more in part`] : []),
    ...livesNeverSeen.flatMap(({ life, todo }) =>
      wrap(`never seen: ${life} requests; ${todo}`, { width, indent: '  ' }),
    ),
  ]
}

const partlyShown = 8
const placesShown = 3

function partlyText({ fault, reached, of, left }: FaultCoverage): string {
  const some = left.slice(0, placesShown).map(placeText)
  const more = left.length > some.length ? `, and ${left.length - some.length} more` : ''
  return `  ${fault} ${reached}/${of}, not: ${some.join(', ')}${more}`
}

const placeText = ({ surface, streaming, life }: Place) => `${life} on ${surface}${streaming ? ', streamed' : ''}`

function sometimesBlock({ tally }: SearchSummary, paint: Paint): readonly string[] {
  if (totalRuns(tally.runs) === 0) return []
  const seen = sometimes.filter(({ id }) => (tally.sometimes[id] ?? 0) > 0)
  const never = sometimes.filter(({ id }) => (tally.sometimes[id] ?? 0) === 0)
  return [
    paint('bold', 'Sometimes  (runs in which it happened)'),
    ...table(
      seen.map(({ id, says }) => [id, count(tally.sometimes[id] ?? 0), says]),
      { indent: '  ', right: [1] },
    ),
    ...(never.length > 0 ? ['  never:'] : []),
    ...table(
      never.map(({ id, says, todo }) => [id, `${says}: ${todo}`]),
      { indent: '    ' },
    ),
  ]
}
