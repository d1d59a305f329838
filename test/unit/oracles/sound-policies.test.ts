import { expect, test } from 'vitest'
import type { Scenario } from '../../../src/model/scenario.ts'
import { type CallBuilder, JournalBuilder, minute, second } from '../../support/journal-builder.ts'
import { judge, severities } from './support.ts'

const failing = { status: 529 } as const

/** A worker that comes back every 40 s, and asks so many times within a second or two each time. */
function patientRounds(call: CallBuilder, attempts: number, rounds = 12): void {
  for (let round = 0; round < rounds; round++)
    for (let i = 0; i < attempts; i++) call.attempt(round * 40 * second + i * 800, failing)
}

test.each([
  [1, [], []],
  [3, [], ['warn']],
  [4, ['warn'], ['fail']],
  [6, ['fail'], ['fail']],
])(
  'a patient worker that asks %i times a turn is judged by the turn, however many it takes',
  (attempts, ...expected) => {
    const journal = new JournalBuilder()
    patientRounds(journal.job(0).call(0), attempts)

    const [bounded, amplified] = expected
    expect(severities(judge('bounded-attempts', journal))).toEqual(bounded)
    expect(severities(judge('retry-amplification', journal))).toEqual(amplified)
  },
)

test('ten retries in a row are no better for the patience that comes after them', () => {
  const journal = new JournalBuilder()
  const call = journal.job(0).call(0)
  for (let i = 0; i < 10; i++) call.attempt(i * second, failing)
  for (let i = 1; i < 10; i++) call.attempt(i * minute, failing)

  expect(severities(judge('bounded-attempts', journal))).toEqual(['fail'])
  expect(severities(judge('retry-amplification', journal))).toEqual(['fail'])
})

test.each([
  ['q1', []],
  ['q2', ['fail']],
])('bounded-attempts leaves out what a worker may have asked for another job: one about %s', (question, expected) => {
  const journal = new JournalBuilder()
  const call = journal.job(0, {}, { question: 'q1' }).call(0)
  journal.job(0, {}, { question })
  for (let i = 0; i < 8; i++) call.attempt(second + i * 2 * second, { ...failing, attributedBy: 'marker' })

  expect(severities(judge('bounded-attempts', journal))).toEqual(expected)
})

const withTickets: Scenario = {
  blackstart: 1,
  id: 'tickets-first',
  provider: 'anthropic',
  surfaces: { tickets: { http: { host: 'tickets.example' } } },
  phases: [
    {
      name: 'both',
      for: 2 * minute,
      faults: [
        { surface: ['tickets'], fault: { id: 'unavailable', params: {} } },
        { surface: ['api'], fault: { id: 'overloaded', params: {} } },
      ],
    },
    { name: 'model', for: 20 * minute, faults: [{ surface: ['api'], fault: { id: 'overloaded', params: {} } }] },
  ],
}

const tickets = { provider: 'http', surface: 'tickets' }

test('recovers: a service that is back is not blamed for tasks that the model failed before they came to it', () => {
  const journal = new JournalBuilder(withTickets, '')
  const early = journal.task(0)
  early.call().answered(0)
  early.call(2 * second, tickets).attempt(2 * second, { status: 503 })
  early.settle(3 * second, 'failed')
  for (let i = 0; i < 20; i++) {
    const task = journal.task(5 * minute + i * 10 * second)
    task.call().overloaded(5 * minute + i * 10 * second)
    task.settle(5 * minute + i * 10 * second + 200, 'failed')
  }

  expect(judge('recovers', journal, { surface: ['tickets'] }).findings).toEqual([])
})

test('time-to-detect: a ticket service is no second provider that an app could have turned to', () => {
  const journal = new JournalBuilder(withTickets, '')
  const last = journal.task(0)
  last.call().answered(0)
  last.call(2 * second, tickets).attempt(2 * second, { status: 503 })
  last.settle(3 * second, 'failed')
  for (let i = 0; i < 100; i++) {
    const task = journal.task(10 * second + i * 10 * second)
    task.call().overloaded(10 * second + i * 10 * second)
    task.settle(10 * second + i * 10 * second + 200, 'failed')
  }

  expect(judge('time-to-detect', journal)).toMatchObject({ vacuous: 'the app turned to nothing else', findings: [] })
})

test.each([
  ['retry-after-honoured', { status: 429, retryAfterMs: 3 * minute }],
  ['no-retry-on-permanent-errors', { status: 401 }],
])('%s: a process that has just begun knows nothing of what the last one was told', (oracle, told) => {
  const asked = (isRestarted: boolean) => {
    const journal = new JournalBuilder()
    journal
      .job(0)
      .call(0)
      .attempt(0, told)
      .attempt(10 * second, failing)
    if (isRestarted) journal.add({ type: 'client-event', t: 5 * second, event: 'started', instance: 0 })
    return severities(judge(oracle, journal))
  }

  expect(asked(false)).toEqual(['fail'])
  expect(asked(true)).toEqual([])
})

test.each([
  ['waits for a place, and may have got this one', 90 * second, []],
  ['was asked for long ago', 2 * second, ['fail']],
])('retry-after-honoured: the same question of another task that %s', (_, otherMs, expected) => {
  const journal = new JournalBuilder()
  const task = journal.task(0, { question: 'q1' })
  const other = journal.task(second, { question: 'q1' })
  task
    .call(0)
    .attempt(0, { status: 429, retryAfterMs: minute })
    .attempt(10 * second, failing)
  other.call(otherMs).overloaded(otherMs)
  task.settle(11 * second, 'failed')
  other.settle(91 * second, 'failed')

  expect(severities(judge('retry-after-honoured', journal))).toEqual(expected)
})

test('time-to-detect: who shares the failing request of another has turned to nothing else', () => {
  const journal = new JournalBuilder()
  for (let i = 0; i < 100; i++) {
    const t = i * 3 * second
    const asking = journal.task(t, { question: 'q1' })
    asking.call(t).attempt(t, { status: 529, headersAfter: 500 })
    asking.settle(t + 500, 'failed')
    if (i > 60) journal.task(t + 100, { question: 'q1' }).settle(t + 500, 'failed')
  }

  expect(judge('time-to-detect', journal)).toMatchObject({ vacuous: 'the app turned to nothing else', findings: [] })
})

test('one worker that does all queued work in the context of the task that set it going pays for nothing twice', () => {
  const worked = (questionOf: (i: number) => string) => {
    const journal = new JournalBuilder()
    const paid = { status: 200, processed: 'answered' } as const
    for (let i = 0; i < 30; i++)
      journal
        .task(i * second)
        .call()
        .attempt(i * second, paid)
    const calls = Array.from({ length: 60 }, (_, i) => {
      const task = journal.task(minute + i * second, { question: questionOf(i) })
      const call = task.call().overloaded(minute + i * second)
      task.settle(minute + i * second + 300, 'queued', { claimed: true })
      return call
    })
    for (let i = 0; i < 60; i++) calls[0]?.attempt(11 * minute + i * second, paid)
    return severities(judge('cost-ceiling', journal))
  }

  expect(worked(() => 'same')).toEqual([])
  // Nobody else asked that: it is one call, answered sixty times.
  expect(worked(i => `own-${i}`)).toEqual(['warn'])
})
