import type { Block, Section } from '../reports/section.ts'
import { spell } from '../reports/text.ts'
import { clockText } from './clock-text.ts'
import type { Precedent } from './score/beside.ts'
import type { Hoped } from './score/deeds.ts'
import type { PageWord } from './score/status-page.ts'
import type { Scorecard } from './scorecard.ts'

/** A scorecard as a section of a report. */
export function scorecardSection(card: Scorecard): Section {
  return { id: 'scorecard', name: 'Scorecard', blocks: [text(spirit), ...scorecardBlocks(card)] }
}

/** What a scorecard is about, and what it is not. */
export const spirit =
  'It is about the system, the runbooks and the words. Nobody is graded; what took long was hard to see or to do, and is worth a question.'

/** A scorecard, piece by piece. */
export function scorecardBlocks(card: Scorecard): readonly Block[] {
  return [
    ...(card.notes.length > 0 ? [list(card.notes)] : []),
    heading('Times'),
    text(
      'From the first fault on; a time is measured where the journal shows it, and is that of a mark where it does not.',
    ),
    {
      ...{ type: 'table', caption: 'Times from the first fault on' },
      heads: ['What', 'Time', 'Where it comes from', 'Marked by people'],
      rows: card.times.map(({ what, text: time, from, marked }) => [what, time, from, marked]),
    },
    ...hypothesis(card),
    ...hoped('Measures of success', card.measures, ['Measure', 'Within', 'Met', 'Seen']),
    ...hoped('Expected actions', card.actions, ['Action', 'By', 'Done', 'Seen', 'Owner']),
    ...(card.done.length > 0 ? [text('What was marked:'), list(card.done)] : []),
    ...(card.noted.length > 0 ? [text('What was noted:'), list(card.noted)] : []),
    ...injects(card),
    heading('Figures'),
    {
      ...{ type: 'table', caption: 'Figures, and where each comes from' },
      heads: ['What', 'Value', 'Where it comes from'],
      rows: card.scores.map(({ what, text: value, from }) => [what, value, from]),
    },
    ...pages(card),
    ...lastRun(card),
    heading('For the round afterwards'),
    list([
      'What told us, and what could have told us earlier?',
      'What did we believe that was not so, and who had said it?',
      'What did we want to do and could not: a switch, a runbook, a right, a number to call?',
      'Which of it do we change, who sees to it, and by when?',
    ]),
  ]
}

function hypothesis({ hypothesis: one }: Scorecard): readonly Block[] {
  if (!one) return []
  return [
    heading('Hypothesis'),
    { type: 'quote', text: one.says },
    text('Did it hold? [ ] yes [ ] in part [ ] no: people decide. What there is to decide by:'),
    list(one.evidence),
  ]
}

function hoped(name: string, all: readonly Hoped[], heads: readonly string[]): readonly Block[] {
  if (all.length === 0) return []
  const rows = all.map(({ says, by, state, why, owner }) => [says, by, state, why, owner].slice(0, heads.length))
  return [heading(name), { type: 'table', caption: `${name}, beside what was seen`, heads, rows }]
}

function injects({ injects: all }: Scorecard): readonly Block[] {
  if (all.length === 0) return []
  return [
    heading('Injects'),
    {
      ...{ type: 'table', caption: 'What people were told on the way' },
      heads: ['Planned', 'What', 'Told', 'Hoped for', 'What was done'],
      rows: all.map(({ at, what, delivered, expected }) => [at, what, delivered, expected, '']),
    },
  ]
}

/** So many lines of a page are shown. */
const wordsAtMost = 20

function pages({ page, precedent }: Scorecard): readonly Block[] {
  if (page.length === 0 && !precedent) return []
  const then = precedent && !precedent.isSame ? precedent : undefined
  return [
    heading('What the status page said'),
    ...(then ? [text(besideText(then))] : []),
    ...(page.length > 0
      ? [text('In this exercise:'), words('What the page said in this exercise', page)]
      : [text('In this exercise it said nothing.')]),
    ...(then && then.words.length > 0 ? [text('Then:'), words('What the page said then', then.words)] : []),
    ...(precedent && precedent.sources.length > 0 ? [text(`Sources: ${precedent.sources.join(', ')}`)] : []),
  ]
}

function besideText({ id, title, firstWordMs }: Precedent): string {
  const word =
    firstWordMs === undefined
      ? 'Its page said nothing.'
      : `Its page’s first word came ${spell(firstWordMs)} after the onset.`
  return `Modelled on \`${id}\`: ${title}. ${word}`
}

function words(caption: string, all: readonly PageWord[]): Block {
  const more = all.length - wordsAtMost
  const rows = all.slice(0, wordsAtMost).map(({ t, says }) => [clockText(t), says])
  return {
    type: 'table',
    caption,
    heads: ['T', 'Said'],
    rows: [...rows, ...(more > 0 ? [['…', `and ${more} more`]] : [])],
  }
}

function lastRun({ last }: Scorecard): readonly Block[] {
  if (!last) return []
  return [
    heading('Beside the last run'),
    {
      ...{ type: 'table', caption: `Beside the last run, ${last.title}` },
      heads: ['What', 'This run', 'The last', 'Change'],
      rows: last.figures.map(figure => [figure.what, figure.now, figure.last, figure.change]),
    },
  ]
}

function heading(says: string): Block {
  return { type: 'heading', text: says }
}

function text(says: string): Block {
  return { type: 'text', text: says }
}

function list(items: readonly string[]): Block {
  return { type: 'list', items }
}
