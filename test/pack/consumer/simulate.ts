// Run beside the packed tarball, under the vitest of each neighbour.
import Anthropic from '@anthropic-ai/sdk'
import { defineIntegration, outageHandlers, parseScenario, runScenario } from 'blackstart'
import { expect, test } from 'vitest'

const yaml = `
blackstart: 1
id: half-an-hour-off
title: Half an hour off
provider: anthropic
phases:
  - { name: off, for: 30m, faults: [{ surface: api, fault: overloaded }] }
  - { name: clear, for: 10m }
`

const client = defineIntegration<Anthropic>({
  name: 'one-try',
  start: () => new Anthropic({ maxRetries: 0, timeout: 20_000 }),
  perform: async (anthropic, { prompt }) => {
    const messages = [{ role: 'user' as const, content: prompt }]
    const answer = await anthropic.messages.create({ model: 'claude-sonnet-5-5', max_tokens: 64, messages })
    return answer
  },
})

test('an honest client comes through', async () => {
  const { scenario, diagnostics } = parseScenario(yaml)
  expect(diagnostics).toEqual([])
  if (!scenario) throw new Error('no scenario')

  const before = Date.now()
  const result = await runScenario({ scenario, integration: client, users: 5 })

  expect(result.findings).toEqual([])
  expect(result.verdict).toBe('pass')
  expect(result.simulatedMs).toBeGreaterThan(40 * 60_000)
  // The clock is the test's own again.
  expect(Date.now() - before).toBeLessThan(60_000)
})

test('handlers can be made here', () => {
  expect(outageHandlers(yaml)).toHaveLength(1)
})
