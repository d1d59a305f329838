import { expect, test } from 'vitest'
import type { Scenario } from '../../../src/model/scenario.ts'
import { binomialLower } from '../../../src/oracles/binomial.ts'
import { failedTask, healthyTask, JournalBuilder, minute, second } from '../../support/journal-builder.ts'
import { afterwards, hangsUp, tenants } from '../../support/journals/overload.ts'
import { judge, severities } from './support.ts'

test.each([
  [0, []],
  [5, []],
  [6, ['warn']],
])('goodput-ratio: %i of 50 good answers hung up on', (count, expected) => {
  expect(severities(judge('goodput-ratio', hangsUp(count)))).toEqual(expected)
})

test('goodput-ratio does not count the loser of a hedge', () => {
  const journal = new JournalBuilder()
  for (let i = 0; i < 50; i++) {
    const t = i * 10 * second
    const task = journal.task(t)
    task
      .call()
      .attempt(t, { processed: 'answered', headersAfter: 3_000, outcome: 'aborted' })
      .attempt(t + 2_000, { processed: 'answered', headersAfter: 900, status: 200 })
    task.settle(t + 3_000, 'ok')
  }

  expect(judge('goodput-ratio', journal)).toMatchObject({ examined: 100, findings: [] })
})

test('forty-nine good answers in an outage are too few to judge', () => {
  const journal = new JournalBuilder()
  for (let i = 0; i < 49; i++)
    journal.call(i * second).attempt(i * second, { processed: 'answered', outcome: 'aborted' })

  expect(judge('goodput-ratio', journal).vacuous).toMatch(/fewer than 50/)
})

test.each([
  [40, []],
  [30, []],
  [5, ['warn']],
])('fairness: 40 of 50 tasks of one tenant are answered, and %i of 50 of the other', (answered, expected) => {
  expect(severities(judge('fairness', tenants(answered)))).toEqual(expected)
})

test('fairness leaves to chance what chance does', () => {
  // 11 % against 23 %, of fifty each.
  const journal = new JournalBuilder()
  for (let i = 0; i < 52; i++)
    for (const [tenant, good] of [
      ['tenant-1', 12],
      ['tenant-2', 6],
    ] as const) {
      const t = second + i * 10 * second
      if (i < good) healthyTask(journal, t, { tenant })
      else failedTask(journal, t, { tenant })
    }

  expect(judge('fairness', journal)).toMatchObject({ examined: 104, findings: [] })
})

test('fairness is not asked for where the scenario itself makes a difference', () => {
  const scenario: Scenario = {
    ...{ blackstart: 1, id: 'one-tenant', provider: 'anthropic' },
    phases: [
      {
        ...{ name: 'down', for: 10 * minute },
        faults: [{ surface: ['api'], fault: { id: 'overloaded', params: {} }, when: { tenant: ['tenant-2'] } }],
      },
    ],
  }
  const journal = new JournalBuilder(scenario, '')
  for (let i = 0; i < 60; i++) {
    healthyTask(journal, i * second, { tenant: 'tenant-1' })
    failedTask(journal, i * second, { tenant: 'tenant-2' })
  }

  expect(judge('fairness', journal).vacuous).toMatch(/the scenario itself/)
})

test.each([
  [2, 10, 0.2, 0.6778],
  [0, 10, 0.5, 0.000977],
  [5, 5, 0.3, 1],
  [6, 52, 0.173, 0.1775],
])('P(X <= %i) of %i draws at %f is %f', (k, n, p, expected) => {
  expect(binomialLower(k, n, p)).toBeCloseTo(expected, 2)
})

test.each([
  [0, []],
  [2, []],
  [3, ['warn']],
])('return-to-baseline: %i retries among a hundred calls to a healthy provider', (retries, expected) => {
  expect(severities(judge('return-to-baseline', afterwards(retries)))).toEqual(expected)
})

test('return-to-baseline: a call that hung through the outage may be tried again after it', () => {
  const journal = afterwards(0)
  for (let i = 0; i < 10; i++)
    journal
      .call(9 * minute)
      .attempt(9 * minute, { headersAfter: 4 * minute, outcome: 'headers-timeout' })
      .answered(13 * minute + 500)

  expect(severities(judge('return-to-baseline', journal))).toEqual([])
})

test('return-to-baseline: what is still open after ten minutes is leaked', () => {
  const journal = new JournalBuilder()
  journal.call(minute).attempt(minute, { status: 200, endAfter: null })
  journal.call(10 * minute).attempt(10 * minute, { status: 200, endAfter: null })

  expect(judge('return-to-baseline', journal).findings).toMatchObject([
    { severity: 'warn', evidence: ['a1'], message: expect.stringMatching(/^1 connection still open/) },
  ])
})
