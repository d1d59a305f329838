import { formatDuration } from '../lib/duration.ts'
import type { Check, GameDay } from '../model/game-day.ts'
import type { StopCondition } from '../model/scenario.ts'
import type { Plan } from '../model/timeline.ts'
import type { Catalogue } from '../scenario/index.ts'
import { clockText } from './clock-text.ts'
import { type Cue, cuesOf } from './cues.ts'
import { markdownTable, plain } from './markdown-text.ts'

/** The facilitator's run-of-show, as Markdown: all that happens, with times, and what is hoped for. */
export function runOfShow(plan: Plan, catalogue: Catalogue): string {
  const { scenario, lengthMs, warmUpMs, tailMs } = plan
  const day = scenario.game_day ?? {}
  const cues = cuesOf(plan, catalogue)
  const untimed = (day.actions ?? []).filter(({ by }) => by === undefined)
  return page([
    `# Run-of-show: ${plain(scenario.title ?? scenario.id)}`,
    `Facilitator's copy: it tells what responders are not to know.`,
    `Scenario \`${scenario.id}\`. It takes ${formatDuration(warmUpMs)} of healthy time, ${formatDuration(lengthMs)} of outage and ${formatDuration(tailMs)} after it. T is the first phase's begin.`,
    ...purpose(day),
    ...rolesTable(day),
    ...checkList(day.checks ?? []),
    '## Show',
    markdownTable(
      ['T', 'Phase', 'Surface', 'Fault', 'Inject', 'Owner', 'Expected action'],
      cues.map(cue => [
        clockText(cue.t),
        cue.phase,
        cue.surface ?? '',
        faultCell(cue),
        injectCell(cue),
        cue.owner ?? '',
        cue.expected ?? '',
      ]),
    ),
    ...(untimed.length > 0
      ? ['Expected at any time:', list(untimed.map(({ says, owner }) => `${says}${owner ? ` (${owner})` : ''}`))]
      : []),
    ...measuresOf(day),
    ...stopConditions(plan),
  ])
}

/** What responders get: what they need to take part, and nothing of what will happen. */
export function respondersCopy(plan: Plan): string {
  const { game_day: day = {} } = plan.scenario
  const { objectives = [] } = day
  return page([
    '# Game day: for responders',
    whatComes,
    ...(objectives.length > 0 ? ['## What it is for', list(objectives)] : []),
    ...rolesTable(day, ['excluded']),
    '## How it goes',
    list(howItGoes(plan)),
    ...(day.slo ? ['## What users were promised', `${percent(day.slo.availability)} of what they ask ends well.`] : []),
  ])
}

const whatComes =
  'Something will go wrong with a provider that our app depends on. Meet it as you would meet the real thing: with the tools, the pages and the people that you would have then.'

/** What responders are told before it begins, paragraph by paragraph: plain text, with nothing of what will happen. */
export function respondersBriefing(plan: Plan): readonly string[] {
  const { objectives = [] } = plan.scenario.game_day ?? {}
  return [whatComes, ...objectives, ...howItGoes(plan).map(line => line.replaceAll('*', ''))]
}

function howItGoes({ lengthMs, tailMs }: Plan): readonly string[] {
  return [
    `It takes about ${formatDuration(roundUp(lengthMs + tailMs))}. It begins when the facilitator says so.`,
    'The provider’s status page, tickets and mails reach you where the facilitator shows you. Believe them as far as you would.',
    'Say when you have *detected* that something is wrong, *declared* an incident, *mitigated* it for users, and when all has *recovered*: by the buttons of your console, or to the scribe.',
    'If something real happens, say “stop, this is real”. Everything is switched off at once.',
    'Nobody is graded. What is looked at is the system: the app, the runbooks, the alerts, the words.',
  ]
}

