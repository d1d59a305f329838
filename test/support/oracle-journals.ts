import { draw } from '../../src/lib/draw.ts'
import { failedTask, healthyTask, JournalBuilder, minute, second } from './journal-builder.ts'
import { alertJournals } from './journals/alerts.ts'
import { breakerJournals } from './journals/breakers.ts'
import { effectJournals } from './journals/effects.ts'
import { fallbackJournals } from './journals/fallbacks.ts'
import { hookJournals } from './journals/hooks.ts'
import { jobJournals } from './journals/jobs.ts'
import type { OracleJournal } from './journals/oracle-journal.ts'
import { overloadJournals } from './journals/overload.ts'
import { retryJournals } from './journals/retries.ts'
import { wireJournals } from './journals/wire.ts'

/** One small run for each level of each oracle; `fixtures/journals/` holds them as files. */
export function oracleJournals(): readonly OracleJournal[] {
  return [
    { oracle: 'settles', expected: 'pass', journal: settlesInTime() },
    // A run waits a quarter of an hour for what is still open.
    { oracle: 'settles', expected: 'fail', journal: hangs(), endMs: 30 * minute },
    { oracle: 'retry-amplification', expected: 'pass', journal: attemptsPerCall(2) },
    { oracle: 'retry-amplification', expected: 'warn', journal: attemptsPerCall(3) },
    { oracle: 'retry-amplification', expected: 'fail', journal: attemptsPerCall(6) },
    { oracle: 'retry-after-honoured', expected: 'pass', journal: retriesAfter(30 * second) },
    { oracle: 'retry-after-honoured', expected: 'fail', journal: retriesAfter(500) },
    { oracle: 'no-retry-on-permanent-errors', expected: 'pass', journal: rejected(1) },
    { oracle: 'no-retry-on-permanent-errors', expected: 'fail', journal: rejected(3) },
    { oracle: 'truncated-is-not-success', expected: 'pass', journal: cutStream('degraded') },
    { oracle: 'truncated-is-not-success', expected: 'fail', journal: cutStream('ok') },
    { oracle: 'failure-is-not-success', expected: 'pass', journal: apologises('degraded') },
    { oracle: 'failure-is-not-success', expected: 'fail', journal: apologises('ok') },
    { oracle: 'recovers', expected: 'pass', journal: afterTheOutage(true) },
    { oracle: 'recovers', expected: 'fail', journal: afterTheOutage(false) },
    { oracle: 'herd-at-restore', expected: 'pass', journal: comesBack(50, i => draw(1, 'jitter', i) * 60 * second) },
    { oracle: 'herd-at-restore', expected: 'warn', journal: comesBack(100, i => (i < 20 ? 7_000 : i * 500)) },
    { oracle: 'herd-at-restore', expected: 'fail', journal: comesBack(50, i => 12_000 + i) },
    { oracle: 'answers', expected: 'pass', journal: answeredShare(19) },
    { oracle: 'answers', expected: 'fail', journal: answeredShare(15) },
    ...retryJournals(),
    ...wireJournals(),
    ...breakerJournals(),
    ...fallbackJournals(),
    ...jobJournals(),
    ...hookJournals(),
    ...effectJournals(),
    ...overloadJournals(),
    ...alertJournals(),
  ]
}

function settlesInTime(): JournalBuilder {
  const journal = new JournalBuilder()
  failedTask(journal, second)
  const slow = journal.task(5 * second)
  slow.call().attempt(5 * second, { headersAfter: 90 * second, outcome: 'headers-timeout' })
  slow.settle(95 * second, 'failed', { error: 'APIConnectionTimeoutError' })
  agent(journal, 10 * second, 10, 50 * second)
  return journal
}

/** An agent's turns, each a call of its own. */
export function agent(journal: JournalBuilder, t: number, turns: number, turnMs: number): void {
  const task = journal.task(t)
  for (let turn = 0; turn < turns; turn++) {
    const startMs = t + turn * turnMs
    task.call(startMs, { bodyHash: `turn-${turn}` }).answered(startMs, turnMs)
  }
  task.settle(t + turns * turnMs, 'ok')
}

function hangs(): JournalBuilder {
  const journal = new JournalBuilder()
  failedTask(journal, second)
  const late = journal.task(5 * second)
  late.call().attempt(5 * second, { headersAfter: 10 * minute, outcome: 'headers-timeout' })
  late.settle(5 * second + 10 * minute, 'failed', { error: 'APIConnectionTimeoutError' })
  const stalled = journal.task(20 * second, { streaming: true })
  stalled.call().attempt(20 * second, { status: 200, endAfter: null })
  return journal
}

