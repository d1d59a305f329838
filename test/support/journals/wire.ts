import type { Asks } from '../../../src/journal/event.ts'
import { type AttemptOptions, JournalBuilder, minute, second } from '../journal-builder.ts'
import type { OracleJournal } from './oracle-journal.ts'

export function wireJournals(): readonly OracleJournal[] {
  const strict = { severity: 'fail' }
  return [
    { oracle: 'ratelimit-reset-honoured', expected: 'pass', journal: spentLimit(12) },
    { oracle: 'ratelimit-reset-honoured', expected: 'warn', journal: spentLimit(40) },
    { oracle: 'ratelimit-reset-honoured', expected: 'fail', journal: spentLimit(60), params: strict },
    { oracle: 'stale-sockets-are-retried', expected: 'pass', journal: staleSockets(600) },
    { oracle: 'stale-sockets-are-retried', expected: 'warn', journal: staleSockets(undefined) },
    { oracle: 'stale-sockets-are-retried', expected: 'fail', journal: staleSockets(20 * second), params: strict },
    { oracle: 'fallback-is-valid', expected: 'pass', journal: asksElsewhere(200) },
    { oracle: 'fallback-is-valid', expected: 'fail', journal: asksElsewhere(400) },
    { oracle: 'fallback-independence', expected: 'pass', journal: toAndFro(2) },
    { oracle: 'fallback-independence', expected: 'warn', journal: toAndFro(4) },
    { oracle: 'fallback-independence', expected: 'fail', journal: toAndFro(6) },
    { oracle: 'fallback-spares-the-secondary', expected: 'pass', journal: movesOver(500) },
    { oracle: 'fallback-spares-the-secondary', expected: 'warn', journal: movesOver(0) },
    {
      oracle: 'fallback-spares-the-secondary',
      expected: 'fail',
      journal: movesOver(500),
      params: { ...strict, at_most: 20 },
    },
    { oracle: 'contract-preserved', expected: 'pass', journal: fallsOverWith({ tools: 1 }) },
    { oracle: 'contract-preserved', expected: 'fail', journal: fallsOverWith(undefined) },
    { oracle: 'slow-is-not-dead', expected: 'pass', journal: slowAnswers(2) },
    { oracle: 'slow-is-not-dead', expected: 'warn', journal: slowAnswers(5) },
    { oracle: 'slow-is-not-dead', expected: 'fail', journal: slowAnswers(12), params: strict },
    { oracle: 'fallback-fires', expected: 'pass', journal: leftAlone(529, true) },
    { oracle: 'fallback-fires', expected: 'fail', journal: leftAlone(429, false) },
  ]
}

export const elsewhere = { provider: 'openai', surface: 'api.chat', model: 'gpt' }

/** A limit of ten a minute is spent, and so many attempts come in the minute it takes to be whole again. */
export function spentLimit(attempts: number): JournalBuilder {
  const journal = new JournalBuilder()
  const limited: AttemptOptions = { status: 429, effect: 'limited', spent: { limit: 10, resetMs: minute } }
  for (let i = 0; i <= attempts; i++) {
    const t = second + Math.round((i * 50 * second) / attempts)
    const task = journal.task(t)
    task
      .call()
      .attempt(t, i % 10 === 0 ? { status: 200, ...(i === 0 && { spent: { limit: 10, resetMs: minute } }) } : limited)
    task.settle(t + 400, i % 10 === 0 ? 'ok' : 'failed', i % 10 === 0 ? {} : { error: 'RateLimitError' })
  }
  return journal
}

/** Requests on connections that had been closed; sent again after `waitMs`, if at all. */
export function staleSockets(waitMs: number | undefined): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < 3; i++) {
    const t = second + i * minute
    const task = journal.task(t)
    const call = task
      .call()
      .attempt(t, { fault: 'idle-close', effect: 'reset', outcome: 'reset', endAfter: 5, bytes: 0 })
    if (waitMs === undefined) task.settle(t + 10, 'failed', { error: 'APIConnectionError' })
    else {
      call.answered(t + waitMs)
      task.settle(t + waitMs + 1_500, 'ok')
    }
  }
  return journal
}

