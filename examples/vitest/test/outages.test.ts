import 'blackstart/vitest'
import { runScenario } from 'blackstart'
import { expect, test } from 'vitest'
import client from '../outage-client.ts'

test.each(['chat-before-api', 'global-down', 'flapping'])('we get through %s', async scenario => {
  await expect(client).toSurvive(scenario, { users: 10 })
})

test('we are back two minutes after the provider is', async () => {
  const scenario = `
blackstart: 1
id: short
provider: anthropic
phases:
  - { name: off, for: 10m, faults: [{ surface: api, fault: unavailable }] }
  - { name: on, for: 10m }
`
  const result = await runScenario({ scenario, integration: client, users: 10 })

  expect(result).toRecoverWithin('2m')
})

test('none of a few generated outages breaks it', { timeout: 120_000 }, async () => {
  await expect(client).toSurviveAnyOutage({ runs: 5, corpus: false })
})
