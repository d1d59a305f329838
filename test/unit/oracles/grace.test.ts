import { expect, test } from 'vitest'
import { faultParams } from '../../../src/model/fault.ts'
import type { Scenario } from '../../../src/model/scenario.ts'
import { graceMs } from '../../../src/oracles/grace.ts'
import { recovers } from '../../../src/oracles/recovers.ts'
import { failedTask, JournalBuilder, minute, outage, planOf } from '../../support/journal-builder.ts'

const within = (ms?: number) => faultParams(recovers.params, ms === undefined ? {} : { within: ms })

/** Ten minutes of outage at two tasks a second, before a provider that serves four a second: ten minutes to drain. */
const slowToDrain: Scenario = {
  ...outage,
  workload: { users: 60, think: 29_000 },
  capacity: [{ surface: ['api'], slots: 4, service: 1_000, max_wait: 3_600_000 }],
}

test('a client has two minutes, where the provider is back at once', () => {
  expect(graceMs(within(), planOf(outage))).toBe(2 * minute)
})

test('where the provider has a queue to work off, it has as long as that takes', () => {
  const grace = graceMs(within(), planOf(slowToDrain))

  // B / (r - λ) = 1,200 / (4 - 2) s.
  expect(grace).toBeGreaterThanOrEqual(10 * minute)
  expect(grace).toBeLessThan(10.5 * minute)
})

test('a scenario that says how long is taken at its word', () => {
  expect(graceMs(within(30_000), planOf(slowToDrain))).toBe(30_000)
})

test('who fails while the queue is being worked off is not accused of not recovering; who fails after it is', () => {
  const failing = (fromMs: number, untilMs: number) => {
    const journal = new JournalBuilder(slowToDrain)
    for (let t = fromMs; t < untilMs; t += 10_000) failedTask(journal, t)
    return recovers.judge(journal.view(), within(), journal.plan)
  }

  expect(failing(12 * minute, 20 * minute).findings).toEqual([])
  expect(failing(12 * minute, 24 * minute).findings).toHaveLength(1)
})
