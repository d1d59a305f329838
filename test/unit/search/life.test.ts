import { expect, test } from 'vitest'
import { seenIn } from '../../../src/search/seen.ts'
import { JournalBuilder, minute, second } from '../../support/journal-builder.ts'

function livesOf(journal: JournalBuilder): readonly string[] {
  return [...seenIn({ journal: journal.events(), plan: journal.plan }).lives.values()]
}

test('a request that comes while all is well is steady, and its second attempt is a retry', () => {
  const journal = new JournalBuilder().warmUp(1)
  journal
    .task(second)
    .call()
    .overloaded(second)
    .answered(3 * second)

  expect(livesOf(journal)).toEqual(['steady', 'retry'])
})

test('the first request of a process to a surface is a first one, whether it is the run’s or a restart’s', () => {
  const journal = new JournalBuilder().warmUp(1)
  journal.task(second).call(second, { surface: 'api.files' }).answered(second)
  journal
    .task(2 * second)
    .call()
    .answered(2 * second)
  journal.add({ type: 'client-event', t: minute, event: 'started', instance: 0 })
  journal
    .task(minute + second)
    .call()
    .answered(minute + second)

  expect(livesOf(journal)).toEqual(['first', 'steady', 'first'])
})

test('the request after the app kept others back is a probe, and those after it come to a restored client', () => {
  const journal = new JournalBuilder().warmUp(1)
  for (let i = 1; i <= 3; i++)
    journal
      .task(i * second)
      .call()
      .overloaded(i * second)
  journal.task(10 * second).settle(10 * second, 'failed')
  journal
    .task(30 * second)
    .call()
    .answered(30 * second)
  journal
    .task(40 * second)
    .call()
    .answered(40 * second)
  journal
    .task(5 * minute)
    .call()
    .answered(5 * minute)

  expect(livesOf(journal).slice(3)).toEqual(['probe', 'restored', 'steady'])
})

test('a breaker that says it is half open makes a probe of the next request', () => {
  const journal = new JournalBuilder().warmUp(1)
  const says = (t: number, state: string) =>
    journal.add({ type: 'app-report', t, hook: 'breaker', instance: 0, detail: { key: 'api', state } })
  says(second, 'half-open')
  journal
    .task(2 * second)
    .call()
    .answered(2 * second)
  says(4 * second, 'closed')
  journal
    .task(5 * second)
    .call()
    .answered(5 * second)

  expect(livesOf(journal)).toEqual(['probe', 'steady'])
})

test('a later call of a task is a turn', () => {
  const journal = new JournalBuilder().warmUp(1)
  const task = journal.task(second)
  task.call().answered(second)
  task.call(5 * second).answered(5 * second)

  expect(livesOf(journal)).toEqual(['steady', 'turn'])
})
