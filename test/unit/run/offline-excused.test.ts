import { expect, test } from 'vitest'
import { defineIntegration } from '../../../src/index.ts'
import { messagesBody, messagesHeaders, messagesUrl, run } from './support.ts'

const outageThenOffline = `blackstart: 1
id: outage-then-offline
phases:
  - { name: down, for: 2m, faults: [{ surface: api, fault: overloaded, share: 30% }] }
  - { name: quiet, for: 15m }
events:
  - { at: quiet + 5m, offline: 2m }
`

/** Tries once; fails for good once it has seen `fatal` failures. */
function client(fatal = Number.POSITIVE_INFINITY) {
  let failures = 0
  return defineIntegration({
    name: 'tries-once',
    async perform(_, { prompt }) {
      if (failures >= fatal) throw new Error('given up')
      try {
        const response = await fetch(messagesUrl, {
          method: 'POST',
          headers: messagesHeaders(),
          body: messagesBody(prompt),
        })
        if (!response.ok) throw new Error(`status ${response.status}`)
        return await response.json()
      } catch (error) {
        failures++
        throw error
      }
    },
  })
}

test('a client that fails honestly while its own network is gone is not told that it never recovered', async () => {
  const result = await run(client(), { scenario: outageThenOffline })

  expect(result.journal.some(event => event.type === 'client-event' && event.event === 'offline')).toBe(true)
  expect(result.findings).toEqual([])
  expect(result.oracles.find(({ id }) => id === 'recovers')).toMatchObject({ status: 'pass' })
})

test('a client that stays down after it is', async () => {
  const result = await run(client(25), { scenario: outageThenOffline })

  expect(result.findings.map(({ oracle }) => oracle)).toContain('recovers')
})
