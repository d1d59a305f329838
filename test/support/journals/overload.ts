import { failedTask, healthyTask, JournalBuilder, minute, second } from '../journal-builder.ts'
import type { OracleJournal } from './oracle-journal.ts'

export function overloadJournals(): readonly OracleJournal[] {
  return [
    { oracle: 'goodput-ratio', expected: 'pass', journal: hangsUp(5) },
    { oracle: 'goodput-ratio', expected: 'warn', journal: hangsUp(6) },
    { oracle: 'goodput-ratio', expected: 'fail', journal: hangsUp(30), params: { severity: 'fail' } },
    { oracle: 'fairness', expected: 'pass', journal: tenants(40) },
    { oracle: 'fairness', expected: 'warn', journal: tenants(5) },
    { oracle: 'fairness', expected: 'fail', journal: tenants(0), params: { severity: 'fail' } },
    { oracle: 'return-to-baseline', expected: 'pass', journal: afterwards(1) },
    { oracle: 'return-to-baseline', expected: 'warn', journal: afterwards(4) },
    { oracle: 'return-to-baseline', expected: 'fail', journal: afterwards(10), params: { severity: 'fail' } },
  ]
}

/** Of fifty good answers in the outage the client hangs up on so many. */
export function hangsUp(count: number): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < 50; i++) {
    const t = second + i * 10 * second
    const task = journal.task(t)
    const isLate = i < count
    const late = { headersAfter: 8_000, outcome: 'aborted' } as const
    task.call().attempt(t, { processed: 'answered', ...(isLate ? late : { status: 200 }) })
    task.settle(t + 8_100, isLate ? 'failed' : 'ok')
  }
  return journal
}

/** Fifty tasks of each of two tenants in the outage: forty of one are answered, and so many of the other. */
export function tenants(answered: number): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < 50; i++)
    for (const [tenant, good] of [
      ['tenant-1', 40],
      ['tenant-2', answered],
    ] as const) {
      const t = second + i * 10 * second
      if (i < good) healthyTask(journal, t, { tenant })
      else failedTask(journal, t, { tenant })
    }
  return journal
}

/** A hundred calls to the healed provider, of which so many are tried a second time. */
export function afterwards(retries: number): JournalBuilder {
  const journal = new JournalBuilder()
  failedTask(journal, second)
  for (let i = 0; i < 100; i++) {
    const t = 12.5 * minute + i * second
    const task = journal.task(t)
    const call = task.call()
    if (i < retries) call.attempt(t, { headersAfter: 500, outcome: 'aborted' }).answered(t + 1_500, 500)
    else call.answered(t, 500)
    task.settle(t + 2_200, 'ok')
  }
  return journal
}
