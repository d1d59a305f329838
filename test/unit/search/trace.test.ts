import { expect, test } from 'vitest'
import { seenIn } from '../../../src/search/seen.ts'
import { traceOf } from '../../../src/search/trace.ts'
import { JournalBuilder, second } from '../../support/journal-builder.ts'

const traced = (journal: JournalBuilder, failed: readonly string[] = []) =>
  traceOf(seenIn({ journal: journal.events(), plan: journal.plan }), failed)

/** Some good tasks, and one that is tried again after a failure. */
function retried({ good = 3, status = 529, fault = 'overloaded', waitMs = 1_000, at = second } = {}): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < good; i++)
    journal
      .task(i * second)
      .settle(i * second + 900, 'ok')
      .call()
      .answered(i * second)
  const task = journal.task(at)
  task
    .call()
    .attempt(at, { status, fault })
    .answered(at + 200 + waitMs)
  task.settle(at + 200 + waitMs + 1_500, 'ok')
  return journal
}

test('what a client did is the same whatever was done to it, whenever, and beside however many good tasks', () => {
  expect(traced(retried({ good: 9, status: 503, fault: 'unavailable', at: 70 * second }))).toBe(traced(retried()))
})

test('another wait, another outcome and another finding are another trace', () => {
  const patient = retried({ waitMs: 60_000 })
  const failing = retried()
  failing.task(9 * second).settle(9 * second, 'failed')

  expect(new Set([traced(retried()), traced(patient), traced(failing), traced(retried(), ['settles'])]).size).toBe(4)
})

test('one task that fails is not many', () => {
  const failing = (times: number) => {
    const journal = new JournalBuilder()
    for (let i = 0; i < times; i++) journal.task(i * second).settle(i * second, 'failed')
    return traced(journal)
  }

  expect(failing(1)).not.toBe(failing(8))
  expect(failing(7)).toBe(failing(8))
})
