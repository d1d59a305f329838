import { shortSurface } from '../in-force.ts'
import { landingText } from '../landing.ts'
import { fenced, inline, inlineProse } from '../markdown.ts'
import { blockMarkdown, bulletList, markdownTable } from '../markdown-blocks.ts'
import { painter } from '../paint.ts'
import { picture } from '../picture.ts'
import type { Story } from '../story.ts'
import { count, instant, plural, sentence, spell } from '../text.ts'
import type { Action, NumberedFinding, PostIncident } from './document.ts'
import { type Evidence, evidenceOf, linesLeftOut, type Place, shownLines } from './evidence.ts'
import { truthText } from './status-track.ts'
import { shownMoments } from './timeline.ts'

const momentsShown = 200
const blankActions = 3

/** A report as Markdown, for a wiki: the same sections as the page, with a picture in text. */
export function markdownPage(report: PostIncident): string {
  const { run, title, kind, facts, findings } = report
  const { verdict, reason } = run.result
  const evidence = evidenceOf(run.view, findings)
  const parts: readonly (readonly string[])[] = [
    [`# ${inline(title)}`],
    [`**${verdict}**: ${inline(reason)} (${kind} of an outage)`],
    [facts.map(([name, value]) => `- ${name}: ${inline(value)}`).join('\n')],
    ['## Summary', ...report.summary.map(inlineProse)],
    [
      '## Impact',
      markdownTable(
        ['what', 'figure', ''],
        report.impact.map(({ what, value, note }) => [what, value, note]),
      ),
    ],
    [
      '## What happened',
      fenced(picture(run.result, run.view, painter(false)).join('\n'), 'text'),
      ...statusPart(report),
    ],
    ...report.sections.map(({ name, blocks }) => [`## ${inline(name)}`, ...blocks.map(blockMarkdown)]),
    ['## Findings', ...findingsPart(findings, evidence)],
    ['## Phase by phase', phasesPart(report)],
    ['## What was felt', landingPart(report)],
    ['## Timeline', ...timelinePart(report)],
    ['## What went well', bulletList(report.wentWell), '_What else went well?_'],
    ['## What surprised', bulletList(report.surprised), '_What surprised those who were there?_'],
    ...(report.questions.length > 0 ? [['## Open questions', bulletList(report.questions)]] : []),
    ['## Actions', actionsPart(report)],
    ...(evidence.stories.length > 0 ? [['## Evidence', ...evidence.stories.flatMap(storyPart)]] : []),
    [
      '## Not judged',
      bulletList(report.notJudged.map(({ id, reason: why }) => (why === undefined ? id : `${id}: ${why}`))),
    ],
    ['## Scenario', fenced(run.started.scenario.trimEnd(), 'yaml')],
  ]
  return `${parts.flatMap(part => part.filter(text => text !== '')).join('\n\n')}\n`
}

function statusPart({ status }: PostIncident): readonly string[] {
  if (status.length === 0) return []
  const rows = status.flatMap(({ surface, stretches }) =>
    stretches.map(one => [
      surface,
      instant(one.startMs),
      instant(one.endMs),
      truthText(one),
      one.said.replaceAll('_', ' '),
      one.agrees,
    ]),
  )
  return [
    'The status page against the truth:',
    markdownTable(['surface', 'from', 'to', 'what was so', 'what it said', 'agrees'], rows),
  ]
}

function findingsPart(findings: readonly NumberedFinding[], evidence: Evidence): readonly string[] {
  if (findings.length === 0) return ['None: every check that had something to look at held.']
  return findings.flatMap(({ number, finding }) => {
    const { oracle, phase, message, advice, accepted, severity } = finding
    const ids = finding.evidence.map(id => linked(id, evidence.placeOf(id)))
    return [
      `### ${number}. ${inline(oracle)} (${accepted ? 'accepted' : severity})`,
      `**In ${inline(phase)}:** ${inlineProse(sentence(message))}`,
      accepted ? `Accepted: ${inline(accepted.reason)}` : inlineProse(advice),
      ...(ids.length > 0 ? [`Evidence: ${ids.join(', ')}`] : []),
    ]
  })
}

function linked(id: string, place: Place | undefined): string {
  return place === undefined ? inline(id) : `[${inline(id)}](#${anchorOf(place)})`
}

function anchorOf({ type, id }: Place): string {
  return `${type}-${id.replace(/[^\w-]/g, '_')}`
}

/** The anchors of its attempts stand before it: a block of code has none. */
function storyPart(story: Story): readonly string[] {
  const lines = shownLines(story)
  const attempts = lines.flatMap(line => (line?.attempt === undefined ? [] : [line.attempt]))
  const anchors: readonly Place[] = [
    { type: 'story', id: story.id },
    ...attempts.map((id): Place => ({ type: 'attempt', id })),
  ]
  const text = lines.map(line =>
    line === undefined
      ? linesLeftOut(story)
      : `${instant(line.t).padStart(9)}  ${`+${spell(line.sinceMs)}`.padEnd(10)} ${'  '.repeat(line.depth)}${line.text}`,
  )
  return [
    anchors.map(place => `<a id="${anchorOf(place)}"></a>`).join(''),
    inline(story.head),
    fenced(text.join('\n'), 'text'),
  ]
}

function phasesPart({ phases }: PostIncident): string {
  const sum = (byOutcome: Readonly<Record<string, number>>, ...of: readonly string[]) =>
    count(of.reduce((all, outcome) => all + (byOutcome[outcome] ?? 0), 0))
  const time = (ms: number | null) => (ms === null ? '–' : spell(ms))
  return markdownTable(
    ['phase', 'from', 'length', 'tasks', 'answered', 'poorer', 'badly', 'requests', 'a call', 'p50', 'p95'],
    phases.map(({ phase, startMs, endMs, tasks, byOutcome, attempts, attemptsPerCall, p50Ms, p95Ms }) => [
      phase,
      instant(startMs),
      spell(endMs - startMs),
      count(tasks),
      sum(byOutcome, 'ok'),
      sum(byOutcome, 'degraded', 'queued'),
      sum(byOutcome, 'failed', 'truncated', 'not-an-answer', 'open'),
      count(attempts),
      attemptsPerCall === null ? '–' : count(attemptsPerCall),
      time(p50Ms),
      time(p95Ms),
    ]),
  )
}

function landingPart({ landing, run }: PostIncident): string {
  if (landing.length === 0) return 'The scenario has no fault and no limit.'
  return markdownTable(
    ['fault', 'phase', 'on', 'requests it could hit', 'hits', 'what came of it'],
    landing.map(one => [
      one.id,
      one.phase,
      one.surface.map(name => shortSurface(name, run.result.scenario.provider)).join(', '),
      count(one.eligible),
      count(one.hits),
      landingText(one),
    ]),
  )
}

function timelinePart({ timeline }: PostIncident): readonly string[] {
  const more = timeline.length - momentsShown
  const rows = shownMoments(timeline, momentsShown).map(({ t, kind, says }) => [instant(t), kind, says])
  return [
    markdownTable(['when', '', 'what'], rows),
    ...(more > 0 ? [`And ${plural(more, 'more line')}, in the journal.`] : []),
  ]
}

function actionsPart({ actions }: PostIncident): string {
  const blank = Array.from({ length: blankActions }, () => ['', '', '', ''])
  return markdownTable(['what to change', 'found by', 'owner', 'due'], [...actions.map(actionRow), ...blank])
}

function actionRow({ what, from, findings, owner, due }: Action): readonly string[] {
  return [what, findings.length === 0 ? from : `${from} (${findings.join(', ')})`, owner, due]
}
