import { expect, test } from 'vitest'
import { lastingAt } from '../../../../src/drill/resume/lasting.ts'
import { settleOpen } from '../../../../src/drill/resume/settle.ts'
import type { ClientEventRecord, JournalEvent, TaskStarted } from '../../../../src/journal/event.ts'
import { viewJournal } from '../../../../src/oracles/view.ts'

const task = (id: string, t: number): TaskStarted => ({
  ...{ type: 'task-started', t, task: id, instance: 0, user: 0, tenant: 'tenant-1', session: 's1-1' },
  ...{ class: 'normal', question: 'q1', streaming: false },
})
const happened = (event: ClientEventRecord['event'], t: number, detail?: object): ClientEventRecord => ({
  ...{ type: 'client-event', t, event },
  ...(detail as object),
})

test('a job that waits when the tool dies is told as ended with it: no queue is blamed for that', () => {
  const events: JournalEvent[] = [
    task('t1', 10),
    { type: 'task-settled', t: 20, task: 't1', outcome: 'queued', claimed: true, answer: 'none' },
    { type: 'job-submitted', t: 20, job: 'j1', detail: { task: 't1' } },
    task('t2', 30),
    { type: 'task-settled', t: 40, task: 't2', outcome: 'queued', claimed: true, answer: 'none' },
    { type: 'job-submitted', t: 40, job: 'j2', detail: { task: 't2' } },
    { type: 'job-done', t: 50, job: 'j2', detail: { task: 't2' } },
  ]

  const { lines, lost } = settleOpen(events, 1)

  expect(lost).toEqual({ tasks: 0, attempts: 0, jobs: 1 })
  expect(viewJournal([...events, ...lines]).jobs.map(({ id, doneMs, deadMs }) => [id, doneMs, deadMs])).toEqual([
    ['j1', undefined, 50],
    ['j2', 50, undefined],
  ])
})

test('only an instance that was up dies with the tool', () => {
  const { instances } = settleOpen(
    [happened('crash', 10, { instance: 0 }), happened('stopped', 20, { instance: 2 })],
    3,
  )

  expect(instances).toEqual([1])
})

test('what the scenario did to traffic, instances and network lasts as long as it would have', () => {
  const events = [
    happened('traffic', 10, { detail: { factor: 3 } }),
    happened('scale', 20, { detail: { instances: 4 } }),
    happened('offline', 30, { detail: { forMs: 100 } }),
  ]

  expect(lastingAt(events, 50)).toEqual({ traffic: 3, instances: 4, offlineMs: 80 })
  expect(lastingAt([...events, happened('online', 130)], 130)).toEqual({ traffic: 3, instances: 4, offlineMs: 0 })
  expect(lastingAt([], 50)).toEqual({ traffic: 1, instances: undefined, offlineMs: 0 })
})
