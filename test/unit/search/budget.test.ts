import { expect, test } from 'vitest'
import type { Scenario } from '../../../src/model/scenario.ts'
import { runScenario } from '../../../src/run/run-scenario.ts'
import { eagerAndSorry, givesUpForGood, honest, sorry } from './clients.ts'

const minute = 60_000
const outage: Scenario = {
  blackstart: 1,
  id: 'down',
  provider: 'anthropic',
  workload: { users: 6, think: 20_000 },
  phases: [
    { name: 'well', for: 2 * minute },
    { name: 'down', for: 5 * minute, faults: [{ surface: ['api'], fault: { id: 'overloaded', params: {} } }] },
    { name: 'clear', for: 5 * minute },
  ],
}

const attemptsIn = ({ journal }: { journal: readonly { type: string; t: number }[] }) =>
  journal.filter(({ type, t }) => type === 'attempt-started' && t >= 0).length

test('a run ends with the request after its last', async () => {
  const result = await runScenario({ scenario: outage, integration: honest, attemptsAtMost: 40 })
  expect(attemptsIn(result)).toBe(41)
  expect(result.journal.at(-1)).toMatchObject({ type: 'run-ended', reason: 'cut' })
  expect(result).toMatchObject({ verdict: 'inconclusive', exitCode: 6, cut: 'it had made 40 requests' })
})

test('of a run that was cut nothing is said but what holds at any time', async () => {
  const result = await runScenario({ scenario: outage, integration: givesUpForGood, attemptsAtMost: 40 })
  expect(result.oracles.map(({ id }) => id)).not.toContain('recovers')
  expect(result.findings.filter(({ severity }) => severity === 'fail')).toEqual([])
  const whole = await runScenario({ scenario: outage, integration: givesUpForGood })
  expect(whole.findings.map(({ oracle }) => oracle)).toContain('recovers')
})

test('what was wrong by then is found', async () => {
  const result = await runScenario({ scenario: outage, integration: sorry, attemptsAtMost: 80 })
  expect(result).toMatchObject({ verdict: 'fail', exitCode: 1, reason: 'Failed: failure-is-not-success.' })
})

test('a run ends soon after the first failure that can be told at any time', async () => {
  const result = await runScenario({ scenario: outage, integration: sorry, endEarly: true })
  expect(result).toMatchObject({ verdict: 'fail', cut: 'failure-is-not-success had failed' })
  expect(result.journal.at(-1)?.t).toBeLessThan(8 * minute)
})

test('a run goes on where another oracle is the one to end it', async () => {
  const scenario = outage
  const one = await runScenario({ scenario, integration: eagerAndSorry, endEarly: ['bounded-attempts'] })
  expect(one.cut).toBe('bounded-attempts had failed')
  const other = await runScenario({ scenario, integration: sorry, endEarly: ['bounded-attempts'] })
  expect(other.cut).toBeUndefined()
  expect(other.journal.at(-1)).toMatchObject({ reason: 'complete' })
})

test('a budget that is not used up changes nothing', async () => {
  const plain = await runScenario({ scenario: outage, integration: honest })
  const watched = await runScenario({ scenario: outage, integration: honest, attemptsAtMost: 1_000, endEarly: true })
  expect(watched.journalHash).toBe(plain.journalHash)
  expect(watched.exitCode).toBe(0)
})

test('the hash of a found file is that of the scenario in it, whatever `found` and its comments say', async () => {
  const found = { oracle: 'settles', verdict: 'fail', journal_hash: 'abc' } as const
  const bare = await runScenario({ scenario: outage, integration: honest })
  const withFound = await runScenario({ scenario: { ...outage, found }, integration: honest })
  const withText = await runScenario({
    scenario: { ...outage, found },
    scenarioText: '# Words for people.\n',
    integration: honest,
  })
  expect(withFound.journalHash).toBe(bare.journalHash)
  expect(withText.journalHash).toBe(bare.journalHash)
})
