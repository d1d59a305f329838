import { expect, test } from 'vitest'
import { runScenario } from '../../../src/run/run-scenario.ts'

const integration = { name: 'none', perform: () => 'x' }
const scenario = `
blackstart: 1
id: down
phases:
  - { name: down, for: 1m, faults: [{ surface: api, fault: overloaded }] }
`

test('a threshold of an oracle that does not exist is refused, with what was meant', async () => {
  const run = runScenario({ scenario, integration, thresholds: { setles: { within: 1_000 } } })

  await expect(run).rejects.toMatchObject({
    message: '"thresholds" names "setles", and there is no such oracle.',
    hint: 'Did you mean settles?',
  })
})

test('an id in the place of a scenario is told apart from broken YAML', async () => {
  await expect(runScenario({ scenario: 'global-down', integration })).rejects.toThrow(
    '"global-down" is no scenario: runScenario takes its YAML, or a parsed one.',
  )
})
