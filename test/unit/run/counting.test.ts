import { Anthropic } from '@anthropic-ai/sdk'
import { expect, test } from 'vitest'
import { defineIntegration } from '../../../src/index.ts'
import { eventsOf, model, outcomesOf, run, scenario } from './support.ts'

/** The real SDK with its own two retries, streaming every other task, with one key for each tenant. */
const app = defineIntegration<undefined>({
  name: 'retries-twice',
  async perform(_, { prompt, tenant, id }) {
    const client = new Anthropic({
      apiKey: `key-of-${tenant}`,
      logLevel: 'off',
      defaultHeaders: { 'blackstart-region': tenant === 'tenant-1' ? 'eu-west-1' : 'us-east-1' },
    })
    const body = { model, max_tokens: 64, messages: [{ role: 'user' as const, content: prompt }] }
    if (Number(id.slice(1)) % 2 === 0) return client.messages.create(body)
    let text = ''
    for await (const event of await client.messages.create({ ...body, stream: true }))
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') text += event.delta.text
    return text
  },
})

const down = (entry: string) => scenario(`{ name: down, for: 10m, faults: [{ surface: api, ${entry} }] }`)

/** Attempts that began while the fault was in force, in their order. */
async function attemptsUnder(entry: string) {
  const result = await run(app, { scenario: down(entry) })
  return eventsOf(result, 'attempt-started').filter(({ phase }) => phase === 'down')
}

/** The attempts of each call, as `x` for a hit and `.` for a pass. */
async function calls(entry: string): Promise<readonly string[]> {
  const byCall = Map.groupBy(await attemptsUnder(entry), ({ call }) => call)
  expect(byCall.size).toBeGreaterThan(50)
  return [...byCall.values()].map(list => list.map(({ fault }) => (fault === undefined ? '.' : 'x')).join(''))
}

test('`first: 2, per: call` fails two attempts of every call, and the third answers', async () => {
  expect(new Set(await calls('fault: overloaded, when: { first: 2, per: call }'))).toEqual(new Set(['xx.']))
})

test('`nth: 2, per: call` hits nobody whose first attempt is answered', async () => {
  expect(new Set(await calls('fault: overloaded, when: { nth: 2, per: call }'))).toEqual(new Set(['.']))
})

test('`first: 1, per: key` fails one attempt of each key', async () => {
  const seen = await calls('fault: overloaded, when: { first: 1, per: key }')

  expect(seen.filter(call => call === 'x.')).toHaveLength(3)
  expect(seen.filter(call => call === '.')).toHaveLength(seen.length - 3)
})

test('`every: 3` fails every third attempt, whose ever it is', async () => {
  const attempts = await attemptsUnder('fault: overloaded, when: { every: 3 }')

  expect(attempts.map(({ fault }) => fault !== undefined)).toEqual(attempts.map((_, i) => (i + 1) % 3 === 0))
})

test('`sticky: call` leaves a call no way out, and its neighbours alone', async () => {
  const seen = await calls('fault: overloaded, share: 40%, sticky: call')

  expect(new Set(seen)).toEqual(new Set(['xxx', '.']))
})

test('without `sticky` retries find their way', async () => {
  const seen = await calls('fault: overloaded, share: 40%')

  expect(seen).toContain('x.')
  expect(seen.filter(call => call === 'xxx').length).toBeLessThan(seen.length / 5)
})

test('`region`, `tenant` and `streaming` are what the request says, what the task says, and what was asked', async () => {
  const hit = async (when: string) => {
    const result = await run(app, { scenario: down(`fault: overloaded, when: ${when}`) })
    const tenants = new Map(eventsOf(result, 'task-started').map(({ task, tenant }) => [task, tenant]))
    return eventsOf(result, 'attempt-started')
      .filter(({ fault }) => fault !== undefined)
      .map(({ task, streaming }) => ({ tenant: tenants.get(task ?? ''), streaming }))
  }

  expect(new Set((await hit('{ region: eu-* }')).map(({ tenant }) => tenant))).toEqual(new Set(['tenant-1']))
  expect(new Set((await hit('{ tenant: [tenant-2, tenant-3] }')).map(({ tenant }) => tenant))).toEqual(
    new Set(['tenant-2', 'tenant-3']),
  )
  expect(new Set((await hit('{ streaming: true, model: "claude-*" }')).map(({ streaming }) => streaming))).toEqual(
    new Set([true]),
  )
  expect(await hit('{ model: "gpt-*" }')).toEqual([])
})

test('a limit `per: key` lets each key have its own rate', async () => {
  const limit = (per: string) =>
    scenario(`{ name: limited, for: 10m, limits: [{ surface: api, requests: 2/m, burst: 1, per: ${per} }] }`)
  const ok = async (per: string) => outcomesOf(await run(app, { scenario: limit(per), thinkMs: 20_000 }))['ok'] ?? 0

  expect(await ok('key')).toBeGreaterThan(await ok('org'))
})
