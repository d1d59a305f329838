// Fails, and shows how: this assistant asks with the SDK's own defaults, so nobody ever gives up.
import 'blackstart/vitest'
import Anthropic from '@anthropic-ai/sdk'
import { defineIntegration } from 'blackstart'
import { expect, test } from 'vitest'

const client = defineIntegration<Anthropic>({
  name: 'without-a-deadline',
  start: () => new Anthropic(),
  perform: (anthropic, { prompt }) =>
    anthropic.messages.create({
      model: 'claude-sonnet-5-5',
      max_tokens: 512,
      messages: [{ role: 'user', content: prompt }],
    }),
})

test('an assistant without a deadline gets through an outage', async () => {
  await expect(client).toSurvive('global-down', { users: 10 })
})

test('the tests beside it are not affected', () => {
  expect(typeof fetch).toBe('function')
})
