import { expect, test } from 'vitest'
import { type Scorecard, type ScorecardOptions, scorecard } from '../../../src/gameday/scorecard.ts'
import { scorecardMarkdown } from '../../../src/gameday/scorecard-markdown.ts'
import { scorecardSummary } from '../../../src/gameday/scorecard-summary.ts'
import { journalLines } from '../../../src/journal/journal.ts'
import { compilePlan } from '../../../src/model/timeline.ts'
import { recordedRun } from '../../../src/reports/recorded/recorded-run.ts'
import { catalogueWith } from '../../../src/run/catalogue.ts'
import { parseScenario } from '../../../src/scenario/index.ts'
import { JournalBuilder, minute, second } from '../../support/journal-builder.ts'

const catalogue = catalogueWith({})

const text = `blackstart: 1
id: our-day
title: Our day
basis: { precedent: claude-2026-03-02 }
phases:
  - { name: down, for: 20m, faults: [{ surface: api, fault: overloaded }] }
  - { name: easing, for: 10m, faults: [{ surface: api, fault: overloaded, share: 1% }] }
status_page:
  - { at: down + 12m, incident: investigating, says: "We look into it." }
game_day:
  hypothesis: Users get an older answer within five minutes.
  injects:
    - { at: down + 3m, ticket: It hangs, from: a customer, expect: Support links it }
    - { at: easing + 1m, question: When is it over?, from: the CEO }
  actions:
    - { says: Declare an incident, by: down + 5m, owner: on-call, mark: declared }
    - { says: Switch the fallback on, by: down + 10m, mark: mitigated }
    - { says: Tell support }
  measures:
    - { says: We know first, mark: detected, within: 5m }
    - { says: Users hear of it from us }
  slo: { availability: 99.9%, credits: [{ below: 99.99%, credit: 10% }, { below: 99%, credit: 25% }] }
`

function scenarioOf(yaml: string) {
  const { scenario, diagnostics } = parseScenario(yaml, { catalogue })
  if (!scenario) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return scenario
}

function emptyShow(yaml = text): JournalBuilder {
  return new JournalBuilder(scenarioOf(yaml), yaml, 'loopback').warmUp(10)
}

function cardOf(
  journal: JournalBuilder,
  options: Partial<ScorecardOptions> = {},
  endMs = Number.POSITIVE_INFINITY,
): Scorecard {
  // The builder begins at t = 0, and the warm-up is before that.
  const events = journal
    .events()
    .flatMap(event => (event.t <= endMs ? [event] : event.type === 'run-ended' ? [{ ...event, t: endMs }] : []))
    .toSorted((a, b) => Number(b.type === 'run-started') - Number(a.type === 'run-started'))
  const lines = [...journalLines(events)].join('')
  return scorecard(recordedRun(lines, 'day.jsonl', { catalogue }).result, { speed: 1, ...options })
}

/** Every 10 s somebody asks; until `badUntil` it fails, then a fallback answers until `fallbackUntil`, then all is well. */
function play(journal: JournalBuilder, badUntil: number, fallbackUntil: number, until = 35 * minute): JournalBuilder {
  for (let t = 0; t < until; t += 10 * second) {
    const task = journal.task(t)
    if (t < badUntil) {
      task
        .call()
        .attempt(t, { status: 529, retryAfterMs: 2 * second })
        .attempt(t + (t < minute ? second : 3 * second), { status: 529 })
      task.settle(t + 4 * second, 'failed')
    } else if (t < fallbackUntil) {
      task.call(t, { provider: 'openai', surface: 'api.chat-completions', model: 'gpt' }).answered(t)
      task.settle(t + 2 * second, 'degraded', { claimed: true, source: 'fallback' })
    } else {
      task.call().answered(t)
      task.settle(t + 1_500, 'ok')
    }
  }
  return journal
}

function show(): JournalBuilder {
  const journal = play(emptyShow(), 6 * minute, 22 * minute)
  const mark = (t: number, name: string, says?: string, detail?: object) =>
    journal.add({ type: 'mark', t, mark: name, ...(says && { says }), ...(detail && { detail: { ...detail } }) })
  mark(3 * minute, 'inject', 'ticket from a customer to responders: It hangs', { inject: 0 })
  mark(4 * minute, 'detected', 'by the alert Errors')
  mark(4 * minute, 'alert', 'Errors: firing', { title: 'Errors', status: 'firing' })
  mark(13 * minute, 'declared', 'as the page says so')
  journal.add({ type: 'status-changed', t: 12 * minute, incident: 'investigating', says: 'We look into it.' })
  return journal
}

const figures = (card: Scorecard) =>
  Object.fromEntries([...card.times, ...card.scores].map(one => [one.id, [one.text, one.from]]))