function attemptsPerCall(attempts: number): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < 4; i++) {
    const t = i * 10 * second
    const task = journal.task(t)
    const call = task.call()
    for (let n = 0; n < attempts; n++) call.overloaded(t + n * 700)
    task.settle(t + attempts * 700, 'failed', { error: 'APIError' })
  }
  healthyTask(journal, 11 * minute)
  return journal
}

function retriesAfter(waitMs: number): JournalBuilder {
  const journal = new JournalBuilder()
  const limited = { status: 429, retryAfterMs: 30 * second }
  const task = journal.task(second)
  task
    .call()
    .attempt(second, limited)
    .answered(second + 200 + waitMs)
  task.settle(second + 2_000 + waitMs, 'ok')
  const givesUp = journal.task(3 * second)
  givesUp.call().attempt(3 * second, limited)
  givesUp.settle(3_300, 'failed', { error: 'RateLimitError' })
  return journal
}

function rejected(times: number): JournalBuilder {
  const journal = new JournalBuilder()
  const task = journal.task(second)
  const call = task.call()
  for (let n = 0; n < times; n++) call.attempt(second + n * 700, { status: 400 })
  task.settle(second + times * 700, 'failed', { error: 'BadRequestError' })
  const other = journal.task(10 * second)
  other
    .call()
    .attempt(10 * second, { status: 401 })
    .attempt(10_300, { status: 200, key: 'canary-2' })
  other.settle(10_600, 'ok')
  return journal
}

function cutStream(outcome: 'ok' | 'degraded'): JournalBuilder {
  const journal = new JournalBuilder()
  for (const [i, claimed] of [true, false].entries()) {
    const t = (1 + i * 5) * second
    const task = journal.task(t, { streaming: true })
    task.call().attempt(t, { status: 200, endAfter: 900, outcome: 'cut', bytes: 240 })
    if (outcome === 'degraded')
      task.settle(t + 900, claimed ? 'degraded' : 'failed', {
        ...{ claimed, answer: claimed ? 'truncated' : 'none' },
        ...(claimed && { labelled: true, complete: false }),
      })
    else task.settle(t + 900, claimed ? 'ok' : 'truncated', { claimed, answer: 'truncated' })
  }
  return journal
}

function apologises(outcome: 'ok' | 'degraded'): JournalBuilder {
  const journal = new JournalBuilder()
  const task = journal.task(second)
  task.call().overloaded(second)
  task.settle(1_300, outcome, { claimed: true, answer: 'unmarked', labelled: outcome === 'degraded' })
  const bare = journal.task(3 * second)
  bare.call().overloaded(3 * second)
  if (outcome === 'ok') bare.settle(3_300, 'not-an-answer', { answer: 'empty' })
  else bare.settle(3_300, 'failed', { error: 'APIError' })
  healthyTask(journal, 11 * minute)
  return journal
}

function afterTheOutage(isWell: boolean): JournalBuilder {
  const journal = new JournalBuilder()
  failedTask(journal, second)
  failedTask(journal, 9 * minute)
  // In the time it has to recover.
  journal.task(10.5 * minute).settle(10.5 * minute + 5, 'failed', { error: 'BreakerOpenError' })
  for (let i = 0; i < 6; i++) {
    const t = 12 * minute + i * 20 * second
    if (isWell) healthyTask(journal, t)
    else journal.task(t).settle(t + 5, 'failed', { error: 'BreakerOpenError' })
  }
  return journal
}

function comesBack(waiting: number, delayMs: (i: number) => number): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < waiting; i++) {
    const t = 9.5 * minute
    journal
      .call(t)
      .attempt(t)
      .answered(Math.round(10 * minute + delayMs(i)))
  }
  return journal
}

function answeredShare(good: number): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < 20; i++) {
    const t = i * 5 * second
    if (i >= good) failedTask(journal, t)
    else if (i % 2 === 0) healthyTask(journal, t)
    else {
      const task = journal.task(t)
      task.call().overloaded(t)
      task.settle(t + 250, 'degraded', { claimed: true, answer: 'complete', source: 'cache', labelled: true })
    }
  }
  return journal
}
