import { draw } from '../../../src/lib/draw.ts'
import { JournalBuilder, minute, second } from '../journal-builder.ts'
import type { OracleJournal } from './oracle-journal.ts'

export function retryJournals(): readonly OracleJournal[] {
  return [
    { oracle: 'bounded-attempts', expected: 'pass', journal: calls(4, [0, 900, 2_400]) },
    { oracle: 'bounded-attempts', expected: 'warn', journal: calls(4, [0, 900, 2_400, 5_000]) },
    { oracle: 'bounded-attempts', expected: 'fail', journal: calls(4, [0, 900, 2_400, 5_000, 9_000, 17_000]) },
    { oracle: 'no-hot-loop', expected: 'pass', journal: calls(4, [0, 700, 2_100]) },
    { oracle: 'no-hot-loop', expected: 'fail', journal: calls(4, [0, 160, 320, 480, 640, 800]) },
    { oracle: 'backoff-growth', expected: 'pass', journal: backsOff(30, n => 500 * 2 ** n) },
    { oracle: 'backoff-growth', expected: 'warn', journal: backsOff(30, () => 2_000) },
    { oracle: 'backoff-growth', expected: 'fail', journal: backsOff(30, () => 3_000), params: { severity: 'fail' } },
    { oracle: 'jitter-present', expected: 'pass', journal: waits(200, i => draw(1, 'full', i) * 4_000) },
    { oracle: 'jitter-present', expected: 'warn', journal: waits(200, i => 1_000 - draw(1, 'quarter', i) * 250) },
    { oracle: 'jitter-present', expected: 'fail', journal: waits(200, () => 1_000), params: { fail_below: 0.05 } },
    { oracle: 'cancelled-is-cancelled', expected: 'pass', journal: afterGivingUp(-300) },
    { oracle: 'cancelled-is-cancelled', expected: 'warn', journal: afterGivingUp(1_500) },
    {
      ...{ oracle: 'cancelled-is-cancelled', expected: 'fail', journal: afterGivingUp(2_500) },
      params: { severity: 'fail' },
    },
    { oracle: 'synchronisation', expected: 'pass', journal: beats(i => draw(1, 'beat', i) * 9 * minute) },
    { oracle: 'synchronisation', expected: 'warn', journal: beats(i => (1 + (i % 10)) * 40 * second) },
    {
      ...{ oracle: 'synchronisation', expected: 'fail', journal: beats(i => (1 + (i % 12)) * 30 * second) },
      params: { severity: 'fail' },
    },
  ]
}

const quick = { headersAfter: 100, status: 529 }

/** Tasks of one call each, with attempts at these times after their start. */
function calls(count: number, times: readonly number[]): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < count; i++) {
    const t = second + i * 30 * second
    const task = journal.task(t)
    const call = task.call()
    for (const at of times) call.attempt(t + at, quick)
    task.settle(t + (times.at(-1) ?? 0) + 200, 'failed', { error: 'APIError' })
  }
  return journal
}

/** Calls of three attempts; the longest delay before each retry is as told, and the others are below it. */
function backsOff(count: number, longest: (retry: number) => number): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < count; i++) {
    let t = second + i * 15 * second
    const call = journal.call(t).attempt(t, { headersAfter: 100, outcome: 'reset' })
    for (let retry = 0; retry < 2; retry++) {
      t += 100 + Math.round(longest(retry) * (1 - 0.2 * draw(1, 'backoff', i, retry)))
      call.attempt(t, { headersAfter: 100, outcome: 'reset' })
    }
  }
  return journal
}

/** Calls that are tried once more, after this delay. */
function waits(count: number, delayMs: (i: number) => number): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < count; i++) {
    const t = second + i * 2_500
    journal
      .call(t)
      .attempt(t, { headersAfter: 100, outcome: 'reset' })
      .attempt(t + 100 + Math.round(delayMs(i)), { headersAfter: 100, outcome: 'reset' })
  }
  return journal
}

/** A task whose last attempt begins so long after its user was told that it failed. */
function afterGivingUp(lateMs: number): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < 3; i++) {
    const t = second + i * 20 * second
    const task = journal.task(t)
    task
      .call()
      .attempt(t, quick)
      .attempt(t + 2_000 + lateMs, quick)
    task.settle(t + 2_000, 'failed', { error: 'TimeoutError' })
  }
  return journal
}

/** 120 calls that fail as the outage begins and are tried again at these times of it. */
function beats(at: (i: number) => number): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < 120; i++) {
    const t = i * 20
    journal
      .call(t)
      .attempt(t, { headersAfter: 100, outcome: 'reset' })
      .attempt(Math.max(Math.round(at(i)), 3_000), { headersAfter: 100, outcome: 'reset' })
  }
  return journal
}