test('each time and each figure says where it comes from', () => {
  expect(figures(cardOf(show()))).toMatchInlineSnapshot(`
    {
      "availability": [
        "82.9%",
        "tasks that ended well in 35 m; promised are 99.9% over 30d, which it would leave at 99.986%; it takes 13.9% of the error budget of 30d",
      ],
      "backlog-drain": [
        "0 ms",
        "the last of 0 that were open when the last fault ended",
      ],
      "backlog-peak": [
        "1",
        "tasks and jobs, at T+0:00",
      ],
      "credit-due": [
        "10%",
        "of the bill: 99.986% over 30d, with the rest of it well, is below 99.99%",
      ],
      "declared": [
        "13 m",
        "a mark (an app declares nothing)",
      ],
      "detected": [
        "4 m",
        "the alert “Errors”",
      ],
      "fallback": [
        "96",
        "from T+0:06 on; left again after T+0:21:50",
      ],
      "mitigated": [
        "6 m",
        "users: 5% of tasks at most ended badly in 3 minutes on end, with faults in force",
      ],
      "recovered": [
        "6 m",
        "users: no minute from T+0:06 on in which more than 5% of tasks ended badly, 24 m before the last fault ended",
      ],
      "retries-per-call": [
        "0.17",
        "36 retries of 210 calls; 1 at most for one",
      ],
      "retry-after-obeyed": [
        "83.3%",
        "30 of 36 that asked again waited so long; 36 answers carried one",
      ],
      "spend": [
        "–",
        "the journal has no end, or no provider of ours answered",
      ],
      "status-page-first-word": [
        "12 m",
        "at T+0:12: investigating; "We look into it."",
      ],
      "user-visible-failures": [
        "36",
        "of 210: failed, cut short, no answer, or never settled; 96 more were degraded or queued, and told so",
      ],
      "user-visible-minutes": [
        "6",
        "of 35: more than 5% of the tasks begun in it ended badly",
      ],
      "waited-on-status-page": [
        "8 m",
        "detected at T+0:04, and declared at T+0:13, after the page’s word",
      ],
      "work-duplicated": [
        "0",
        "the app changed nothing outside that is watched; 0 calls answered, and paid for, more than once",
      ],
      "work-lost": [
        "0",
        "0 tasks never settled; 0 went with the process that had them; no job was handed in",
      ],
    }
  `)
})

test('what was hoped for is set beside what was marked, and the rest is left to people', () => {
  const { actions, measures, done, injects, hypothesis } = cardOf(show())

  expect(actions.map(({ state, why }) => `${state}: ${why}`)).toEqual([
    'late: T+0:13 declared: as the page says so, 8 m later than hoped for',
    'not seen: no mark “mitigated”',
    'for people to say: no mark shows it',
  ])
  expect(measures.map(({ state, why }) => `${state}: ${why}`)).toEqual([
    'yes: detected 4 m after the onset',
    'for people to say: no mark measures it',
  ])
  expect(done).toEqual(['T+0:04 detected: by the alert Errors', 'T+0:13 declared: as the page says so'])
  expect(injects.map(({ at, delivered }) => [at, delivered])).toEqual([
    ['T+0:03', 'T+0:03'],
    ['T+0:21', 'not told: the show did not come to it, or moved over it'],
  ])
  expect(hypothesis?.evidence).toContain('measures of success that are measured: 1 of 1 met')
  expect(hypothesis?.evidence.join('\n')).toContain('retry-after-honoured')
})

test('where nobody asked and nothing was marked, each figure says why there is none', () => {
  const all = figures(cardOf(emptyShow()))

  expect(
    Object.values(all)
      .filter(([value]) => value !== '–')
      .map(([, from]) => from),
  ).toEqual(['the app changed nothing outside that is watched; 0 calls answered, and paid for, more than once'])
  expect(all['detected']).toEqual(['–', 'no mark; no breaker, health check, substitute or alert told of it'])
  expect(all['declared']).toEqual(['–', 'no mark; an app declares nothing'])
  expect(all['mitigated']?.[1]).toContain('the drill asked nothing itself')
  expect(all['availability']?.[1]).toContain('the drill asked nothing itself')
  expect(all['waited-on-status-page']).toEqual(['–', 'the status page said nothing'])
})

test('a mark counts where the journal shows nothing', () => {
  const journal = play(emptyShow(), 30 * minute, 30 * minute)
  journal.add({ type: 'mark', t: 2 * minute, mark: 'detected' })
  journal.add({ type: 'mark', t: 3 * minute, mark: 'mitigated', says: 'the fallback is on' })

  const { detected, mitigated, recovered } = figures(cardOf(journal))

  expect(detected).toEqual(['2 m', 'a mark (no breaker, health check, substitute or alert told of it)'])
  expect(mitigated).toEqual(['3 m', 'a mark (users had no three good minutes on end while faults were in force)'])
  expect(recovered?.[0]).toBe('30 m')
})

