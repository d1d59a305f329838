import { expect, test } from 'vitest'
import type { Integration } from '../../../src/model/integration.ts'
import { judgeFreshStart } from '../../../src/run/fresh-start.ts'
import { runScenario } from '../../../src/run/run-scenario.ts'

const scenario = `
blackstart: 1
id: short
provider: anthropic
phases:
  - { name: down, for: 1m, faults: [{ surface: api, fault: overloaded }] }
`

const ask = async (prompt: string): Promise<string> => {
  const response = await fetch('https://api.anthropic.com/v1/messages', {
    method: 'POST',
    headers: { 'x-api-key': process.env['ANTHROPIC_API_KEY'] ?? '', 'anthropic-version': '2023-06-01' },
    body: JSON.stringify({ model: 'm', max_tokens: 50, messages: [{ role: 'user', content: prompt }] }),
  })
  if (!response.ok) throw new Error(`status ${response.status}`)
  const { content } = (await response.json()) as { content: { text: string }[] }
  return content.map(({ text }) => text).join('')
}

/** As a module of its own would be: `cache` stands for what lives at module level. */
const moduleWithCache = (): Integration => {
  const cache = new Map<string, string>()
  return {
    name: 'cached',
    perform: async (_, { prompt, question }) => {
      const known = cache.get(question)
      if (known !== undefined) return known
      const text = await ask(prompt)
      cache.set(question, text)
      return text
    },
  }
}

test('a client that keeps answers at module level is warned of, with the first difference', async () => {
  const used = moduleWithCache()
  const result = await judgeFreshStart(
    await runScenario({ scenario, integration: used, users: 5 }),
    used,
    moduleWithCache(),
  )

  const row = result.oracles.find(oracle => oracle.id === 'fresh-start')
  expect(row?.status).toBe('warn')
  expect(row?.findings[0]?.message).toMatch(
    /a request to anthropic\.api\.messages for task t1 became task t1 settled ok/,
  )
  expect(result.findings).toContainEqual(row?.findings[0])
})

test('a client that builds its state in start leaves nothing behind', async () => {
  const used: Integration = { name: 'plain', start: () => undefined, perform: (_, { prompt }) => ask(prompt) }
  const result = await judgeFreshStart(await runScenario({ scenario, integration: used, users: 5 }), used, { ...used })

  const row = result.oracles.find(oracle => oracle.id === 'fresh-start')
  expect(row).toMatchObject({ status: 'pass', findings: [] })
  expect(row?.examined).toBeGreaterThan(20)
})
