import { expect, test } from 'vitest'
import type { AnswerState, Outcome, TaskSettled } from '../../../src/journal/event.ts'
import { healthyTask, JournalBuilder, minute, second } from '../../support/journal-builder.ts'
import { judge, severities } from './support.ts'

function oneTask(outcome: Outcome, answer: AnswerState, more: Partial<TaskSettled> = {}): JournalBuilder {
  const journal = new JournalBuilder()
  const task = journal.task(second, { streaming: true })
  task.call().attempt(second, { status: 200, endAfter: 900, outcome: 'cut' })
  task.settle(2 * second, outcome, { answer, claimed: true, ...more })
  return journal
}

test.each([
  ['ok', 'truncated', {}, true],
  ['truncated', 'truncated', { claimed: false }, true],
  ['degraded', 'truncated', { complete: true }, true],
  ['degraded', 'truncated', {}, false],
  ['ok', 'truncated', { complete: false }, false],
  ['failed', 'truncated', {}, false],
  ['ok', 'complete', {}, false],
] as const)('%s with an answer %s and %o: truncated-is-not-success objects: %s', (outcome, answer, more, objects) => {
  const judgement = judge('truncated-is-not-success', oneTask(outcome, answer, more))

  expect(judgement.examined).toBe(1)
  expect(severities(judgement)).toEqual(objects ? ['fail'] : [])
})

test.each([
  ['not-an-answer', 'empty', { claimed: false }, ['fail']],
  ['not-an-answer', 'unmarked', { claimed: false }, ['fail']],
  ['not-an-answer', 'foreign', { claimed: false }, ['fail']],
  ['not-an-answer', 'none', { claimed: false }, ['fail']],
  ['ok', 'empty', {}, ['fail']],
  ['ok', 'unmarked', {}, ['fail']],
  ['ok', 'foreign', {}, ['fail']],
  ['ok', 'none', {}, ['fail']],
  ['ok', 'none', { source: 'live' }, ['fail']],
  ['ok', 'none', { source: 'cache' }, []],
  ['ok', 'none', { source: 'fallback' }, []],
  ['ok', 'none', { source: 'queue' }, []],
  ['ok', 'complete', {}, []],
  ['degraded', 'unmarked', {}, []],
  ['degraded', 'empty', {}, []],
  ['queued', 'none', {}, []],
  ['failed', 'none', {}, []],
] as const)('%s with an answer %s and %o: failure-is-not-success finds %o', (outcome, answer, more, expected) => {
  const judgement = judge('failure-is-not-success', oneTask(outcome, answer, more))

  expect(judgement.examined).toBe(1)
  expect(severities(judgement)).toEqual(expected)
})

test('an app that rewrites every answer is not blamed for the marks it loses, but is for a text out of nothing', () => {
  const journal = new JournalBuilder()
  const rewritten = journal.task(second)
  rewritten
    .call()
    .overloaded(second)
    .answered(2 * second)
  rewritten.settle(4 * second, 'ok', { claimed: true, answer: 'unmarked' })
  const invented = journal.task(5 * second)
  invented.call().overloaded(5 * second)
  invented.settle(6 * second, 'ok', { claimed: true, answer: 'unmarked' })

  expect(judge('failure-is-not-success', journal).findings).toMatchObject([{ severity: 'fail', evidence: ['t2'] }])
})

test('an answer that the provider mixed up is worth a warning, one that the app mixed up is a failure', () => {
  const byProvider = new JournalBuilder()
  const task = byProvider.task(second)
  task.call().attempt(second, { status: 200, outcome: 'wrong' })
  task.settle(2 * second, 'not-an-answer', { answer: 'foreign' })

  expect(severities(judge('failure-is-not-success', byProvider))).toEqual(['warn'])
})

test('healthy tasks are not counted as examined', () => {
  const journal = oneTask('failed', 'none')
  for (let i = 0; i < 5; i++) healthyTask(journal, i * second)

  expect(judge('failure-is-not-success', journal).examined).toBe(1)
  expect(judge('truncated-is-not-success', journal).examined).toBe(1)
})

test.each([
  [120_250, []],
  [120_251, ['fail']],
])('a task that takes %i ms', (tookMs, expected) => {
  const journal = new JournalBuilder()
  journal.task(0).settle(tookMs, 'failed')

  expect(severities(judge('settles', journal))).toEqual(expected)
})

test('a turn that hangs is found inside a long agent', () => {
  const journal = new JournalBuilder()
  const task = journal.task(0)
  task.call(0).answered(0)
  task.call(2 * second).answered(2 * second, 5 * minute)
  task.call(6 * minute).answered(6 * minute)
  task.settle(6 * minute + 2 * second, 'ok')

  expect(judge('settles', journal).findings[0]?.message).toContain('took 5m1s')
})

