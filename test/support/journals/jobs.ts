import { failedTask, JournalBuilder, minute, second } from '../journal-builder.ts'
import type { OracleJournal } from './oracle-journal.ts'

export function jobJournals(): readonly OracleJournal[] {
  return [
    { oracle: 'none-lost', expected: 'pass', journal: vanishing(true) },
    { oracle: 'none-lost', expected: 'fail', journal: vanishing(false) },
    { oracle: 'none-duplicated', expected: 'pass', journal: worked(1) },
    { oracle: 'none-duplicated', expected: 'warn', journal: worked(2) },
    { oracle: 'none-duplicated', expected: 'fail', journal: worked(3), params: { severity: 'fail' } },
    { oracle: 'order', expected: 'pass', journal: served([0, 1, 2]) },
    { oracle: 'order', expected: 'fail', journal: served([1, 2, 0]) },
    { oracle: 'bounded-backlog', expected: 'pass', journal: backlog(6), params: { at_most: 6 } },
    { oracle: 'bounded-backlog', expected: 'fail', journal: backlog(7), params: { at_most: 6 } },
    { oracle: 'drains-in-time', expected: 'pass', journal: drained(14 * minute) },
    { oracle: 'drains-in-time', expected: 'warn', journal: drained(16 * minute) },
    {
      oracle: 'drains-in-time',
      expected: 'fail',
      journal: drained(undefined),
      params: { severity: 'fail' },
      endMs: 30 * minute,
    },
    { oracle: 'poison-isolation', expected: 'pass', journal: poisoned(3) },
    { oracle: 'poison-isolation', expected: 'warn', journal: poisoned(8) },
    { oracle: 'poison-isolation', expected: 'fail', journal: poisoned(9), params: { severity: 'fail' } },
  ]
}

/** Three jobs are answered and leave the list; a fourth leaves it, answered or not. */
function vanishing(isAnswered: boolean): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < 3; i++) {
    const job = journal.job((1 + i) * second, { done: 11 * minute + 20 * second })
    job.call(11 * minute + i * 2_000).answered(11 * minute + i * 2_000)
  }
  const last = journal.job(5 * second, { gone: 12 * minute })
  last.call(6 * second).overloaded(6 * second)
  if (isAnswered) last.call(11.5 * minute).answered(11.5 * minute)
  else journal.add({ type: 'client-event', t: 5 * minute, event: 'crash', instance: 0 })
  return journal
}

/** A job that is answered so often. */
function worked(times: number): JournalBuilder {
  const journal = new JournalBuilder()
  const job = journal.job(second, { done: 13 * minute })
  const call = job.call(10.5 * minute)
  for (let i = 0; i < times; i++) call.answered(10.5 * minute + i * 10 * second)
  return journal
}

/** Three jobs of a tenant, served in this order. */
function served(places: readonly number[]): JournalBuilder {
  const journal = new JournalBuilder()
  for (const [i, place] of places.entries()) {
    const t = 10.5 * minute + place * 5 * second
    journal
      .job((1 + i) * second, { done: 12 * minute })
      .call(t)
      .answered(t)
  }
  return journal
}

function backlog(count: number): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < count; i++) {
    const t = 10.5 * minute + i * 3 * second
    journal
      .job(second + i * second, { done: t + 5 * second })
      .call(t)
      .answered(t)
  }
  return journal
}

/** A job of the outage, done at that time or never. */
function drained(doneMs: number | undefined): JournalBuilder {
  const journal = new JournalBuilder()
  failedTask(journal, second)
  journal.job(9 * minute, doneMs === undefined ? {} : { done: doneMs })
  journal.job(8 * minute, { done: 11 * minute })
  return journal
}

/** A bad request, sent so often; another job waits behind it. */
function poisoned(tries: number): JournalBuilder {
  const journal = new JournalBuilder()
  const sick = journal.job(second, { dead: 14 * minute })
  const call = sick.call(2 * second)
  for (let i = 0; i < tries; i++) call.attempt(2 * second + i * 40 * second, { status: 400 })
  const next = journal.job(4 * second, { done: 14 * minute })
  next.call(13 * minute).answered(13 * minute)
  return journal
}
