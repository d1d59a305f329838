import { Anthropic } from '@anthropic-ai/sdk'
import { expect, test } from 'vitest'
import { runScenario } from '../../../src/index.ts'
import type { Integration } from '../../../src/model/integration.ts'

const calm = 'blackstart: 1\nid: calm\nphases:\n  - { name: well, for: 1m }\n'

test('a client that a module builds when it is first asked is in the outage of whichever run asks it later', async () => {
  let kept: Anthropic | undefined
  const integration: Integration = {
    name: 'keeps-its-client',
    perform(_app, { prompt }) {
      kept ??= new Anthropic()
      return kept.messages.create({
        ...{ model: 'claude-sonnet-5-5', max_tokens: 100 },
        messages: [{ role: 'user', content: prompt }],
      })
    },
  }
  const run = () => runScenario({ scenario: calm, integration, users: 2, thinkMs: 10_000 })

  const first = await run()
  const second = await run()

  expect(second.journal.some(({ type }) => type === 'attempt-started')).toBe(true)
  expect(second.journalHash).toBe(first.journalHash)
})
