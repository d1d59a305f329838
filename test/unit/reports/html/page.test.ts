import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { JournalEvent } from '../../../../src/journal/event.ts'
import { journalLines } from '../../../../src/journal/journal.ts'
import { htmlPage } from '../../../../src/reports/html/page.ts'
import { postIncident } from '../../../../src/reports/post-incident/document.ts'
import { markdownPage } from '../../../../src/reports/post-incident/markdown.ts'
import { recordedRun } from '../../../../src/reports/recorded/recorded-run.ts'
import { catalogue } from '../../../../src/run/catalogue.ts'
import { JournalBuilder, minute, second } from '../../../support/journal-builder.ts'
import { type Element, elements, parsePage } from '../../../support/page.ts'

const text = `blackstart: 1
id: short
title: A short outage
phases:
  - { name: down, for: 10m, faults: [{ surface: api, fault: overloaded }] }
  - { name: clear, for: 5m }
status_page:
  - { at: down + 4m, incident: investigating, components: { api: major_outage }, says: "We look into it." }
  - { at: clear + 2m, incident: resolved, components: { api: operational } }
`

/** An app that asks six times and never settles the first task. */
function outage(change: (journal: JournalBuilder) => void = () => {}): readonly JournalEvent[] {
  const fault = { id: 'overloaded', params: {} }
  const journal = new JournalBuilder(
    {
      ...{ blackstart: 1, id: 'short', provider: 'anthropic' },
      phases: [
        { name: 'down', for: 10 * minute, faults: [{ surface: ['api'], fault }] },
        { name: 'clear', for: 5 * minute },
      ],
    },
    text,
  )
  for (let i = 0; i < 40; i++) {
    const t = i * 20 * second
    const isDown = t < 10 * minute
    const task = journal.task(t)
    const call = task.call()
    if (!isDown) call.answered(t)
    else
      for (let n = 0; n < 6; n++)
        call.attempt(t + n * 500, { status: 529, fault: 'overloaded', entry: 'phases[0].faults[0]', effect: 'answer' })
    if (i > 0) task.settle(t + 3_000, isDown ? 'failed' : 'ok')
  }
  change(journal)
  return journal.events(40 * minute)
}

function pageOf(
  events: readonly JournalEvent[],
  name = 'out.jsonl',
): { page: Element; markup: string; markdown: string } {
  const run = recordedRun([...journalLines(events)].join(''), name, { catalogue })
  const report = postIncident(run, catalogue)
  const markup = htmlPage(report, { journal: name })
  return { page: parsePage(markup), markup, markdown: markdownPage(report) }
}

const idsOf = (page: Element) => elements(page).flatMap(({ attributes }) => attributes.get('id') ?? [])

test('a page is well-formed, and every link and label in it leads somewhere', () => {
  const { page } = pageOf(outage())
  const ids = idsOf(page)
  const wanted = elements(page).flatMap(({ attributes }) => [
    ...(attributes.get('href') ?? '').split('#').slice(1),
    ...(attributes.get('aria-labelledby') ?? '').split(' ').filter(Boolean),
  ])

  expect(ids.length).toBe(new Set(ids).size)
  expect(wanted.length).toBeGreaterThan(30)
  expect(wanted.filter(id => !ids.includes(id))).toEqual([])
})

test('its headings are in order, and each section has one', () => {
  const { page } = pageOf(outage())
  const levels = elements(page).flatMap(({ name }) => (/^h[1-6]$/.test(name) ? [Number(name[1])] : []))
  const sections = elements(page, 'section').map(section => elements(section, 'h2').map(({ text: says }) => says))

  expect(levels.filter(level => level === 1)).toEqual([1])
  expect(levels[0]).toBe(1)
  expect(levels.every((level, i) => level <= (levels[i - 1] ?? 0) + 1)).toBe(true)
  expect(sections).toEqual(
    [
      ...['Summary', 'Impact', 'What happened', 'Findings', 'Phase by phase', 'What was felt', 'Timeline'],
      ...['What went well', 'What surprised', 'Actions', 'Evidence', 'Not judged', 'Scenario'],
    ].map(name => [name]),
  )
})