test('a failed attempt does not give a task more time', () => {
  const journal = new JournalBuilder()
  const task = journal.task(0)
  const call = task.call()
  for (let t = 0; t < 3 * minute; t += 20 * second) call.overloaded(t)
  task.settle(3 * minute, 'failed')

  expect(severities(judge('settles', journal))).toEqual(['fail'])
})

test('a task that was young when the run was stopped is not accused', () => {
  const journal = new JournalBuilder()
  journal.task(14 * minute)

  expect(judge('settles', journal, {}, 15 * minute)).toMatchObject({ examined: 1, findings: [] })
})

test('a task that nothing can wake is accused at once', () => {
  const journal = new JournalBuilder()
  journal.task(14 * minute)
  journal.note(14.5 * minute, 'deadlock', 'one task is open and no timer is set')

  expect(judge('settles', journal, {}, 14.5 * minute).findings).toMatchObject([
    { severity: 'fail', phase: 'healed', evidence: ['t1'] },
  ])
})

test('an agent that goes on for ever is open for ever', () => {
  const journal = new JournalBuilder()
  const task = journal.task(0)
  for (let t = 0; t < 30 * minute; t += 50 * second) task.call(t).answered(t, 40 * second)

  expect(judge('settles', journal, {}, 30 * minute).findings[0]?.message).toContain('1 never settled')
})

test('within is a parameter of settles', () => {
  const journal = new JournalBuilder()
  journal.task(0).settle(40 * second, 'ok')

  expect(severities(judge('settles', journal, { within: 30_000 }))).toEqual(['fail'])
})

test.each([
  ['ok', {}, 10_000, 'pass'],
  ['ok', {}, 60_001, 'fail'],
  ['degraded', { labelled: true }, 10_000, 'pass'],
  ['degraded', {}, 10_000, 'fail'],
  ['queued', {}, 10_000, 'fail'],
  ['failed', {}, 10_000, 'fail'],
] as const)('answers: %s %o after %i ms: %s', (outcome, more, tookMs, expected) => {
  const journal = new JournalBuilder()
  journal.task(0).settle(tookMs, outcome, more)

  expect(severities(judge('answers', journal))).toEqual(expected === 'pass' ? [] : ['fail'])
})

test('answers has its share and its time from the scenario', () => {
  const journal = new JournalBuilder()
  healthyTask(journal, 0)
  journal.task(0).settle(second, 'failed')

  expect(severities(judge('answers', journal, { at_least: 0.5 }))).toEqual([])
  expect(severities(judge('answers', journal, { at_least: 0.5, within: 1_000 }))).toEqual(['fail'])
})

test.each([
  ['cut in the answer', { status: 200, outcome: 'cut', bytes: 240 }, 1],
  ['given up by the client in the answer', { status: 200, outcome: 'aborted', bytes: 240 }, 1],
  ['cut before its first byte', { status: 200, outcome: 'cut', bytes: 0 }, 0],
  ['cut in the body of an error', { status: 529, outcome: 'cut', bytes: 40 }, 0],
  ['refused', { outcome: 'refused' }, 0],
] as const)('an attempt %s', (_, attempt, examined) => {
  const journal = new JournalBuilder()
  const task = journal.task(second)
  task.call().attempt(second, attempt)
  task.settle(2 * second, 'failed')

  expect(judge('truncated-is-not-success', journal).examined).toBe(examined)
})

test('where marks survive, a text without them is no answer, though an attempt went well', () => {
  const journal = new JournalBuilder()
  healthyTask(journal, 0)
  const task = journal.task(second)
  task
    .call()
    .overloaded(second)
    .answered(2 * second)
  task.settle(4 * second, 'ok', { claimed: true, answer: 'unmarked' })

  expect(severities(judge('failure-is-not-success', journal))).toEqual(['fail'])
})

test('a batch that belongs to no task may have answered any that was open', () => {
  const journal = new JournalBuilder()
  journal.call(second).answered(second)
  journal.task(second).settle(3 * second, 'ok', { claimed: true, answer: 'none' })
  journal.task(minute).settle(minute + second, 'ok', { claimed: true, answer: 'none' })

  expect(judge('failure-is-not-success', journal).findings).toMatchObject([{ evidence: ['t2'] }])
})

test('a task too young to be late at the end of a run does not count against answers', () => {
  const journal = new JournalBuilder()
  journal.task(15 * minute - second)

  expect(judge('answers', journal).examined).toBe(0)

  journal.task(15 * minute - second).settle(15 * minute, 'ok')
  expect(judge('answers', journal).examined).toBe(1)
})
