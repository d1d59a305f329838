import { JournalBuilder, minute, second } from '../journal-builder.ts'
import type { OracleJournal } from './oracle-journal.ts'

export function fallbackJournals(): readonly OracleJournal[] {
  const day = 24 * 60 * minute
  return [
    { oracle: 'fallback-only-when-allowed', expected: 'pass', journal: throwsAtOnce() },
    { oracle: 'fallback-only-when-allowed', expected: 'fail', journal: fallsOver(400) },
    { oracle: 'cache-freshness', expected: 'pass', journal: stale({ ageMs: 20 * minute, labelled: true }) },
    { oracle: 'cache-freshness', expected: 'warn', journal: stale({ ageMs: 20 * minute }) },
    { oracle: 'cache-freshness', expected: 'fail', journal: stale({ ageMs: 2 * day, labelled: true }) },
    { oracle: 'tenant-isolation', expected: 'pass', journal: sharedCache('tenant-1') },
    { oracle: 'tenant-isolation', expected: 'fail', journal: sharedCache('tenant-2') },
    { oracle: 'credential-isolation', expected: 'pass', journal: fallsOver(529) },
    { oracle: 'credential-isolation', expected: 'fail', journal: leaks() },
    { oracle: 'returns-to-primary', expected: 'pass', journal: goesBack(20) },
    { oracle: 'returns-to-primary', expected: 'warn', journal: goesBack(0), params: { severity: 'warn' } },
    {
      oracle: 'returns-to-primary',
      expected: 'fail',
      journal: goesBack(10),
      endMs: 20 * minute,
    },
  ]
}

const elsewhere = { provider: 'openai', surface: 'api.chat', model: 'gpt' }

function fallsOver(status: number): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < 3; i++) {
    const t = second + i * 10 * second
    const task = journal.task(t)
    task.call(t).attempt(t, { status })
    task.call(t + 300, elsewhere).answered(t + 300)
    task.settle(t + 1_900, 'ok', { claimed: true, source: 'fallback' })
  }
  return journal
}

/** A bad request is the end of it; an overload is not. */
function throwsAtOnce(): JournalBuilder {
  const journal = fallsOver(529)
  const task = journal.task(minute)
  task.call().attempt(minute, { status: 400 })
  task.settle(minute + 300, 'failed', { error: 'BadRequestError' })
  return journal
}

function leaks(): JournalBuilder {
  return fallsOver(529).note(1_300, 'key-leak', 'The key of anthropic was sent to openai.', 't1')
}

/** An answer out of a cache, in the outage. */
export function stale(told: { readonly ageMs?: number; readonly labelled?: boolean }): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < 3; i++) {
    const t = 9 * minute + i * second
    const task = journal.task(t)
    task.call().overloaded(t)
    task.settle(t + 250, 'ok', { claimed: true, answer: 'complete', source: 'cache', ...told })
  }
  return journal
}

/** One tenant asks; the same question of this tenant is then answered without asking. */
export function sharedCache(tenant: string): JournalBuilder {
  const journal = new JournalBuilder()
  const first = journal.task(11 * minute, { tenant: 'tenant-1', question: 'q7' })
  first.call().answered(11 * minute)
  first.settle(11 * minute + 1_500, 'ok')
  for (let i = 0; i < 2; i++)
    journal.task(12 * minute + i * second, { tenant, question: 'q7' }).settle(12 * minute + i * second + 3, 'ok')
  return journal
}

/** Of twenty tasks after the time to return, so many are answered by the primary again. */
export function goesBack(byPrimary: number): JournalBuilder {
  const journal = new JournalBuilder().warmUp(30)
  for (let i = 0; i < 5; i++) {
    const t = second + i * minute
    const task = journal.task(t)
    task.call(t).overloaded(t)
    task.call(t + 300, elsewhere).answered(t + 300)
    task.settle(t + 1_900, 'ok', { claimed: true, source: 'fallback' })
  }
  for (let i = 0; i < 20; i++) {
    const t = 15.6 * minute + i * 5 * second
    const task = journal.task(t)
    task.call(t, i < byPrimary ? {} : elsewhere).answered(t)
    task.settle(t + 1_500, 'ok')
  }
  return journal
}
