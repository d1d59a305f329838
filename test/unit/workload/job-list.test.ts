import { expect, test } from 'vitest'
import { jobIdOf, readJobList } from '../../../src/workload/job-list.ts'

test('a list is read by id, state and attempts', () => {
  const listed = [
    { id: 'a', state: 'queued' },
    { id: 2, state: 'running', attempts: 1 },
    { id: 'c', state: 'done', attempts: 3 },
  ]

  expect([...readJobList(listed)]).toEqual([
    ['a', { state: 'queued' }],
    ['2', { state: 'running', attempts: 1 }],
    ['c', { state: 'done', attempts: 3 }],
  ])
})

test('the words that queues use for a state are understood', () => {
  const states = (...words: unknown[]) =>
    [...readJobList(words.map((status, id) => ({ id, status }))).values()].map(({ state }) => state)

  expect(states('waiting', 'delayed', 'pending', undefined, 7)).toEqual(Array(5).fill('queued'))
  expect(states('active', 'Processing', 'in-progress')).toEqual(Array(3).fill('running'))
  expect(states('completed', 'SUCCEEDED', 'ok')).toEqual(Array(3).fill('done'))
  expect(states('dead-letter', 'dlq')).toEqual(['dead', 'dead'])
  expect(states('error', 'failed')).toEqual(['failed', 'failed'])
})

test('lists in a Map or under `jobs` are read, and what is none is empty', () => {
  const job = { jobId: 'x', state: 'done' }

  expect([...readJobList(new Map([['x', job]])).keys()]).toEqual(['x'])
  expect([...readJobList({ jobs: [job] }).keys()]).toEqual(['x'])
  for (const odd of [undefined, null, 'jobs', 3, {}, [null, 'x', {}]]) expect(readJobList(odd).size).toBe(0)
})

test('an id is what was returned, or its id', () => {
  expect(['j1', 7, { id: 'j2' }, { jobId: 3 }, '', undefined, {}, { id: null }].map(jobIdOf)).toEqual([
    'j1',
    '7',
    'j2',
    '3',
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})
