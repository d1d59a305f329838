import { expect, test } from 'vitest'
import { type JournalReportOptions, journalReport, scorecardOf } from '../../../src/gameday/journal-report.ts'
import type { JournalEvent } from '../../../src/journal/event.ts'
import { journalLines } from '../../../src/journal/journal.ts'
import { compilePlan } from '../../../src/model/timeline.ts'
import { htmlPage } from '../../../src/reports/html/page.ts'
import { reports } from '../../../src/reports/index.ts'
import { markdownPage } from '../../../src/reports/post-incident/markdown.ts'
import { type RecordedRun, recordedRun } from '../../../src/reports/recorded/recorded-run.ts'
import { catalogue } from '../../../src/run/catalogue.ts'
import { parseScenario } from '../../../src/scenario/index.ts'
import { JournalBuilder, minute, second } from '../../support/journal-builder.ts'
import { elements, parsePage } from '../../support/page.ts'

const outage = `blackstart: 1
id: our-day
title: Our day
basis: { precedent: then }
phases:
  - { name: down, for: 20m, faults: [{ surface: api, fault: overloaded }] }
`
const day = `${outage}
status_page: [{ at: down + 12m, incident: investigating }]
game_day:
  hypothesis: Users | wait.
  actions: [{ says: Declare an incident, by: down + 5m, owner: on-call, mark: declared }]
`

function scenarioOf(yaml: string) {
  const { scenario } = parseScenario(yaml, { catalogue })
  if (!scenario) throw new Error('The scenario of this test is not valid.')
  return scenario
}

/** A drill in which somebody asks every ten seconds, and gets an answer from `wellAt` on. */
function played(yaml: string, wellAt: number, change: (journal: JournalBuilder) => void = () => {}): RecordedRun {
  const journal = new JournalBuilder(scenarioOf(yaml), yaml, 'loopback')
  for (let t = 0; t < 25 * minute; t += 10 * second) {
    const task = journal.task(t)
    if (t < wellAt) task.call().attempt(t, { status: 529 })
    else task.call().answered(t)
    task.settle(t + second, t < wellAt ? 'failed' : 'ok')
  }
  change(journal)
  return recordedRun([...journalLines(journal.events())].join(''), 'day.jsonl', { catalogue })
}

function told(run: RecordedRun, options: Omit<JournalReportOptions, 'catalogue'> = {}) {
  const report = journalReport(run, { catalogue, ...options })
  const page = parsePage(htmlPage(report, { journal: 'day.jsonl' }))
  const section = elements(page).find(({ attributes }) => attributes.get('id') === 'scorecard')
  return { section, markdown: markdownPage(report), page }
}

test('the report of a game day has its scorecard, in the page and in Markdown', () => {
  const { section, markdown, page } = told(
    played(day, 6 * minute, journal => {
      journal.add({ type: 'mark', t: 13 * minute, mark: 'declared' })
      journal.add({ type: 'status-changed', t: 12 * minute, incident: 'investigating' })
    }),
  )

  const heads = section ? elements(section, 'h3').map(({ text }) => text) : []
  expect(heads).toEqual([
    ...['Times', 'Hypothesis', 'Expected actions', 'Figures', 'What the status page said'],
    'For the round afterwards',
  ])
  expect(section?.text).toContain('Declare an incidentT+0:05lateT+0:13 declared, 8 m later than hoped foron-call')
  expect(elements(page, 'h2').map(({ text }) => text)).toContain('Scorecard')
  expect(markdown).toMatch(/^## Scorecard\n\n[^#]+### Times$/m)
  expect(markdown).toContain('> Users \\| wait.')
  expect(markdown).toContain(
    '| Declare an incident | T+0:05 | late | T+0:13 declared, 8 m later than hoped for | on-call |',
  )
})

test('the precedent and the last run stand beside it', () => {
  const then = compilePlan(
    scenarioOf(`blackstart: 1
id: then
title: What happened then
phases: [{ name: silent, for: 40m, faults: [{ surface: api, fault: overloaded }] }]
status_page: [{ at: silent + 31m, incident: investigating }]
`),
    catalogue.faults,
  )
  const last = scorecardOf(played(day, 20 * minute), {})

  const { section, markdown } = told(played(day, 6 * minute), {
    last,
    precedentOf: ({ basis }) => (basis?.precedent === 'then' ? then : undefined),
  })

  expect(section?.text).toContain(
    'Modelled on then: What happened then. Its page’s first word came 31 m after the onset.',
  )
  expect(section && elements(section, 'tr').map(row => row.children.map(cell => cell.text))).toContainEqual([
    ...['tasks that ended badly', '36', '120', '−84'],
  ])
  expect(markdown).toContain('| tasks that ended badly | 36 | 120 | −84 |')
})

test('a drill is one with a scorecard once somebody marked or noted something, and not for being broken off', () => {
  const mark = (name: string) => (journal: JournalBuilder) => journal.add({ type: 'mark', t: minute, mark: name })

  expect(told(played(outage, minute)).section).toBeUndefined()
  expect(told(played(outage, minute, mark('aborted'))).section).toBeUndefined()
  expect(told(played(outage, minute, mark('detected'))).section?.text).toContain('time to detect')
  expect(told(played(outage, minute, mark('note'))).section?.text).toContain('What was noted:')
})

test('a show that was ended early is drawn to its end, and what it did not come to is not reached', () => {
  const two = outage
    .replace('20m', '12m')
    .concat('  - { name: shaken, for: 8m, faults: [{ surface: api, fault: overloaded }] }\n')
  const journal = new JournalBuilder(scenarioOf(two), two, 'loopback')
  const task = journal.task(minute)
  task.call().attempt(minute, { status: 529 })
  journal.add({ type: 'mark', t: 6 * minute, mark: 'aborted', says: 'a real incident' })
  const events: readonly JournalEvent[] = [
    ...journal.events().filter(({ t }) => t <= 6 * minute),
    { type: 'run-ended', t: 6 * minute, reason: 'stopped', realIo: false },
  ]
  const run = recordedRun([...journalLines(events)].join(''), 'day.jsonl', { catalogue })

  const { page, markdown } = told(run)
  const terminal = reports.terminal.one(run.result, { color: false, replay: [] })

  for (const text of [page.text, markdown, terminal]) expect(text).toContain('not reached')
  expect(markdown).toContain('| overloaded | shaken | api | 0 | 0 | not reached |')
  expect(markdown).not.toMatch(/shaken\) hit nobody|--users/)
  expect(page.text).toContain('It ended at 6:00, and what was still to come is not drawn.')
  expect(terminal).toContain('it ended here, at 6 m of 20 m; not reached: shaken')
  expect(terminal).toMatch(/^ +├─+\n +down\n/m)
})

test('what the facilitator told people on the spot stands with the injects that were planned', () => {
  const { markdown } = told(
    played(day, minute, journal =>
      journal.add({
        ...{ type: 'mark', t: 4 * minute, mark: 'inject', says: 'question from the CEO to responders: How long?' },
        detail: { kind: 'question', to: 'responders', text: 'How long?', byHand: true },
      }),
    ),
  )

  expect(markdown).toContain('| on the spot | question from the CEO to responders: How long? | T+0:04 |  |  |')
})
