import Anthropic, { toFile } from '@anthropic-ai/sdk'
import { expect, test } from 'vitest'
import { type Integration, runScenario } from '../../../src/index.ts'
import { eventsOf } from './support.ts'

const model = 'claude-haiku-4-5'

/** An app that asks in batches about a file, and waits for the results as the API tells it to. */
const batcher: Integration<Anthropic> = {
  name: 'batcher',
  start: () => new Anthropic({ maxRetries: 8, logLevel: 'off' }),
  async perform(anthropic, { prompt }) {
    const { id: file_id } = await anthropic.files.upload({ file: await toFile(Buffer.from(prompt), 'question.txt') })
    const content = [
      { type: 'document' as const, source: { type: 'file' as const, file_id } },
      { type: 'text' as const, text: prompt },
    ]
    const params = { model, max_tokens: 256, messages: [{ role: 'user' as const, content }] }
    let batch = await anthropic.messages.batches.create({ requests: [{ custom_id: 'only', params }] })
    while (batch.processing_status !== 'ended') {
      await new Promise(resolve => setTimeout(resolve, 30_000))
      batch = await anthropic.messages.batches.retrieve(batch.id)
    }
    for await (const { result } of await anthropic.messages.batches.results(batch.id))
      if (result.type === 'succeeded') return result.message
    throw new Error('No result')
  },
}

const run = (phases: string) =>
  runScenario({
    scenario: `blackstart: 1\nid: batches\nsteady_state: { for: 40m, at_least: 90%, within: 20m }\nphases:\n  - ${phases}\n`,
    integration: batcher,
    users: 2,
    thinkMs: 120_000,
  })

test('work in batches is done, and the same run gives the same journal', async () => {
  const one = await run('{ name: well, for: 30m }')
  const two = await run('{ name: well, for: 30m }')

  expect(new Set(eventsOf(one, 'task-settled').map(({ outcome }) => outcome))).toEqual(new Set(['ok']))
  expect(eventsOf(one, 'task-settled').length).toBeGreaterThan(4)
  expect(two.journalHash).toBe(one.journalHash)
})

test('batches are made within the rate limits, and rest while the API is down', async () => {
  const limited = await run('{ name: tight, for: 30m, limits: [{ surface: api.batches, requests: 2/m, burst: 2 }] }')
  const down = await run('{ name: down, for: 30m, faults: [{ surface: api.messages, fault: overloaded }] }')

  const statuses = eventsOf(limited, 'attempt-headers').map(({ status }) => status)
  expect(statuses).toContain(429)
  const ended = eventsOf(down, 'task-settled').filter(({ t }) => t > 600_000 && t < 1_800_000)
  expect(ended).toEqual([])
})