/** The story alone, for a round at a table: what people are told, and what to ask them. */
export function tabletop(plan: Plan, catalogue: Catalogue): string {
  const { scenario } = plan
  const day = scenario.game_day ?? {}
  const told = cuesOf(plan, catalogue).filter(({ kind }) => kind === 'status' || kind === 'inject' || kind === 'action')
  return page([
    `# Tabletop: ${plain(scenario.title ?? scenario.id)}`,
    'No fault is injected. The facilitator reads each step out, waits for what the table says, and writes it down.',
    ...purpose(day),
    ...rolesTable(day),
    '## Story',
    ...told.flatMap(cue => [`### ${clockText(cue.t)}`, ...stepOf(cue)]),
    ...(told.length === 0 ? ['The scenario tells people nothing: add `status_page` or `game_day.injects`.'] : []),
    '## Ask at the end',
    list([
      'When would we have known? By what: an alert, a ticket, the status page?',
      'What did we believe that was not so?',
      'What would users have seen, and for how long?',
      'What was missing: a runbook, a switch, a dashboard, a person?',
    ]),
    ...measuresOf(day),
  ])
}

function stepOf({ kind, text, expected }: Cue): string[] {
  if (kind === 'status') return [`The status page: ${plain(text)}`, 'Ask: what do you do with that?']
  if (kind === 'action') return [`By now: ${plain(expected ?? '')}. Ask: has anybody done it, and how would we know?`]
  return [plain(text), ...(expected === undefined ? [] : [`*Listen for: ${plain(expected)}*`])]
}

function faultCell({ kind, text }: Cue): string {
  switch (kind) {
    case 'phase':
      return `*${plain(text)}*`
    case 'event':
      return `app: ${text}`
    case 'fault':
    case 'limit':
      return text
    default:
      return ''
  }
}

function injectCell({ kind, text }: Cue): string {
  if (kind === 'status') return `status page: ${text}`
  return kind === 'inject' ? text : ''
}

function purpose({ objectives = [], hypothesis, environment }: GameDay): string[] {
  return [
    ...(objectives.length > 0 ? ['## Objectives', list(objectives)] : []),
    ...(hypothesis === undefined ? [] : ['## Hypothesis', plain(hypothesis)]),
    ...(environment === undefined ? [] : [`Held in: ${plain(environment)}.`]),
  ]
}

function rolesTable({ roles = {} }: GameDay, without: readonly string[] = []): string[] {
  const rows = Object.entries(roles).filter(([role]) => !without.includes(role))
  if (rows.length === 0) return []
  return [
    '## Roles',
    markdownTable(
      ['Role', 'Who'],
      rows.map(([role, who]) => [role, who.join(', ')]),
    ),
  ]
}

const testedWords: Readonly<Record<NonNullable<Check['test']>, string>> = {
  'steady-state': 'the steady state holds',
  'kill-switch': 'the kill switch is reachable',
  environment: 'this is the right environment',
  caps: 'time, requests and blast radius are capped',
}

function checkList(checks: readonly Check[]): string[] {
  if (checks.length === 0) return []
  const items = checks.map(({ test, says = '', owner }) => {
    const what = test === undefined ? says : `${testedWords[test]} (looked at, not taken on trust)`
    return `[ ] ${what}${owner === undefined ? '' : ` (${owner})`}`
  })
  return ['## Go or no-go', list(items)]
}

function measuresOf({ measures = [], slo }: GameDay): string[] {
  const items = measures.map(({ says, mark, within }) =>
    mark === undefined || within === undefined ? says : `${says} (${mark} within ${formatDuration(within)})`,
  )
  const promised = slo === undefined ? [] : [`${percent(slo.availability)} of tasks end well, as users were promised`]
  const all = [...items, ...promised]
  return all.length === 0 ? [] : ['## Measures of success', list(all)]
}

function stopConditions({ scenario: { stop_when = [] } }: Plan): string[] {
  if (stop_when.length === 0) return []
  return ['## It stops by itself when', list(stop_when.map(stopText))]
}

/** When it stops by itself, in words. */
export function stopText({ outcome, above, over }: StopCondition): string {
  return `more than ${percent(above)} of tasks ${outcome} over ${formatDuration(over)}`
}

function page(parts: readonly string[]): string {
  return `${parts.join('\n\n')}\n`
}

function list(items: readonly string[]): string {
  return items.map(item => `- ${plain(item)}`).join('\n')
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(3))} %`
}

/** To the next five minutes: the exact length would tell. */
function roundUp(ms: number): number {
  return Math.ceil(ms / 300_000) * 300_000
}