test('users that are well because the faults are over were not mitigated, but recovered', () => {
  const { mitigated, recovered } = figures(cardOf(play(emptyShow(), 20 * minute, 20 * minute)))

  expect(mitigated?.[0]).toBe('–')
  expect(recovered).toEqual([
    '20 m',
    'users: no minute from T+0:20 on in which more than 5% of tasks ended badly, 10 m before the last fault ended',
  ])
})

test('within a bad minute, users were well from the first task after the last bad one', () => {
  const { mitigated, recovered } = figures(cardOf(play(emptyShow(), 5 * minute + 20 * second, 22 * minute)))

  expect([mitigated?.[0], recovered?.[0]]).toEqual(['5 m 20 s', '5 m 20 s'])
})

test('what a show that was aborted did not come to is not held against anybody', () => {
  const { actions, measures, times, scores } = cardOf(
    play(emptyShow(), 2 * minute, 2 * minute, 3 * minute),
    {},
    3 * minute,
  )

  expect(actions.map(({ why }) => why)).toEqual([
    'the show ended before that',
    'the show ended before that',
    'no mark shows it',
  ])
  expect(measures[0]?.why).toBe('the show ended before that')
  expect(times.find(({ id }) => id === 'recovered')?.from).toBe('no mark; the show ended before the outage did')
  expect(scores.find(({ id }) => id === 'availability')?.from).toContain('tasks that ended well in 3 m;')
})

test('a credit is due by the lowest threshold that the whole period falls below', () => {
  const short = text.replace('credits:', 'over: 1h, credits:')

  expect(figures(cardOf(show()))['credit-due']?.[0]).toBe('10%')
  expect(figures(cardOf(play(emptyShow(short), 6 * minute, 22 * minute)))['credit-due']?.[0]).toBe('25%')
  expect(figures(cardOf(play(emptyShow(), 0, 0)))['credit-due']?.[0]).toBe('0%')
})

test('it stands beside the last run and the precedent', () => {
  const precedent = compilePlan(
    scenarioOf(`blackstart: 1
id: claude-2026-03-02
title: What happened then
basis: { sources: [https://status.example/1] }
phases: [{ name: silent, for: 40m, faults: [{ surface: api, fault: overloaded }] }]
status_page: [{ at: silent + 12m, incident: investigating, components: { chat: partial_outage } }]
`),
    catalogue.faults,
  )
  const last = cardOf(play(emptyShow(), 20 * minute, 22 * minute))

  const card = cardOf(show(), { last, precedent })
  const page = scorecardMarkdown(card)

  expect(card.last?.figures.find(({ what }) => what === 'tasks that ended badly')).toEqual({
    what: 'tasks that ended badly',
    now: '36',
    last: '120',
    change: '−84',
  })
  expect(page).toContain(
    'Modelled on `claude-2026-03-02`: What happened then. Its page’s first word came 12 m after the onset.',
  )
  expect(page).toContain('| T+0:12 | investigating; chat partial outage |')
  expect(scorecardSummary(card)).toMatchInlineSnapshot(`
    "scorecard
      time to detect                           4 m    last 20 m 02 s  the alert “Errors”
      time to declare                          13 m   last –          a mark (an app declares nothing)
      time to mitigate                         6 m    last –          users: 5% of tasks at most ended badly in 3 minutes on end, with faults in force
      time to recover                          6 m    last 20 m       users: no minute from T+0:06 on in which more than 5% of tasks ended badly, 24 m before the last fault ended
      tasks that ended badly                   36     last 120        of 210: failed, cut short, no answer, or never settled; 96 more were degraded or queued, and told so
      minutes in which users saw it            6      last 20         of 35: more than 5% of the tasks begun in it ended badly
      availability, against what was promised  82.9%  last 42.9%      tasks that ended well in 35 m; promised are 99.9% over 30d, which it would leave at 99.986%; it takes 13.9% of the error budget of 30d
      credit that would be due                 10%    last 10%        of the bill: 99.986% over 30d, with the rest of it well, is below 99.99%
      retries per call                         0.17   last 0.57       36 retries of 210 calls; 1 at most for one
      onset to the status page’s first word    12 m   last –          at T+0:12: investigating; "We look into it."
      measures of success: 1 yes, 1 for people to say
      expected actions: 1 late, 1 not seen, 1 for people to say
    "
  `)
})

test('the page is blameless: no names of people, no points', () => {
  const page = scorecardMarkdown(cardOf(show()))

  expect(page).toMatch(/Nobody is graded/)
  expect(page).not.toMatch(/\b(?:score|grade|points?):? \d|blame|fault of|failed to (?:declare|detect)/i)
  expect(page.match(/^## .*$/gm)).toEqual([
    '## Times',
    '## Hypothesis',
    '## Measures of success',
    '## Expected actions',
    '## Injects',
    '## Figures',
    '## What the status page said',
    '## For the round afterwards',
  ])
})
