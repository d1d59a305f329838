import { healthyTask, JournalBuilder, second } from '../journal-builder.ts'
import type { OracleJournal } from './oracle-journal.ts'

export function effectJournals(): readonly OracleJournal[] {
  return [
    { oracle: 'partial-tool-call-not-executed', expected: 'pass', journal: toolAfterBreak(true) },
    { oracle: 'partial-tool-call-not-executed', expected: 'fail', journal: toolAfterBreak(false) },
    { oracle: 'no-stitching', expected: 'pass', journal: secondTry(1) },
    { oracle: 'no-stitching', expected: 'fail', journal: secondTry(2) },
    { oracle: 'idle-timeout', expected: 'pass', journal: stalls(20 * second) },
    { oracle: 'idle-timeout', expected: 'warn', journal: stalls(120 * second) },
    { oracle: 'idle-timeout', expected: 'fail', journal: stalls(300 * second), params: { severity: 'fail' } },
    { oracle: 'side-effects-once', expected: 'pass', journal: replayed(false) },
    { oracle: 'side-effects-once', expected: 'fail', journal: replayed(true) },
    { oracle: 'key-discipline', expected: 'pass', journal: keyed('k1', 'k1') },
    { oracle: 'key-discipline', expected: 'fail', journal: keyed('k1', 'k2') },
    { oracle: 'cost-ceiling', expected: 'pass', journal: paid(1) },
    { oracle: 'cost-ceiling', expected: 'warn', journal: paid(2) },
    { oracle: 'cost-ceiling', expected: 'fail', journal: paid(4) },
  ]
}

export const tickets = { provider: 'http', surface: 'tickets', bodyHash: 'ticket' }
const cut = { status: 200, endAfter: 900, outcome: 'cut', bytes: 240 } as const

/** Two tasks use a tool after a good turn; a third after one that broke off, asked again before or not. */
function toolAfterBreak(isAskedAgain: boolean): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < 3; i++) {
    const t = (1 + i * 10) * second
    const task = journal.task(t, { streaming: true })
    const turn = task.call()
    if (i < 2) turn.answered(t)
    else {
      turn.attempt(t, cut)
      if (isAskedAgain) turn.answered(t + 1_000)
    }
    task
      .call(t + 3_000, tickets)
      .attempt(t + 3_000, { status: 200 })
      .changed(t + 3_000)
    task.call(t + 4_000, { bodyHash: `after-${i}` }).answered(t + 4_000)
    task.settle(t + 6_000, 'ok')
  }
  return journal
}

/** A stream that is cut and asked again; the text begins so often. */
export function secondTry(openings: number, usual = 1): JournalBuilder {
  const journal = new JournalBuilder()
  const plain = journal.task(second)
  plain.call().answered(second)
  plain.settle(3 * second, 'ok', usual > 1 ? { openings: usual } : {})
  for (let i = 0; i < 2; i++) {
    const t = (5 + i * 5) * second
    const task = journal.task(t, { streaming: true })
    task
      .call()
      .attempt(t, cut)
      .answered(t + 1_500)
    task.settle(t + 3_100, 'ok', openings > 1 ? { openings } : {})
  }
  return journal
}

/** A stream falls silent, and is given up after this time. */
function stalls(heldMs: number): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < 2; i++) {
    const t = (1 + i * 10) * second
    const task = journal.task(t, { streaming: true })
    const stalled = { status: 200, effect: 'stall', fault: 'stream-stall', endAfter: 200 + heldMs, bytes: 300 } as const
    task.call().attempt(t, { ...stalled, outcome: heldMs >= 300 * second ? 'body-timeout' : 'aborted' })
    task.settle(t + 300 + heldMs, 'failed', { error: 'APIUserAbortError' })
  }
  return journal
}

/** A turn, a ticket, a turn that fails; then the failed turn again, or the whole run with the ticket. */
function replayed(isWhole: boolean): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < 2; i++) {
    const t = (1 + i * 20) * second
    const task = journal.task(t)
    const first = task.call(t, { bodyHash: `turn-1-${i}` }).answered(t)
    const ticket = task
      .call(t + 2_000, tickets)
      .attempt(t + 2_000, { status: 200 })
      .changed(t + 2_000)
    const second_ = task.call(t + 3_000, { bodyHash: `turn-2-${i}` }).overloaded(t + 3_000)
    if (isWhole) {
      first.answered(t + 4_000)
      ticket.attempt(t + 6_000, { status: 200 }).changed(t + 6_000, { times: 2 })
    }
    second_.answered(t + 7_000)
    task.settle(t + 9_000, 'ok')
  }
  return journal
}

/** A ticket whose confirmation is lost, and which is sent again under this key. */
export function keyed(before: string, after: string, body = 'ticket'): JournalBuilder {
  const journal = new JournalBuilder()
  const task = journal.task(second)
  task.call().answered(second)
  const first = task.call(3 * second, tickets)
  first.attempt(3 * second, { outcome: 'reset', processed: 'lost' }).changed(3 * second, { key: before, named: true })
  const isDone = before !== after
  const again = body === 'ticket' ? first : task.call(5 * second, { ...tickets, bodyHash: body })
  again.attempt(5 * second, { status: 200 }).changed(5 * second, { key: after, named: true, done: isDone })
  task.call(6 * second, { bodyHash: 'last' }).answered(6 * second)
  task.settle(8 * second, 'ok')
  return journal
}

/** Twenty calls; the client hangs up on all their answers but the last. */
function paid(answers: number): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < 20; i++) {
    const t = 60 * second * (i + 11)
    const task = journal.task(t)
    const call = task.call()
    const slow = { processed: 'answered', headersAfter: 2_000, outcome: 'aborted' } as const
    for (let n = 1; n < answers; n++) call.attempt(t + n * 5_000, slow)
    call.attempt(t + answers * 5_000, { status: 200, processed: 'answered' })
    task.settle(t + answers * 5_000 + 300, 'ok')
  }
  for (let i = 0; i < 3; i++) healthyTask(journal, (40 + i) * 60 * second)
  return journal
}
