// Run and compiled beside the packed tarball, with each vitest.
import Anthropic from '@anthropic-ai/sdk'
import { defineIntegration, runScenario } from 'blackstart'
import { test } from 'blackstart/vitest'
import { expect } from 'vitest'

const scenario = `
blackstart: 1
id: ten-minutes-off
provider: anthropic
workload: { users: 5, tasks: 60 }
phases:
  - { name: off, for: 10m, faults: [{ surface: api, fault: overloaded }] }
  - { name: on, for: 10m }
`
const request = {
  model: 'claude-sonnet-5-5',
  max_tokens: 64,
  messages: [{ role: 'user' as const, content: 'Hello' }],
}
const client = defineIntegration<Anthropic>({
  name: 'one-try',
  start: () => new Anthropic({ maxRetries: 0, timeout: 20_000 }),
  perform: (anthropic, { prompt }) =>
    anthropic.messages.create({ ...request, messages: [{ role: 'user', content: prompt }] }),
})

test('a moment of an outage', async ({ outage, task }) => {
  await outage.start(scenario, { seed: 2 })
  const anthropic = new Anthropic({ maxRetries: 0 })
  const type: 'message' = (await outage.run(() => anthropic.messages.create(request))).type
  expect(type).toBe('message')

  await outage.goto('off + 1m')
  await expect(outage.run(() => anthropic.messages.create(request))).rejects.toMatchObject({ status: 529 })

  expect(outage.attempts({ since: 'off' })).toHaveLength(1)
  expect(await outage.finish()).toHaveNoFindings()
  expect(task.meta).toEqual({ blackstart: { scenario: 'ten-minutes-off', seed: 2 } })
  expect(globalThis.setTimeout).not.toHaveProperty('clock')
})

test('a whole outage', async () => {
  await expect(client).toSurvive(scenario)
  await expect(expect(client).not.toSurvive(scenario)).rejects.toThrow('one-try survived ten-minutes-off')
})

test('the result of a run', async () => {
  const result = await runScenario({ scenario, integration: client })

  expect(result).toHaveNoFindings({ severity: 'fail' })
  expect(result).toRecoverWithin('2m', 'api')
  expect(() => expect(result).toHonourRetryAfter()).toThrow('no error answer carried a retry-after')
})

test('time stands still for who forgets to let it pass', { timeout: 30_000 }, async ({ outage }) => {
  await outage.start()
  outage.inject({ surface: 'api', fault: { unavailable: {} }, when: { streaming: false }, share: '100%', for: '1m' })
  const pending = outage.task(() => new Anthropic({ maxRetries: 0 }).messages.create(request))

  expect(outage.now).toBe(0)
  await expect(pending).rejects.toMatchObject({ status: 503 })
})
