import { expect, test } from 'vitest'
import { defineIntegration, runScenario } from '../../../src/index.ts'
import { jsonReport } from '../../../src/reports/json.ts'

const scenario = `
blackstart: 1
id: two-laps
phases:
  - repeat:
      times: 2
      phases:
        - { name: down, for: 1m, faults: [{ surface: api, fault: overloaded }] }
        - { name: up, for: 1m }
`

const asksTwice = defineIntegration({
  name: 'asks-twice',
  async perform(_app, { prompt }) {
    const ask = () =>
      fetch('https://api.anthropic.com/v1/messages', {
        method: 'POST',
        headers: { 'x-api-key': process.env['ANTHROPIC_API_KEY'] ?? '', 'anthropic-version': '2023-06-01' },
        body: JSON.stringify({
          model: 'claude-sonnet-5',
          max_tokens: 100,
          messages: [{ role: 'user', content: prompt }],
        }),
      })
    const first = await ask()
    if (first.ok) return first
    await new Promise(resolve => setTimeout(resolve, 2_000))
    const second = await ask()
    if (!second.ok) throw new Error(`status ${second.status}`)
    return second
  },
})

test('the JSON report counts each lap of each phase by itself, and what came after', async () => {
  const { phases, tasks, attempts } = jsonReport(
    await runScenario({ scenario, integration: asksTwice, users: 4, thinkMs: 5_000 }),
  )

  expect(phases.map(({ phase }) => phase)).toEqual(['down', 'up', 'down#2', 'up#2', 'healed'])
  const [down, up, , , healed] = phases
  expect(down).toMatchObject({ startMs: 0, endMs: 60_000, attemptsPerCall: 2 })
  expect(down?.byOutcome['failed']).toBeGreaterThan(5)
  expect(down?.p50Ms).toBeGreaterThan(2_000)
  expect(up?.byOutcome['failed']).toBeUndefined()
  expect(up?.attemptsPerCall).toBe(1)
  expect(healed?.startMs).toBe(240_000)
  const total = (key: 'tasks' | 'attempts') => phases.reduce((sum, phase) => sum + phase[key], 0)
  expect(total('tasks')).toBe(tasks.total)
  expect(total('attempts')).toBe(attempts)
})
