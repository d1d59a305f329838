import { Anthropic } from '@anthropic-ai/sdk'
import OpenAI4 from 'openai-4'
import { expect, test } from 'vitest'
import bareOpenai from '../../../src/clients/bare-openai.ts'
import { defineIntegration } from '../../../src/index.ts'
import { eventsOf, outcomesOf, run, statusesOf } from './support.ts'

const openaiScenario = (...phases: string[]) =>
  `blackstart: 1\nid: small\ntitle: A small one\nprovider: openai\nphases:\n${phases.map(p => `  - ${p}\n`).join('')}`

const limited = openaiScenario(
  '{ name: busy, for: 4m, faults: [{ surface: api.responses, fault: overloaded, share: 30% }] }',
  '{ name: scarce, for: 4m, limits: [{ surface: api, requests: 6/m, per: key, burst: 2, retry_after: { as: ms } }] }',
)

test('the shipped client goes through an outage of OpenAI, the same way twice', async () => {
  const first = await run(bareOpenai, { scenario: limited })
  const second = await run(bareOpenai, { scenario: limited })

  expect(first.journalHash).toBe(second.journalHash)
  expect(statusesOf(first)).toEqual([200, 429, 503])
  expect(outcomesOf(first)['ok']).toBeGreaterThan(20)
  const started = eventsOf(first, 'attempt-started')
  expect(new Set(started.map(({ provider, surface, key }) => `${provider} ${surface} ${key}`))).toEqual(
    new Set(['openai api.responses canary']),
  )
  expect(new Set(started.map(({ streaming }) => streaming))).toEqual(new Set([true, false]))
  expect(first.faults.map(({ status }) => status)).toEqual(['landed', 'landed'])
})

/** The SDK of before 2025, which speaks `node:http` through node-fetch. */
const older = defineIntegration<OpenAI4>({
  name: 'older',
  start: () => new OpenAI4(),
  perform: async (openai, { prompt, stream }) => {
    const params = { model: 'gpt-5.4-mini', messages: [{ role: 'user' as const, content: prompt }] }
    if (!stream) return (await openai.chat.completions.create(params)).choices[0]?.message.content ?? ''
    let text = ''
    for await (const chunk of await openai.chat.completions.create({ ...params, stream: true }))
      text += chunk.choices[0]?.delta.content ?? ''
    return text
  },
})

test('the older SDK is reached on its sockets, and sees resets, cuts and errors there', async () => {
  const scenario = openaiScenario(
    '{ name: odd, for: 5m, faults: [{ surface: api, share: 60%, mix: [{ fault: reset, share: 30% }, { fault: overloaded, share: 30% }, { fault: { stream-cut: { after: 4 events } }, share: 30% }] }] }',
  )

  const first = await run(older, { scenario })
  const second = await run(older, { scenario })

  expect(first.journalHash).toBe(second.journalHash)
  expect(statusesOf(first)).toEqual([200, 503])
  expect(outcomesOf(first)['ok']).toBeGreaterThan(20)
  expect(eventsOf(first, 'attempt-started').every(({ surface }) => surface === 'api.chat-completions')).toBe(true)
  expect(eventsOf(first, 'attempt-started').some(({ retryCount }) => retryCount === 1)).toBe(true)
})

interface Both {
  readonly claude: Anthropic
  readonly gpt: OpenAI4
}

/** Claude, and GPT where Claude fails; `key`: what it shows to OpenAI. */
const withFallback = (key?: string) =>
  defineIntegration<Both>({
    name: 'with-fallback',
    start: ({ env }) => ({
      claude: new Anthropic({ maxRetries: 1 }),
      gpt: new OpenAI4({ maxRetries: 1, ...(key !== undefined && { apiKey: env[key] }) }),
    }),
    perform: async ({ claude, gpt }, { prompt }) => {
      const messages = [{ role: 'user' as const, content: prompt }]
      try {
        const message = await claude.messages.create({ model: 'claude-sonnet-5-5', max_tokens: 512, messages })
        return message.content.map(block => (block.type === 'text' ? block.text : '')).join('')
      } catch {
        const { choices } = await gpt.chat.completions.create({ model: 'gpt-5.4-mini', messages })
        return choices[0]?.message.content ?? ''
      }
    },
  })

const both =
  'blackstart: 1\nid: both\ntitle: One down, then the other full\nprovider: anthropic\nphases:\n' +
  '  - { name: down, for: 4m, faults: [{ surface: api, fault: unavailable }] }\n' +
  '  - name: both\n    for: 4m\n    faults: [{ surface: api, fault: unavailable }]\n' +
  '    limits: [{ surface: openai.api, requests: 4/m, per: key, burst: 2, retry_after: { as: seconds } }]\n'

test('an app falls back from one provider to the other, and its diverted load is more than that one lets in', async () => {
  const result = await run(withFallback(), { scenario: both })

  const attempts = eventsOf(result, 'attempt-started')
  const seen = (phase: string) =>
    new Set(attempts.filter(attempt => attempt.phase === phase).map(({ provider, effect }) => `${provider} ${effect}`))
  expect(seen('steady-state')).toEqual(new Set(['anthropic pass']))
  expect(seen('down')).toEqual(new Set(['anthropic answer', 'openai pass']))
  expect(seen('both')).toEqual(new Set(['anthropic answer', 'openai pass', 'openai limited']))
  expect(statusesOf(result)).toEqual([200, 429, 503])
  expect(eventsOf(result, 'note').map(({ kind }) => kind)).not.toContain('key-leak')
  expect(result.faults.map(({ status }) => status)).toEqual(['landed', 'landed', 'landed'])
})

test("the first provider's key shown to the second is a leak, and opens nothing there", async () => {
  const result = await run(withFallback('ANTHROPIC_API_KEY'), { scenario: both })

  expect(eventsOf(result, 'note').filter(({ kind }) => kind === 'key-leak')).toMatchObject([
    { says: 'The key of anthropic was sent to openai.' },
  ])
  const ids = new Set(
    eventsOf(result, 'attempt-started').flatMap(({ provider, attempt }) => (provider === 'openai' ? [attempt] : [])),
  )
  const statuses = eventsOf(result, 'attempt-headers').flatMap(({ attempt, status }) =>
    ids.has(attempt) ? [status] : [],
  )
  expect(new Set(statuses)).toContain(401)
  expect(statuses).not.toContain(200)
})
