import { describe, expect, test } from 'vitest'
import { defineIntegration, type Integration } from '../../../src/index.ts'
import { readLedger } from '../../../src/journal/ledger.ts'
import { eventsOf, messagesBody, messagesHeaders, messagesUrl, run } from './support.ts'

/** Half of the refunds are done, and the answer that says so never arrives. */
const refundsLost = `blackstart: 1
id: refunds-lost
surfaces:
  refunds: { http: { host: tools.example, path: /refunds } }
  mail: { http: { host: tools.example } }
phases:
  - name: lost
    for: 5m
    faults:
      - { surface: refunds, fault: lost-response, share: 50% }
`

async function ask(prompt: string) {
  const response = await fetch(messagesUrl, { method: 'POST', headers: messagesHeaders(), body: messagesBody(prompt) })
  if (!response.ok) throw new Error(`status ${response.status}`)
  return response.json()
}

/** Refunds in every task, and tries again once when the answer does not come. */
function refunder(keyOf: (task: string, attempt: number) => string | undefined): Integration {
  return defineIntegration({
    name: 'refunder',
    async perform(_, { prompt, id }) {
      for (let attempt = 1; ; attempt++)
        try {
          const key = keyOf(id, attempt)
          const response = await fetch('https://tools.example/refunds', {
            method: 'POST',
            headers: { 'content-type': 'application/json', ...(key !== undefined && { 'idempotency-key': key }) },
            body: JSON.stringify({ task: id }),
          })
          if (!response.ok) throw new Error(`status ${response.status}`)
          break
        } catch (error) {
          if (attempt === 3) throw error
        }
      return ask(prompt)
    },
  })
}

describe('an HTTP surface of the scenario’s own', () => {
  test('fails as the scenario says, and is told by its name in the journal', async () => {
    const result = await run(
      refunder(task => task),
      { scenario: refundsLost },
    )

    const attempts = eventsOf(result, 'attempt-started').filter(({ provider }) => provider === 'http')
    expect(new Set(attempts.map(({ surface }) => surface))).toEqual(new Set(['refunds']))
    expect(attempts.filter(({ fault }) => fault === 'lost-response').length).toBeGreaterThan(10)
    expect(result.faults[0]).toMatchObject({ status: 'landed' })
  })

  test('a retry without a name does the same thing again, and the ledger shows it', async () => {
    const result = await run(
      refunder(() => undefined),
      { scenario: refundsLost },
    )

    const { duplicated, totals } = readLedger(result.journal)
    expect(duplicated.length).toBeGreaterThan(10)
    for (const { surface, times, tasks } of duplicated) {
      expect(surface).toBe('http.refunds')
      expect(times).toBeGreaterThan(1)
      expect(tasks).toHaveLength(1)
    }
    expect(totals?.sideEffects).toBeGreaterThan(eventsOf(result, 'task-started').length)
  })

  test('a retry under the same idempotency-key is done but once', async () => {
    const result = await run(
      refunder(task => `refund ${task}`),
      { scenario: refundsLost },
    )

    const { duplicated, lostResponses, totals } = readLedger(result.journal)
    expect(lostResponses.length).toBeGreaterThan(10)
    expect(duplicated).toEqual([])
    expect(totals?.sideEffects).toBe(new Set(eventsOf(result, 'side-effect').map(({ key }) => key)).size)
    expect(eventsOf(result, 'side-effect').some(({ done }) => !done)).toBe(true)
  })

  test('the longer path wins over the host alone', async () => {
    const client = defineIntegration({
      name: 'mailer',
      async perform(_, { prompt }) {
        await fetch('https://tools.example/refundsandmore', { method: 'POST', body: '{}' })
        await fetch('https://tools.example/refunds/7', { method: 'GET' })
        return ask(prompt)
      },
    })
    const result = await run(client, { scenario: refundsLost.replace('lost-response', 'unavailable') })

    const surfaces = eventsOf(result, 'attempt-started').flatMap(({ provider, surface }) =>
      provider === 'http' ? [surface] : [],
    )
    expect(new Set(surfaces)).toEqual(new Set(['mail', 'refunds']))
    expect(eventsOf(result, 'side-effect').every(({ surface }) => surface === 'http.mail')).toBe(true)
  })

  test('another provider’s key on it is a leak', async () => {
    const client = defineIntegration({
      name: 'leaky',
      async perform(_, { prompt }) {
        await fetch('https://tools.example/refunds', { method: 'POST', headers: messagesHeaders(), body: '{}' })
        return ask(prompt)
      },
    })
    const result = await run(client, { scenario: refundsLost })

    expect(eventsOf(result, 'note').map(({ says }) => says)).toContain('The key of anthropic was sent to http.')
  })
})

describe('a gateway in front of a provider', () => {
  const addresses = { anthropic: 'https://gateway.example/claude/eu' }
  const client = defineIntegration({
    name: 'behind-a-gateway',
    start: ({ env }) => env['ANTHROPIC_BASE_URL'] ?? '',
    async perform(base, { prompt }) {
      const response = await fetch(`${base}/v1/messages`, {
        method: 'POST',
        // No version header: the address alone tells whose request it is.
        headers: { 'content-type': 'application/json', 'x-api-key': process.env['ANTHROPIC_API_KEY'] ?? '' },
        body: messagesBody(prompt),
      })
      if (!response.ok) throw new Error(`status ${response.status}`)
      return response.json()
    },
  })

  test('is where the client is sent, and its requests are the provider’s', async () => {
    const seen: string[] = []
    const result = await run(
      { ...client, start: context => void seen.push(context.env['ANTHROPIC_BASE_URL'] ?? '') as never },
      { addresses },
    )
    expect(seen).toEqual(['https://gateway.example/claude/eu'])
    expect(result.exitCode).toBe(3)

    const whole = await run(client as Integration, { addresses })
    const attempts = eventsOf(whole, 'attempt-started')
    expect(attempts.length).toBeGreaterThan(50)
    expect(attempts.every(({ provider, surface }) => provider === 'anthropic' && surface === 'api.messages')).toBe(true)
    expect(whole.faults[0]).toMatchObject({ status: 'landed' })
  })

  test('of a provider that does not exist is refused with what was meant', async () => {
    await expect(run(client as Integration, { addresses: { antropic: 'https://gateway.example' } })).rejects.toThrow(
      'There is no provider "antropic" to give an address.',
    )
    await expect(run(client as Integration, { addresses: { anthropic: 'gateway.example' } })).rejects.toThrow(
      'The address of anthropic is no URL: gateway.example',
    )
    for (const address of ['https://me:secret@gateway.example', 'https://gateway.example/?key=secret'])
      await expect(run(client as Integration, { addresses: { anthropic: address } })).rejects.toThrow(
        /^The address of anthropic has more than a host and a path\.$/,
      )
  })
})
