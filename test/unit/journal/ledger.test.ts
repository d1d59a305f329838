import { expect, test } from 'vitest'
import type { JournalEvent, TaskSettled } from '../../../src/journal/event.ts'
import { readLedger } from '../../../src/journal/ledger.ts'

const started = (attempt: string, call: string, processed?: 'answered' | 'lost' | 'broken' | 'failed') =>
  ({ type: 'attempt-started', t: 0, attempt, call, ...(processed && { processed }) }) as JournalEvent

const settled = (task: string, outcome: TaskSettled['outcome'], answer: TaskSettled['answer']): JournalEvent => ({
  type: 'task-settled',
  t: 0,
  task,
  outcome,
  claimed: true,
  answer,
})

test('a call that was worked on to its end twice is paid for twice', () => {
  const { repeatedCalls, lostResponses } = readLedger([
    started('a1', 'c1', 'lost'),
    started('a2', 'c1', 'answered'),
    started('a3', 'c2', 'broken'),
    started('a4', 'c2', 'answered'),
    started('a5', 'c3', 'failed'),
    started('a6', 'c3'),
  ])
  expect(repeatedCalls).toEqual([{ call: 'c1', completions: 2 }])
  expect(lostResponses).toEqual(['a1'])
})

test('what was found done already is no duplicate', () => {
  const effect = (attempt: string, key: string, done: boolean, times: number): JournalEvent => {
    return { type: 'side-effect', t: 0, attempt, task: 't1', surface: 'http.mail', key, named: true, done, times }
  }
  const { duplicated } = readLedger([
    effect('a1', 'k', true, 1),
    effect('a2', 'k', false, 1),
    effect('a3', 'l', true, 1),
    effect('a4', 'l', true, 2),
  ])
  expect(duplicated).toEqual([{ surface: 'http.mail', key: 'l', times: 2, tasks: ['t1'] }])
})

test('success over an answer that is none is false; an honest word never is', () => {
  const { falselySuccessful } = readLedger([
    settled('t1', 'ok', 'truncated'),
    settled('t2', 'ok', 'foreign'),
    settled('t3', 'ok', 'complete'),
    settled('t4', 'degraded', 'empty'),
    settled('t5', 'failed', 'none'),
  ])
  expect(falselySuccessful).toEqual(['t1', 't2'])
})

test('tasks without an end are told', () => {
  const open = (task: string) => ({ type: 'task-started', t: 0, task }) as JournalEvent
  expect(readLedger([open('t1'), open('t2'), settled('t1', 'ok', 'complete')]).unsettled).toEqual(['t2'])
})