test('nothing in it is fetched or run', () => {
  const { page, markup } = pageOf(outage())
  const names = new Set(elements(page).map(({ name }) => name))

  for (const name of ['script', 'link', 'img', 'iframe', 'object', 'form']) expect(names).not.toContain(name)
  expect(markup).not.toMatch(/https?:|url\(|@import| on\w+=|javascript:/)
  expect(markup).toContain("default-src 'none'; style-src 'unsafe-inline'")
})

test('every picture has a title and a description, and its numbers stand in a table', () => {
  const { page } = pageOf(outage())
  const figures = elements(page, 'figure')
  const heads = figures.map(figure => elements(figure, 'h3')[0]?.text)
  const pictures = figures.map(figure => elements(figure, 'svg').find(({ attributes }) => attributes.has('role')))

  expect(heads).toEqual(['Phases and faults', 'Requests', 'Tasks', 'Open tasks', 'Status page'])
  for (const picture of pictures) {
    expect(picture?.children[0]).toMatchObject({ name: 'title', text: expect.stringMatching(/\w/) })
    expect(picture?.children[1]).toMatchObject({ name: 'desc', text: expect.stringMatching(/\w/) })
  }
  const requests = figures[1] && elements(figures[1], 'tr').map(row => row.children.map(cell => cell.text))
  expect(requests).toEqual([
    ['phase', 'answered', 'error status'],
    ['down', '0', '180'],
    ['clear', '10', '0'],
    ['healed', '0', '0'],
  ])
})

test('tables have heads with a scope', () => {
  const { page } = pageOf(outage())
  const tables = elements(page, 'table')
  const scopes = new Set(elements(page, 'th').map(({ attributes }) => attributes.get('scope')))

  expect(tables.length).toBeGreaterThan(6)
  expect(tables.filter(table => elements(table, 'caption').length !== 1)).toEqual([])
  expect(scopes).toEqual(new Set(['col', 'row']))
})

test('a finding leads to the story of its task, attempt by attempt', () => {
  const { page } = pageOf(outage())
  const finding = elements(page, 'article').find(({ text: says }) => says.includes('settles'))
  const link = finding && elements(finding, 'a')[0]
  const story = elements(page).find(({ attributes }) => `#${attributes.get('id')}` === link?.attributes.get('href'))

  expect(link?.text).toBe('t1')
  expect(story?.text).toContain('attempt a6, no. 6, in down: overloaded')
  expect(story?.text).toContain('never settled: still open 40 m after it was asked')
})

test('the actions are those that the findings advise, with room for owners and dates', () => {
  const { page } = pageOf(outage())
  const actions = elements(page).find(({ attributes }) => attributes.get('id') === 'actions')
  const rows = actions ? elements(actions, 'tr').map(row => row.children.map(cell => cell.text)) : []

  expect(rows[0]).toEqual(['no.', 'what to change', 'found by', 'owner', 'due'])
  expect(rows[1]?.[1]).toContain('Give each call one deadline over everything')
  expect(rows[1]?.slice(2)).toEqual(['settles #1', '', ''])
  expect(rows.at(-1)?.slice(1)).toEqual(['', '', '', ''])
})

test('what the status page said stands beside what was so', () => {
  const { page, markdown } = pageOf(outage())
  const figure = elements(page, 'figure').at(-1)
  const rows = figure ? elements(figure, 'tr').map(row => row.children.map(cell => cell.text)) : []

  expect(rows.slice(1)).toEqual([
    ['api', '0:00', '4:00', 'all requests fail', 'operational', 'too well'],
    ['api', '4:00', '10:00', 'all requests fail', 'major outage', 'yes'],
    ['api', '10:00', '12:00', 'all is well', 'major outage', 'too bad'],
    ['api', '12:00', '20:15', 'all is well', 'operational', 'yes'],
  ])
  expect(markdown).toContain('| api | 0:00 | 4:00 | all requests fail | operational | too well |')
  expect(page.text).toContain(
    'From 0:00 on, for 4 m, the status page had api as operational; in truth all requests fail.',
  )
})

test('marks and notes are on the timeline, among what was measured', () => {
  const { page } = pageOf(
    outage(journal => {
      journal.add({ type: 'mark', t: 3 * minute, mark: 'detected', says: 'the pager rang', detail: { author: 'Kim' } })
      journal.note(5 * minute, 'host-refused', 'example.com was refused')
      journal.note(6 * minute, 'host-refused', 'example.com was refused')
    }),
  )
  const timeline = elements(page, 'ol').find(({ attributes }) => attributes.get('class') === 'moments')
  const lines = (timeline?.children ?? []).map(line => line.children.map(({ text: says }) => says).join(' | '))

  expect(lines).toContain('3:00 | mark | detected: the pager rang (Kim)')
  expect(lines).toContain('5:00 | note | host refused: example.com was refused (2 times)')
  expect(lines).toContain('0:00 | measured | the app’s first request that was hit (overloaded)')
  const times = lines.filter(line => !line.startsWith('-')).map(line => line.split(' ')[0] ?? '')
  expect(times).toEqual(times.toSorted((a, b) => seconds(a) - seconds(b)))
})

test('notes of people stand on the timeline by their category, and in the section that each is for', () => {
  const note = (t: number, category: string, says: string) =>
    ({ type: 'mark', t, mark: 'note', says, detail: { category, author: 'Ada', role: 'observer' } }) as const
  const { page, markdown } = pageOf(
    outage(journal => {
      journal.add(note(2 * minute, 'decision', 'We switch over'))
      journal.add(note(3 * minute, 'surprise', 'The runbook is a year old'))
      journal.add(note(4 * minute, 'question', 'Who may call the provider?'))
      journal.add(note(5 * minute, 'action', '@sam.lee renews the runbook by 2026-12-24'))
      journal.add(note(6 * minute, 'action', 'Put the number on the wall'))
      journal.add({ type: 'mark', t: 7 * minute, mark: 'note', says: 'of no category' })
    }),
  )
  const section = (id: string) => elements(page).find(({ attributes }) => attributes.get('id') === id)
  const lines = elements(section('timeline') ?? page, 'li').map(line => line.children.map(({ text: says }) => says))
  const actions = elements(section('actions') ?? page, 'tr').map(row => row.children.map(cell => cell.text).slice(1))

  expect(lines).toContainEqual(['2:00', 'decision', 'We switch over (Ada)'])
  expect(lines).toContainEqual(['7:00', 'note', 'of no category'])
  expect(section('surprised')?.text).toContain('The runbook is a year old (noted at 3:00 by Ada)')
  expect(section('questions')?.text).toContain('Who may call the provider? (noted at 4:00 by Ada)')
  expect(actions.slice(1, 3)).toEqual([
    ['@sam.lee renews the runbook by 2026-12-24', 'noted at 5:00 by Ada', 'sam.lee', '2026-12-24'],
    ['Put the number on the wall', 'noted at 6:00 by Ada', 'Ada', ''],
  ])
  expect(markdown).toContain('| Put the number on the wall | noted at 6:00 by Ada | Ada |  |')
  expect(markdown).toMatch(/^## Open questions\n\n- Who may call the provider\? \(noted at 4:00 by Ada\)$/m)
})

test('marks are drawn with their names, and what people were told and noted in a lane of its own', () => {
  const { page } = pageOf(
    outage(journal => {
      journal.add({ type: 'mark', t: 2 * minute, mark: 'inject', says: 'ticket: It hangs', detail: { inject: 0 } })
      journal.add({ type: 'mark', t: 3 * minute, mark: 'detected', detail: { author: 'Kim' } })
      journal.add({ type: 'mark', t: 4 * minute, mark: 'note', says: 'odd', detail: { category: 'surprise' } })
    }),
  )
  const [figure] = elements(page, 'figure')
  const dots = figure ? elements(figure, 'circle').map(({ attributes }) => attributes.get('cy')) : []
  const titles = figure ? elements(figure, 'g').map(({ children }) => children[0]?.text) : []

  expect(titles).toEqual(['detected (Kim)', 'ticket: It hangs', 'odd'])
  expect(new Set(dots).size).toBe(2)
  expect(figure && elements(figure, 'text').map(({ text: says }) => says)).toContain('detected')
  expect(figure && elements(figure, 'li').map(({ text: says }) => says)).toEqual([
    'marked: 1',
    'told to people: 1',
    'noted by people: 1',
  ])
})

test('however much an app tells of itself, what people did stays on the timeline', () => {
  const { page } = pageOf(
    outage(journal => {
      for (let i = 0; i < 500; i++)
        journal.add({ type: 'client-event', t: i * second, event: 'restart', detail: { n: i } })
      journal.add({ type: 'mark', t: 14 * minute, mark: 'recovered' })
    }),
  )
  const timeline = elements(page).find(({ attributes }) => attributes.get('id') === 'timeline')

  expect(timeline?.text).toContain('14:00markrecovered')
  expect(timeline?.text).toMatch(/And \d+ more lines, in the journal/)
})

test('an update of the status page without words is told as the scenario has it', () => {
  const { page } = pageOf(outage(journal => journal.add({ type: 'status-changed', t: 4 * minute + 20 })))

  expect(page.text).toContain('investigating; api major outage; "We look into it."')
})

test('background jobs that pile up have a picture of their own', () => {
  const { page } = pageOf(
    outage(journal => {
      for (let i = 0; i < 7; i++) journal.job(i * second, { done: 12 * minute })
    }),
  )
  const figure = elements(page, 'figure').find(one => elements(one, 'h3')[0]?.text === 'Open jobs')

  expect(figure && elements(figure, 'desc')[0]?.text).toBe('At most 7 jobs were open at once.')
  expect(figure && elements(figure, 'tr').map(row => row.children.map(cell => cell.text))).toEqual([
    ['phase', 'most open'],
    ['down', '7'],
    ['clear', '7'],
    ['healed', '0'],
  ])
})

const seconds = (time: string) => time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)

test('hostile texts stay texts, in the page and in Markdown', () => {
  const hostile = '<img src=x onerror=alert(1)>[click](javascript:alert(1)) | `</style>` <!-- @everyone'
  const events = outage(journal => {
    journal.add({ type: 'mark', t: minute, mark: hostile, says: hostile })
    journal.note(minute, 'unhandled-rejection', `${hostile} with sk-ant-api03-abcdefgh`, hostile)
    journal
      .task(minute, { task: hostile, question: hostile, tenant: hostile })
      .settle(2 * minute, 'failed', { error: hostile })
  }).map(event =>
    event.type === 'run-started'
      ? { ...event, client: hostile, scenario: text.replace('A short outage', JSON.stringify(hostile)) }
      : event,
  )

  const { page, markup, markdown } = pageOf(events, `${hostile}.jsonl`)

  expect(elements(page, 'img')).toEqual([])
  expect(elements(page, 'h1')[0]?.text).toBe(hostile)
  expect(elements(page).filter(({ attributes }) => [...attributes.keys()].some(name => name.startsWith('on')))).toEqual(
    [],
  )
  expect(markup).not.toContain('sk-ant-api03')
  expect(idsOf(page).filter(id => !/^[\w-]+$/.test(id))).toEqual([])
  // In code a text is itself.
  const outside = markdown.replace(/^(`{3,})[\s\S]*?^\1$/gm, '').replace(/(?<!\\)`[^`\n]*`/g, '')
  expect(outside).toContain('&lt;img')
  expect(outside).not.toMatch(/<(?!a id="[\w-]+"><\/a>|\/a>)/)
  expect(outside).not.toMatch(/(?<!\\)\]\(javascript:/)
  expect(outside).not.toMatch(/@everyone/)
  expect(markdown).not.toContain('sk-ant-api03')
})

test('a journal of a hundred times as many requests makes a page hardly larger', () => {
  const many = outage(journal => {
    for (let i = 0; i < 6_000; i++) {
      const t = 11 * minute + i * 20
      const task = journal.task(t)
      task.call().answered(t, 700)
      task.settle(t + 700, 'ok')
    }
  })

  expect(pageOf(many).markup.length).toBeLessThan(pageOf(outage()).markup.length * 1.25)
})

test('a journal without a task, or cut off before the first phase ended, makes a page too', () => {
  const nothing = pageOf(new JournalBuilder().events())
  const started = outage().filter(({ t, type }) => t <= 3 * minute && type !== 'run-ended')

  expect(nothing.page.text).toContain('The journal has no task and no request.')
  const torn = pageOf(started)
  expect(torn.page.text).toContain('The journal has no end, so this is not the whole of it.')
  expect(elements(torn.page, 'figure').length).toBe(5)
})

const folder = new URL('../../../../fixtures/journals/', import.meta.url)

test('every stored journal makes a sound page: no number is missing, no id is there twice', () => {
  const texts = readdirSync(folder).map(name => readFileSync(new URL(name, folder), 'utf8'))
  // A real journal begins with its first line; what is made by hand may have a warm-up before it.
  const journals = texts.filter(journal => journal.startsWith('{"type":"run-started"'))
  const unsound = journals.filter(journal => {
    const report = postIncident(recordedRun(journal, 'stored.jsonl', { catalogue }), catalogue)
    const page = parsePage(htmlPage(report, { journal: 'stored.jsonl' }))
    const ids = idsOf(page)
    const values = elements(page).flatMap(({ attributes }) => [...attributes.values()])
    return (
      new Set(ids).size !== ids.length ||
      values.some(value => /NaN|Infinity|undefined|\[object/.test(value)) ||
      /NaN|Infinity|undefined|\[object/.test(page.text) ||
      /NaN|Infinity|undefined|\[object/.test(markdownPage(report))
    )
  })

  expect(journals.length).toBeGreaterThan(90)
  expect(unsound.map(journal => journal.slice(0, 200))).toEqual([])
})
