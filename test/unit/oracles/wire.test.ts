import { expect, test } from 'vitest'
import { JournalBuilder, minute, second } from '../../support/journal-builder.ts'
import { asksElsewhere, elsewhere, leftAlone, slowAnswers, spentLimit, toAndFro } from '../../support/journals/wire.ts'
import { judge, severities } from './support.ts'

test('whoever sends at the rate that a spent limit refills at is not told to wait', () => {
  const journal = new JournalBuilder()
  for (let i = 0; i < 20; i++) {
    const t = second + i * 3 * second
    const task = journal.task(t)
    task.call().attempt(t, { status: 200, ...(i === 0 && { spent: { limit: 20, resetMs: minute } }) })
    task.settle(t + 300, 'ok')
  }
  expect(judge('ratelimit-reset-honoured', journal)).toMatchObject({ examined: 1, findings: [] })
  expect(severities(judge('ratelimit-reset-honoured', spentLimit(40), { times: 5 }))).toEqual([])
})

test('a substitute with less in its hands is well if the task owns to it', () => {
  const journal = new JournalBuilder()
  const task = journal.task(second)
  task.call(second, { asks: { tools: 3 } }).overloaded(second)
  task.call(1_300, elsewhere).answered(1_300)
  task.settle(3 * second, 'degraded', { claimed: true, source: 'fallback', labelled: true })
  expect(judge('contract-preserved', journal)).toMatchObject({ examined: 1, findings: [] })
})

test('a tool in the place of a schema keeps the contract, and an agent’s last turn needs no tools', () => {
  const journal = new JournalBuilder()
  const task = journal.task(second)
  task.call(second, { asks: { schema: true } }).overloaded(second)
  task.call(1_300, { ...elsewhere, asks: { tools: 1 } }).answered(1_300)
  task.call(3_000).answered(3_000)
  task.settle(5 * second, 'ok')
  expect(judge('contract-preserved', journal)).toMatchObject({ examined: 1, findings: [] })
})

test('a request that the first provider turned down too is no fault of the switch', () => {
  const journal = new JournalBuilder().warmUp(5)
  const task = journal.task(second)
  task.call(second).attempt(second, { status: 400, effect: 'pass' })
  task.call(1_300, elsewhere).attempt(1_300, { status: 400, effect: 'pass' })
  task.settle(2 * second, 'failed')
  expect(judge('fallback-is-valid', journal)).toMatchObject({ examined: 1, findings: [] })
})

test('a substitute that is down itself is not unfit, and one asked behind an open breaker may be', () => {
  expect(severities(judge('fallback-is-valid', asksElsewhere(503)))).toEqual([])
  const journal = new JournalBuilder().warmUp(5)
  const task = journal.task(second)
  task.call(second, elsewhere).attempt(second, { status: 404, effect: 'pass' })
  task.settle(2 * second, 'failed')
  expect(severities(judge('fallback-is-valid', journal))).toEqual(['fail'])
})

test('three rounds through a chain of two are a policy, and so is one that waits between them', () => {
  expect(severities(judge('fallback-independence', toAndFro(3)))).toEqual([])
  const journal = new JournalBuilder()
  const task = journal.task(second)
  const [first, other] = [task.call(second), task.call(second + 1, elsewhere)]
  for (let round = 0; round < 10; round++) {
    first.overloaded(second + round * 45 * second)
    other.overloaded(second + round * 45 * second + 300)
  }
  expect(judge('fallback-independence', journal)).toMatchObject({ examined: 1, findings: [] })
})

test('a task that was turned away by a breaker, or that failed for its own fault, need not go over', () => {
  const journal = leftAlone(400, false)
  journal.task(5 * minute).settle(5 * minute + 5, 'failed', { error: 'BreakerOpenError' })
  expect(judge('fallback-fires', journal)).toMatchObject({ examined: 0 })
})

test('which failures are to be covered is a scenario’s to say', () => {
  expect(severities(judge('fallback-fires', leftAlone(429, false), { on: '503, reset' }))).toEqual([])
  expect(severities(judge('fallback-fires', leftAlone(400, false), { on: '400' }))).toEqual(['fail'])
})

test('slow answers that take longer than a person waits may be given up', () => {
  expect(judge('slow-is-not-dead', slowAnswers(12), { within: 15_000 })).toMatchObject({ examined: 0 })
})

test('a stale connection under a hedge, or at the end of a process, is nobody’s', () => {
  const journal = new JournalBuilder()
  const stale = { fault: 'idle-close', effect: 'reset', outcome: 'reset', endAfter: 5, bytes: 0 } as const
  const hedged = journal.task(second)
  hedged.call().attempt(second, stale)
  hedged.call(second + 1, { model: 'other' }).answered(second + 1)
  hedged.settle(3 * second, 'ok')
  const gone = journal.task(minute)
  gone.call().attempt(minute, stale)
  gone.settle(minute + 10, 'failed', { lostTo: 'crash' })
  expect(judge('stale-sockets-are-retried', journal)).toMatchObject({ examined: 2, findings: [] })
})

test('work that goes over as it fails is no herd, and what a burst of new tasks brings is theirs', () => {
  const journal = new JournalBuilder().warmUp(5)
  for (let i = 0; i < 60; i++) {
    const t = minute + i * 10
    const task = journal.task(t)
    task.call(t).overloaded(t)
    task.call(t + 300, elsewhere).answered(t + 300)
    task.settle(t + 1_900, 'ok', { claimed: true, source: 'fallback' })
  }
  expect(judge('fallback-spares-the-secondary', journal)).toMatchObject({ examined: 60, findings: [] })
})
