import { spell } from '../reports/text.ts'
import { clockText } from './clock-text.ts'
import { markdownTable, plain } from './markdown-text.ts'
import type { Precedent } from './score/beside.ts'
import type { Hoped } from './score/deeds.ts'
import type { PageWord } from './score/status-page.ts'
import type { Scorecard } from './scorecard.ts'

/** A scorecard for a wiki, or the round after the exercise. */
export function scorecardMarkdown(card: Scorecard): string {
  return `${[
    `# Scorecard: ${plain(card.title)}`,
    `Scenario \`${card.id}\`, ${plain(card.client)}, seed ${card.seed}. ${plain(card.verdict)}`,
    'It is about the system, the runbooks and the words. Nobody is graded; what took long was hard to see or to do, and is worth a question.',
    ...(card.notes.length > 0 ? [list(card.notes)] : []),
    '## Times',
    'From the first fault on; a time is measured where the journal shows it, and is that of a mark where it does not.',
    markdownTable(
      ['', 'Time', 'Where it comes from', 'Marked by people'],
      card.times.map(({ what, text, from, marked }) => [what, text, from, marked]),
    ),
    ...hypothesis(card),
    ...hoped('## Measures of success', card.measures, ['Measure', 'Within', 'Met', 'Seen']),
    ...hoped('## Expected actions', card.actions, ['Action', 'By', 'Done', 'Seen', 'Owner']),
    ...(card.done.length > 0 ? ['What was marked:', list(card.done)] : []),
    ...injects(card),
    '## Figures',
    markdownTable(
      ['', 'Value', 'Where it comes from'],
      card.scores.map(({ what, text, from }) => [what, text, from]),
    ),
    ...pages(card),
    ...lastRun(card),
    '## For the round afterwards',
    list([
      'What told us, and what could have told us earlier?',
      'What did we believe that was not so, and who had said it?',
      'What did we want to do and could not: a switch, a runbook, a right, a number to call?',
      'Which of it do we change, who sees to it, and by when?',
    ]),
  ].join('\n\n')}\n`
}

function hypothesis({ hypothesis: one }: Scorecard): string[] {
  if (!one) return []
  return [
    '## Hypothesis',
    `> ${plain(one.says)}`,
    'Did it hold? [ ] yes [ ] in part [ ] no: people decide. What there is to decide by:',
    list(one.evidence),
  ]
}

function hoped(heading: string, all: readonly Hoped[], head: readonly string[]): string[] {
  if (all.length === 0) return []
  const rows = all.map(({ says, by, state, why, owner }) => [says, by, state, why, owner].slice(0, head.length))
  return [heading, markdownTable(head, rows)]
}

function injects({ injects: all }: Scorecard): string[] {
  if (all.length === 0) return []
  return [
    '## Injects',
    markdownTable(
      ['Planned', 'What', 'Told', 'Hoped for', 'What was done'],
      all.map(({ at, what, delivered, expected }) => [at, what, delivered, expected, '']),
    ),
  ]
}

/** So many lines of a precedent's page are shown. */
const wordsAtMost = 20

function pages({ page, precedent }: Scorecard): string[] {
  if (page.length === 0 && !precedent) return []
  return [
    '## What the status page said',
    ...(precedent && !precedent.isSame ? [besideText(precedent)] : []),
    ...(page.length > 0 ? ['In this exercise:', words(page)] : ['In this exercise it said nothing.']),
    ...(precedent && !precedent.isSame && precedent.words.length > 0 ? ['Then:', words(precedent.words)] : []),
    ...(precedent && precedent.sources.length > 0 ? [`Sources: ${precedent.sources.join(', ')}`] : []),
  ]
}

function besideText({ id, title, firstWordMs }: Precedent): string {
  const word =
    firstWordMs === undefined
      ? 'Its page said nothing.'
      : `Its page’s first word came ${spell(firstWordMs)} after the onset.`
  return `Modelled on \`${id}\`: ${plain(title)}. ${word}`
}

function words(all: readonly PageWord[]): string {
  const shown = all.slice(0, wordsAtMost)
  const more = all.length - shown.length
  return markdownTable(
    ['T', 'Said'],
    [...shown.map(({ t, says }) => [clockText(t), says]), ...(more > 0 ? [['', `and ${more} more`]] : [])],
  )
}

function lastRun({ last }: Scorecard): string[] {
  if (!last) return []
  return [
    '## Beside the last run',
    markdownTable(
      ['', 'This run', 'The last', 'Change'],
      last.figures.map(figure => [figure.what, figure.now, figure.last, figure.change]),
    ),
  ]
}

function list(items: readonly string[]): string {
  return items.map(item => `- ${plain(item)}`).join('\n')
}
