import fc from 'fast-check'
import { expect, test } from 'vitest'
import { oracles } from '../../../src/oracles/index.ts'
import { failedTask, healthyTask, JournalBuilder, minute, planOf, second } from '../../support/journal-builder.ts'
import { agent, oracleJournals } from '../../support/oracle-journals.ts'
import { judge, severities } from './support.ts'

/** Policies nobody may be blamed for. */
const sound: Readonly<Record<string, (journal: JournalBuilder) => void>> = {
  'one attempt and an honest error': journal => {
    for (let i = 0; i < 60; i++) failedTask(journal, i * 5 * second)
  },
  'a worker that asks again every 30 s for as long as it takes': journal => {
    const task = journal.task(second)
    const call = task.call()
    for (let t = second; t < 10 * minute; t += 30.2 * second) call.overloaded(t)
    call.answered(10 * minute + 20 * second)
    task.settle(second + 50, 'queued', { claimed: true, source: 'queue', jobId: 'j1' })
  },
  'a patient worker whose key is rejected for a while': journal => {
    const call = journal.call(second)
    for (let t = second; t < 10 * minute; t += 31 * second) call.attempt(t, { status: 401 })
  },
  'an agent of ten turns, 50 s each': journal => agent(journal, second, 10, 50 * second),
  'a fallback to another provider, with the SDK’s retries on both': journal => {
    for (let i = 0; i < 10; i++) {
      const t = i * 20 * second
      const task = journal.task(t)
      task
        .call(t)
        .overloaded(t)
        .overloaded(t + 700)
      task.call(t + 1_000, { provider: 'openai', surface: 'api', model: 'gpt' }).answered(t + 1_000)
      task.settle(t + 2_500, 'ok', { claimed: true, source: 'fallback' })
    }
  },
  'a fallback to another model within one call': journal => {
    const task = journal.task(second)
    const call = task.call()
    call.overloaded(second).overloaded(1_700)
    call.attempt(2_000, { status: 529, model: 'claude-small', bodyHash: 'b1-small' })
    call.attempt(2_700, { status: 200, model: 'claude-small', bodyHash: 'b1-small' })
    task.settle(3 * second, 'ok')
  },
  'twenty retries, each as late as retry-after asked': journal => {
    const call = journal.call(second)
    for (let n = 0; n < 20; n++) call.attempt(second + n * 5_200, { status: 429, retryAfterMs: 5_000 })
  },
  'a 401 answered by another key': journal => {
    const task = journal.task(second)
    const call = task.call()
    for (const [i, key] of ['key-1', 'key-2', 'key-3', 'key-4', 'key-5'].entries())
      call.attempt(second + i * 300, { status: i === 4 ? 200 : 401, key })
    task.settle(3 * second, 'ok')
  },
  'an answer from the cache, said to be one': journal => {
    const task = journal.task(second)
    task.settle(second + 5, 'ok', { claimed: true, answer: 'none', source: 'cache', ageMs: 60_000 })
  },
  'two tasks that share one attempt': journal => {
    const first = journal.task(second, { question: 'same' })
    const other = journal.task(second + 100, { question: 'same' })
    first.call().answered(second)
    first.settle(3 * second, 'ok', { claimed: true, answer: 'none' })
    other.settle(3 * second, 'ok', { claimed: true, answer: 'none' })
  },
}

test.each(Object.entries(sound))('no default oracle finds fault with %s', (_, play) => {
  const journal = new JournalBuilder()
  play(journal)
  for (let i = 0; i < 8; i++) healthyTask(journal, 12 * minute + i * 10 * second)

  for (const oracle of oracles.values())
    if (oracle.byDefault) expect(severities(judge(oracle.id, journal)), oracle.id).toEqual([])
})

test.each([...oracles.values()])('$id is vacuous on a run in which nothing happened, and says why', ({ id }) => {
  const judgement = judge(id, new JournalBuilder())

  expect(judgement.examined).toBe(0)
  expect(judgement.vacuous).toMatch(/\w+ \w+/)
  expect(judgement.findings).toEqual([])
})

test.each([...oracles.values()])('$id does not judge the warm-up', ({ id }) => {
  const journal = new JournalBuilder()
  for (let i = 0; i < 60; i++) journal.task(-minute + i).settle(-30 * second, 'not-an-answer')

  expect(judge(id, journal)).toMatchObject({ examined: 0, findings: [] })
})

test('healthy tasks beside a passing run never make a default safety oracle fail', () => {
  const passing = oracleJournals().filter(({ expected }) => expected === 'pass')
  const safety = [...oracles.values()].filter(({ kind, byDefault }) => kind === 'safety' && byDefault)

  fc.assert(
    fc.property(
      fc.nat(passing.length - 1),
      fc.array(fc.record({ t: fc.integer({ min: 0, max: 14 * minute }), n: fc.integer({ min: 1, max: 5 }) })),
      (which, extra) => {
        // A journal takes tasks until it is read, so each try builds its own.
        const journal = oracleJournals().filter(({ expected }) => expected === 'pass')[which]?.journal
        if (!journal) throw new Error('in range')
        for (const { t, n } of extra) for (let i = 0; i < n; i++) healthyTask(journal, t + i * 40)
        for (const { id } of safety) expect(severities(judge(id, journal))).not.toContain('fail')
      },
    ),
    { numRuns: 60, seed: 1 },
  )
})

test('an hour of patience is patience however long the outage', () => {
  const hour = {
    name: 'blackout',
    for: 60 * minute,
    faults: [{ surface: ['api'], fault: { id: 'overloaded', params: {} } }],
  }
  const scenario = { blackstart: 1, id: 'hour', provider: 'anthropic', phases: [hour] } as const
  const journal = new JournalBuilder(scenario, '')
  const call = journal.call(0)
  for (let t = 0; t < 60 * minute; t += 31 * second) call.overloaded(t)

  expect(planOf(scenario).lengthMs).toBe(60 * minute)
  expect(judge('retry-amplification', journal)).toMatchObject({ examined: 1, findings: [] })
})
