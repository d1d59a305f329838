import { expect, test } from 'vitest'
import aiSdkObjects from '../../../fixtures/apps/ai-sdk-objects.ts'
import langgraphAgent from '../../../fixtures/apps/langgraph-agent.ts'
import { type RunResult, runScenario } from '../../../src/index.ts'

const calm = 'blackstart: 1\nid: calm\nphases:\n  - { name: well, for: 3m }\n'

function outcomesOf({ journal }: RunResult): readonly string[] {
  return [...new Set(journal.flatMap(event => (event.type === 'task-settled' ? [event.outcome] : [])))]
}

test('a LangGraph agent finishes a healthy run: each tool once, then its answer', async () => {
  const result = await runScenario({ scenario: calm, integration: langgraphAgent, users: 3, thinkMs: 10_000 })

  expect(result.findings).toEqual([])
  expect(outcomesOf(result)).toEqual(['ok'])
  const tasks = result.journal.filter(({ type }) => type === 'task-settled').length
  expect(tasks).toBeGreaterThan(10)
  expect(result.journal.filter(({ type }) => type === 'call-started').length).toBeGreaterThanOrEqual(3 * tasks)
})

test('an app of the AI SDK that wants objects finishes a healthy run', async () => {
  const result = await runScenario({ scenario: calm, integration: aiSdkObjects, users: 3, thinkMs: 10_000 })

  expect(outcomesOf(result)).toEqual(['ok'])
  expect(result.findings).toEqual([])
})
