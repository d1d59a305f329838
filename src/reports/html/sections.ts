import type { Finding } from '../../oracles/oracle.ts'
import { shortSurface } from '../in-force.ts'
import { landingText } from '../landing.ts'
import type { Action, PostIncident } from '../post-incident/document.ts'
import type { Evidence } from '../post-incident/evidence.ts'
import { type Moment, shownMoments } from '../post-incident/timeline.ts'
import { count, instant, plural, sentence, spell } from '../text.ts'
import { anchor, type Html, html, type Piece, prose } from './markup.ts'
import { evidenceLinks } from './stories.ts'
import { dataTable, scrolled } from './table.ts'

const findingsShown = 60
const momentsShown = 300
/** Empty rows for what people add by hand. */
const blankActions = 3

export function summary({ summary: paragraphs }: PostIncident): Html {
  return html`${paragraphs.map(
    text => html`<p>${text}</p>
`,
  )}`
}

export function impact({ impact: figures }: PostIncident): Html {
  if (figures.length === 0) return html`<p>The journal has no task and no request.</p>`
  return html`<dl class="figures">${figures.map(
    ({
      what,
      value,
      note,
    }) => html`<div><dt>${what}</dt><dd>${value}</dd>${note !== '' && html`<dd class="note">${note}</dd>`}</div>
`,
  )}</dl>`
}

/** `again`: the words that make a scenario of finding `number`. */
export function findings({ findings: all }: PostIncident, evidence: Evidence, again: (number: number) => string): Html {
  if (all.length === 0) return html`<p>None: every check that had something to look at held.</p>`
  const more = all.length - findingsShown
  return html`${all.slice(0, findingsShown).map(
    ({
      number,
      finding,
    }) => html`<article id="finding-${number}"><h3>${number}. ${finding.oracle} <span class="pill ${standing(finding)}">${standing(finding)}</span></h3>
<p><strong>In ${finding.phase}:</strong> ${prose(sentence(finding.message))}</p>
<p>${finding.accepted ? acceptedText(finding.accepted) : prose(finding.advice)}</p>
${finding.evidence.length > 0 && html`<p class="soft">Evidence: ${evidenceLinks(finding.evidence, evidence)}</p>`}
<p class="soft">As a test: <code>${again(number)}</code></p></article>
`,
  )}${more > 0 && html`<p>And ${plural(more, 'more finding')}.</p>`}`
}

function standing({ severity, accepted }: Finding): 'fail' | 'warn' | 'accepted' {
  return accepted ? 'accepted' : severity
}

function acceptedText({ reason, owner, until }: NonNullable<Finding['accepted']>): string {
  return ['Accepted:', reason, owner && `(${owner})`, until && `until ${until}`].filter(Boolean).join(' ')
}

export function phases({ phases: rows }: PostIncident): Html {
  const bad = ['failed', 'truncated', 'not-an-answer', 'open']
  const sum = (byOutcome: Readonly<Record<string, number>>, of: readonly string[]) =>
    of.reduce((all, outcome) => all + (byOutcome[outcome] ?? 0), 0)
  const time = (ms: number | null) => (ms === null ? '–' : spell(ms))
  const table = dataTable(
    'Tasks by the phase in which they were asked',
    ['phase', 'from', 'length', 'tasks', 'answered', 'poorer', 'badly', 'requests', 'a call', 'p50', 'p95'],
    rows.map(row => [
      row.phase,
      instant(row.startMs),
      spell(row.endMs - row.startMs),
      count(row.tasks),
      count(sum(row.byOutcome, ['ok'])),
      count(sum(row.byOutcome, ['degraded', 'queued'])),
      count(sum(row.byOutcome, bad)),
      count(row.attempts),
      row.attemptsPerCall === null ? '–' : count(row.attemptsPerCall),
      time(row.p50Ms),
      time(row.p95Ms),
    ]),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  )
  return scrolled('Table of phases', table)
}

export function landing({ landing: rows, run }: PostIncident): Html {
  if (rows.length === 0) return html`<p>The scenario has no fault and no limit.</p>`
  const { provider } = run.result.scenario
  const table = dataTable(
    'Whether the app felt what the scenario did',
    ['fault', 'phase', 'on', 'requests it could hit', 'hits', 'what came of it'],
    rows.map(one => [
      one.id,
      one.phase,
      one.surface.map(name => shortSurface(name, provider)).join(', '),
      count(one.eligible),
      count(one.hits),
      landingText(one),
    ]),
    [3, 4],
  )
  return html`<p class="soft">As far as the journal shows it: it names the entry that hit each request.</p>${scrolled('Table of faults', table)}`
}

export function timeline({ timeline: moments }: PostIncident): Html {
  const more = moments.length - momentsShown
  return html`<ol class="moments">${shownMoments(moments, momentsShown).map(moment)}</ol>${more > 0 && html`<p class="soft">And ${plural(more, 'more line')}, in the journal.</p>`}`
}

function moment({ t, kind, says }: Moment): Html {
  return html`<li><span class="time">${instant(t)}</span><span class="soft">${kind}</span><span>${says}</span></li>
`
}

export function lessons(lines: readonly string[], nothing: string, ask: string): Html {
  return html`${lines.length === 0 ? html`<p>${nothing}</p>` : bullets(lines)}<p class="fill">${ask}</p>`
}

export function bullets(lines: readonly string[]): Html {
  return html`<ul>${lines.map(
    line => html`<li>${prose(line)}</li>
`,
  )}</ul>`
}

export function actions({ actions: rows }: PostIncident): Html {
  const filled = rows.map((row, i) => [String(i + 1), prose(row.what), from(row), row.owner, row.due])
  const blank = Array.from({ length: blankActions }, (_, i) => [String(rows.length + i + 1), '', '', '', ''])
  return scrolled('Table of actions', actionTable([...filled, ...blank]))
}

function from({ from: source, findings: numbers }: Action): Piece {
  return [source, numbers.map(number => html` <a href="#${anchor('finding', String(number))}">#${number}</a>`)]
}

function actionTable(rows: readonly (readonly Piece[])[]): Html {
  const heads = ['no.', 'what to change', 'found by', 'owner', 'due']
  return dataTable(
    'Filled in from what the findings advise and what people noted; other owners and dates are yours to name',
    heads,
    rows,
  )
}

export function notJudged({ notJudged: rows }: PostIncident): Html {
  if (rows.length === 0) return html`<p>Every check had something to look at.</p>`
  return html`<p>A check that has nothing to look at is no pass.</p>
<details><summary>${plural(rows.length, 'check')} with nothing to judge</summary><ul>${rows.map(
    ({ id, reason }) => html`<li><code>${id}</code>${reason && `: ${reason}`}</li>
`,
  )}</ul></details>`
}