/** In the outage others are asked, who have nothing wrong with them. */
export function asksElsewhere(status: number): JournalBuilder {
  const journal = new JournalBuilder().warmUp(10)
  for (let i = 0; i < 3; i++) {
    const t = second + i * 10 * second
    const task = journal.task(t)
    task.call(t).overloaded(t)
    task.call(t + 300, elsewhere).attempt(t + 300, { status, effect: 'pass' })
    if (status === 200) task.settle(t + 1_900, 'ok', { claimed: true, source: 'fallback' })
    else task.settle(t + 600, 'failed', { error: 'BadRequestError' })
  }
  return journal
}

/** Both are down; the task goes through both so many times. */
export function toAndFro(rounds: number): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < 2; i++) {
    const t = second + i * minute
    const task = journal.task(t)
    const first = task.call(t)
    const second_ = task.call(t + 300, elsewhere)
    for (let round = 0; round < rounds; round++) {
      first.overloaded(t + round * 2 * second)
      second_.overloaded(t + round * 2 * second + 300)
    }
    task.settle(t + rounds * 2 * second + 600, 'failed', { error: 'APIError' })
  }
  return journal
}

/** Forty tasks that fail in five minutes go over to the other one: at once, or `apartMs` apart and more. */
export function movesOver(apartMs: number): JournalBuilder {
  const journal = new JournalBuilder().warmUp(10)
  for (let i = 0; i < 40; i++) {
    const t = second + i * second
    const task = journal.task(t)
    task.call(t).overloaded(t)
    const over = apartMs === 0 ? minute + i : t + apartMs
    task.call(over, elsewhere).answered(over)
    task.settle(over + 1_500, 'ok', { claimed: true, source: 'fallback' })
  }
  return journal
}

/** The first was asked with a tool; the second is asked with what is given. */
export function fallsOverWith(asks: Asks | undefined): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < 3; i++) {
    const t = second + i * minute
    const task = journal.task(t)
    task.call(t, { asks: { tools: 2 } }).overloaded(t)
    task.call(t + 300, { ...elsewhere, ...(asks && { asks }) }).answered(t + 300)
    task.settle(t + 1_900, 'ok', { claimed: true, source: 'fallback' })
  }
  return journal
}

/** Twelve calls that get answers of twenty seconds; so many hang up after ten, twice. */
export function slowAnswers(impatient: number): JournalBuilder {
  const journal = new JournalBuilder()
  const slow: AttemptOptions = {
    status: 200,
    fault: 'slow-tokens',
    effect: 'slow',
    takesMs: 20 * second,
    processed: 'answered',
  }
  for (let i = 0; i < 12; i++) {
    const t = second + i * 45 * second
    const task = journal.task(t)
    const call = task.call()
    if (i < impatient) {
      const hungUp: AttemptOptions = { ...slow, endAfter: 10 * second, outcome: 'aborted' }
      call.attempt(t, hungUp).attempt(t + 11 * second, hungUp)
      task.settle(t + 22 * second, 'failed', { error: 'TimeoutError' })
    } else {
      call.attempt(t, { ...slow, endAfter: 20 * second })
      task.settle(t + 20 * second, 'ok')
    }
  }
  return journal
}

/** A failure at the first provider, and what comes of it. */
export function leftAlone(status: number, isTaken: boolean): JournalBuilder {
  const journal = new JournalBuilder().warmUp(10)
  for (let i = 0; i < 3; i++) {
    const t = second + i * minute
    const task = journal.task(t)
    task.call(t).attempt(t, { status })
    if (!isTaken) {
      task.settle(t + 300, 'failed', { error: 'APIError' })
      continue
    }
    task.call(t + 300, elsewhere).answered(t + 300)
    task.settle(t + 1_900, 'ok', { claimed: true, source: 'fallback' })
  }
  return journal
}
