import { expect, test } from 'vitest'
import { underConfig } from '../../../../src/run/config/apply-config.ts'
import { type LoadedConfig, noConfig } from '../../../../src/run/config/load-config.ts'
import { fakeScenario } from '../../../support/fake-result.ts'

const config = (change: Partial<LoadedConfig>): LoadedConfig => ({ ...noConfig, ...change })

test('a config that says nothing leaves the very same scenario', () => {
  expect(underConfig(fakeScenario, noConfig)).toBe(fakeScenario)
})

test('the scenario’s own words win, key by key', () => {
  const own = { ...fakeScenario, seed: 3, workload: { users: 10 }, steady_state: { within: 500 } }
  const merged = underConfig(
    own,
    config({ seed: 7, workload: { users: 99, tenants: 5 }, steady_state: { for: 60_000, within: 9 } }),
  )

  expect(merged.seed).toBe(3)
  expect(merged.workload).toEqual({ users: 10, tenants: 5 })
  expect(merged.steady_state).toEqual({ for: 60_000, within: 500 })
})

test('whoever says how fast tasks come says all of it', () => {
  const merged = underConfig(
    { ...fakeScenario, workload: { tasks: 100 } },
    config({ workload: { think: 5_000, arrivals: 6, users: 4 } }),
  )

  expect(merged.workload).toEqual({ tasks: 100, users: 4 })
})

test('answers of the scenario are tried before those of the config', () => {
  const merged = underConfig(
    { ...fakeScenario, answers: [{ says: 'scenario' }] },
    config({ answers: [{ says: 'config' }] }),
  )

  expect(merged.answers).toEqual([{ says: 'scenario' }, { says: 'config' }])
})

test('an oracle that is off is judged where a scenario asks for it by name', () => {
  const off = config({ thresholds: { settles: 'off', order: { window: 3 } } })

  expect(underConfig(fakeScenario, off).expect).toEqual([{ oracle: 'settles', off: true }])
  const asked = { ...fakeScenario, expect: [{ oracle: 'settles' }] }
  expect(underConfig(asked, off)).toBe(asked)
})

test('what a search found carries all it needs', () => {
  const found = { ...fakeScenario, found: { oracle: 'settles', verdict: 'fail' } as const }

  expect(underConfig(found, config({ workload: { users: 3 } }))).toBe(found)
})
