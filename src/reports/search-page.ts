import { coverageReport } from '../search/coverage.ts'
import { sometimes } from '../search/sometimes.ts'
import { type FoundFailure, isProven, type SearchSummary, totalRuns } from '../search/summary.ts'
import { blocksMarkup } from './html/blocks.ts'
import { framed } from './html/frame.ts'
import { inline } from './markdown.ts'
import { blockMarkdown } from './markdown-blocks.ts'
import type { Block, Section } from './section.ts'
import { count, percent, plural, shellWord, spell } from './text.ts'

/** What a search came to, as one page that needs nothing else. */
export function searchPage(summary: SearchSummary): string {
  const { verdict, reason, blackstart } = summary
  return framed({
    ...{ title: titleOf(summary), verdict, reason, kind: 'search for outages', facts: factsOf(summary) },
    parts: sectionsOf(summary).map(({ id, name, blocks }) => ({ id, name, body: blocksMarkup(blocks) })),
    foot: `Made from the summary of a search by blackstart ${blackstart}.`,
  })
}

/** The same sections for a wiki. */
export function searchMarkdown(summary: SearchSummary): string {
  const { verdict, reason } = summary
  return `${[
    `# ${inline(titleOf(summary))}`,
    `**${verdict}**: ${inline(reason)}`,
    factsOf(summary)
      .map(([name, value]) => `- ${name}: ${inline(value)}`)
      .join('\n'),
    ...sectionsOf(summary).flatMap(({ name, blocks }) => [`## ${inline(name)}`, ...blocks.map(blockMarkdown)]),
  ].join('\n\n')}\n`
}

function titleOf({ client, base }: SearchSummary): string {
  return base === null
    ? `Outages that ${client} was put through`
    : `Variations of ${base} that ${client} was put through`
}

function factsOf({ client, parts, tally, ms, blackstart }: SearchSummary): readonly (readonly [string, string])[] {
  return [
    ['client', client],
    ['seeds and shards', parts.map(({ seed, shard }) => `seed ${seed}, ${shard}`).join('; ')],
    ['runs', count(totalRuns(tally.runs))],
    ['requests', count(tally.attempts)],
    ['simulated time', spell(tally.simulatedMs)],
    ['took', spell(ms)],
    ['written by', `blackstart ${blackstart}`],
  ]
}

function sectionsOf(summary: SearchSummary): readonly Section[] {
  const { proof, problems, notices, tally } = summary
  return [
    {
      ...{ id: 'summary', name: 'Summary' },
      blocks: [text(proof.says), ...[...problems, ...notices].map(text), ...inconclusive(tally.inconclusive)],
    },
    { id: 'found', name: 'Found', blocks: found(summary) },
    ...(summary.corpus.length > 0 ? [{ id: 'corpus', name: 'Corpus', blocks: [corpus(summary)] }] : []),
    { id: 'coverage', name: 'Coverage', blocks: coverage(summary) },
    { id: 'sometimes', name: 'What happened at all', blocks: happened(summary) },
  ]
}

function inconclusive(reasons: SearchSummary['tally']['inconclusive']): readonly Block[] {
  const rows = Object.entries(reasons).toSorted(([, a], [, b]) => b - a)
  if (rows.length === 0) return []
  return [
    table(
      'Runs that proved nothing',
      ['why', 'runs'],
      rows.map(([why, times]) => [why, count(times)]),
    ),
  ]
}

function found({ found: all, passing }: SearchSummary): readonly Block[] {
  const once = passing.map(
    oracle => `${oracle} failed in a run that was ended early, and held in one that went to its end.`,
  )
  if (all.length + once.length === 0) return [text('Nothing.')]
  return [...all.flatMap(foundBlocks), ...(once.length > 0 ? [list(once)] : [])]
}

function foundBlocks(one: FoundFailure): readonly Block[] {
  const file = shellWord(one.file ?? one.fileName)
  const met = `${plural(one.phases, 'phase')}; met after ${spell(one.seenMs)}, at its smallest ${spell(one.foundMs)} after the search began.`
  const again = isProven(one)
    ? [
        code(
          `To see ${one.oracle} again`,
          'sh',
          `npx blackstart replay ${file}\nnpx blackstart report ${file} --html page.html`,
        ),
      ]
    : [text('It failed once and not in every replay.')]
  return [
    { type: 'heading', text: one.oracle },
    ...[one.message, met].filter(Boolean).map(text),
    ...again,
    code(`The outage that fails ${one.oracle}`, 'yaml', one.text),
  ]
}

function corpus({ corpus: files }: SearchSummary): Block {
  return table(
    'Found files that were replayed first',
    ['file', 'what came of it'],
    files.map(({ file, says }) => [file, says]),
  )
}

function coverage({ tally }: SearchSummary): readonly Block[] {
  const { reached, of, faults, livesNeverSeen } = coverageReport(tally.coverage)
  if (of === 0) return [text('No request was seen.')]
  const rows = faults
    .filter(row => row.of > 0)
    .map(({ fault, hits, reached: met, of: all, left }) => [
      ...[fault, count(hits), `${met} of ${all}`],
      left.map(({ surface, streaming, life }) => `${life} on ${surface}${streaming ? ', streamed' : ''}`).join('; '),
    ])
  return [
    text(
      `${count(reached)} of ${count(of)} (${percent(reached / of)}): faults × kinds of requests that the client makes.`,
    ),
    table('Faults, and the kinds of requests that they met', ['fault', 'hits', 'kinds met', 'never met'], rows),
    ...(livesNeverSeen.length > 0
      ? [list(livesNeverSeen.map(({ life, todo }) => `Never seen: ${life} requests; ${todo}`))]
      : []),
  ]
}

function happened({ tally }: SearchSummary): readonly Block[] {
  const rows = sometimes.map(({ id, says, todo }) => {
    const times = tally.sometimes[id] ?? 0
    return [id, count(times), times > 0 ? says : `${says}: ${todo}`]
  })
  return [
    text('What ought to happen in some runs; what never did was not tested by them.'),
    table('Runs in which each happened', ['what', 'runs', 'in words'], rows),
  ]
}

function text(says: string): Block {
  return { type: 'text', text: says }
}

function list(items: readonly string[]): Block {
  return { type: 'list', items }
}

function code(caption: string, language: 'sh' | 'yaml', says: string): Block {
  return { type: 'code', caption, language, text: says }
}

function table(caption: string, heads: readonly string[], rows: readonly (readonly string[])[]): Block {
  return { type: 'table', caption, heads, rows }
}
