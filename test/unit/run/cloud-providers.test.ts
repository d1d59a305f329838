import { afterEach, beforeAll, expect, test } from 'vitest'
import type { Integration, RunResult } from '../../../src/index.ts'
import { runScenario } from '../../../src/index.ts'
import { loadClient } from '../../../src/run/load-client.ts'
import { eventsOf, outcomesOf, statusesOf } from './support.ts'

const providers = ['gemini', 'bedrock', 'vertex'] as const
const loaded = new Map<string, Awaited<ReturnType<typeof loadClient>>>()

beforeAll(async () => {
  for (const provider of providers) loaded.set(provider, await loadClient(`bare-${provider}`))
  return async () => {
    for (const client of loaded.values()) await client.close()
  }
})
afterEach(() => {
  expect(process.env['GOOGLE_APPLICATION_CREDENTIALS']).toBeUndefined()
})

function scenario(provider: string, fault: string): string {
  return `blackstart: 1\nid: small\ntitle: A small one\nprovider: ${provider}\nphases:\n  - { name: down, for: 5m, faults: [${fault}] }\n`
}

function run(provider: (typeof providers)[number], fault: string): Promise<RunResult> {
  const integration = loaded.get(provider)?.integration
  if (!integration) throw new Error(`No client for ${provider}`)
  return runScenario({ scenario: scenario(provider, fault), users: 3, thinkMs: 10_000, integration })
}

function surfacesOf(result: RunResult): readonly string[] {
  const surfaces = eventsOf(result, 'attempt-started').map(({ provider, surface }) => `${provider}.${surface}`)
  return [...new Set(surfaces)].toSorted()
}

test.each([
  ['gemini', 503, ['gemini.api.generate']],
  ['bedrock', 503, ['bedrock.api.invoke']],
  ['vertex', 529, ['vertex.api.messages', 'vertex.login']],
] as const)(
  'the shipped client of %s lives through an overload, and the same again',
  async (provider, status, surfaces) => {
    const fault = '{ surface: api, fault: overloaded, share: 50% }'

    const [first, second] = [await run(provider, fault), await run(provider, fault)]

    expect(statusesOf(first)).toEqual([200, status])
    expect(surfacesOf(first)).toEqual(surfaces)
    expect(outcomesOf(first)['ok']).toBeGreaterThan(50)
    expect(eventsOf(first, 'note')).toEqual([])
    expect(new Set(eventsOf(first, 'attempt-started').map(({ key }) => key))).toEqual(new Set(['canary']))
    expect(second.journalHash).toBe(first.journalHash)
  },
)

test.each([
  ['bedrock', 'us-east-1'],
  ['vertex', 'us-east5'],
] as const)('%s can be down in one region alone', async (provider, region) => {
  const inRegion = await run(provider, `{ surface: api, fault: unavailable, when: { region: ${region} } }`)
  const elsewhere = await run(provider, '{ surface: api, fault: unavailable, when: { region: mars-1 } }')

  expect(statusesOf(inRegion)).toEqual([200, 503])
  expect(statusesOf(elsewhere)).toEqual([200])
})

test.each(['bedrock', 'vertex'] as const)(
  'a stream of %s that is cut short is seen as no whole answer',
  async provider => {
    const result = await run(
      provider,
      '{ surface: api, fault: { stream-cut: { after: 4 events } }, when: { streaming: true } }',
    )

    const cut = eventsOf(result, 'attempt-ended').filter(({ outcome }) => outcome === 'cut')
    expect(cut.length).toBeGreaterThan(2)
    expect(
      eventsOf(result, 'task-settled').filter(({ t, answer }) => t >= 0 && answer === 'complete').length,
    ).toBeGreaterThan(20)
  },
)

test('tokens of Google can fail alone: a client that needs a new one fails, the API does not', async () => {
  const fault = '{ surface: login, fault: unavailable }'
  const result = await run('vertex', fault)
  const fresh = loaded.get('vertex')?.integration as Integration
  // One that begins anew with every task needs a token each time.
  const forgetful: Integration = {
    name: 'forgetful',
    perform: async (_, task, context) =>
      fresh.perform(await fresh.start?.({ env: {}, instance: 0 } as never), task, context),
  }
  const broken = await runScenario({
    scenario: scenario('vertex', fault),
    users: 2,
    thinkMs: 20_000,
    integration: forgetful,
  })

  expect(statusesOf(result)).toEqual([200])
  const failed = eventsOf(broken, 'attempt-headers').filter(({ t, status }) => t >= 0 && status === 503)
  expect(failed.length).toBeGreaterThan(3)
  expect(outcomesOf(broken)['failed']).toBeGreaterThan(3)
}, 30_000)

test("another provider's key on Bedrock is a leak", async () => {
  const url = 'https://bedrock-runtime.us-east-1.amazonaws.com/model/anthropic.claude-haiku-4-5-20251001-v1%3A0/invoke'
  const leaky: Integration = {
    name: 'leaky',
    async perform(_, { prompt }) {
      const headers = { authorization: `Bearer ${process.env['ANTHROPIC_API_KEY']}` }
      const body = {
        anthropic_version: 'bedrock-2023-05-31',
        max_tokens: 200,
        messages: [{ role: 'user', content: prompt }],
      }
      return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).json()
    },
  }

  const result = await runScenario({
    scenario: scenario('bedrock', '{ surface: api, fault: overloaded, share: 50% }'),
    users: 2,
    thinkMs: 20_000,
    integration: leaky,
  })

  expect(eventsOf(result, 'note')).toEqual([
    expect.objectContaining({ kind: 'key-leak', says: 'The key of anthropic was sent to bedrock.' }),
  ])
})
