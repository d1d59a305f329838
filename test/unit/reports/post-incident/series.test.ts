import { expect, test } from 'vitest'
import { attemptBands, mostOpen, openTasks, taskBands } from '../../../../src/reports/post-incident/series.ts'
import { failedTask, healthyTask, JournalBuilder, second } from '../../../support/journal-builder.ts'

const bins = { startMs: 0, endMs: 10 * second, count: 5 }

test('attempts are counted by when they began and by what became of them, kinds that never were left out', () => {
  const journal = new JournalBuilder()
  healthyTask(journal, 500)
  failedTask(journal, 2_500)
  journal.task(9_000).call().attempt(9_000, { status: 429 }).attempt(9_500, { outcome: 'reset' }).attempt(20_000, {})

  expect(attemptBands(journal.view().attempts, bins)).toEqual([
    { id: 'ok', label: 'answered', counts: [1, 0, 0, 0, 0], total: 1 },
    { id: 'limited', label: 'rate limited (429)', counts: [0, 0, 0, 0, 1], total: 1 },
    { id: 'error', label: 'error status', counts: [0, 1, 0, 0, 0], total: 1 },
    { id: 'connection', label: 'no connection', counts: [0, 0, 0, 0, 1], total: 2 },
  ])
})

test('tasks are counted by when they were settled; one that never was, by when it was asked', () => {
  const journal = new JournalBuilder()
  journal.task(0).settle(5_000, 'ok')
  journal.task(1_000).settle(3_000, 'queued')
  journal.task(7_000)

  expect(taskBands(journal.view().tasks, bins).map(({ id, counts }) => [id, counts])).toEqual([
    ['ok', [0, 0, 1, 0, 0]],
    ['queued', [0, 1, 0, 0, 0]],
    ['open', [0, 0, 0, 1, 0]],
  ])
})

test('of open tasks the most of each bin is told, also those that began long before', () => {
  const journal = new JournalBuilder()
  journal.task(0).settle(9_500, 'ok')
  journal.task(2_100).settle(2_300, 'ok')
  journal.task(2_200).settle(2_250, 'ok')
  journal.task(4_000).settle(4_000, 'ok')

  expect(mostOpen(openTasks(journal.view().tasks), bins)).toEqual([1, 3, 2, 1, 1])
})
