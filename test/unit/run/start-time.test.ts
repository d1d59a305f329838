import { expect, test } from 'vitest'
import { defineIntegration } from '../../../src/index.ts'
import { eventsOf, messagesBody, messagesHeaders, messagesUrl, run, scenario } from './support.ts'

test('a start that takes its time lies before the warm-up, and time never goes back', async () => {
  const ask = async (prompt: string) => {
    const response = await fetch(messagesUrl, {
      method: 'POST',
      headers: messagesHeaders(),
      body: messagesBody(prompt),
    })
    if (!response.ok) throw new Error(`status ${response.status}`)
    return response.json()
  }
  const result = await run(
    defineIntegration({
      name: 'slow to start',
      start: async () => {
        await new Promise(resolve => setTimeout(resolve, 30_000))
        await ask('[q:warm] up')
        await new Promise(resolve => setTimeout(resolve, 40_000))
      },
      perform: (_, { prompt }) => ask(prompt),
    }),
    { instances: 2 },
  )

  const times = result.journal.map(({ t }) => t)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  const warmUp = eventsOf(result, 'phase-entered')[0]
  expect(warmUp).toMatchObject({ phase: 'steady-state', t: -120_000 })
  const startMs = -120_000 - (times[0] ?? 0)
  expect(startMs).toBeGreaterThan(140_000)
  expect(eventsOf(result, 'attempt-started')[0]?.t).toBe((times[0] ?? 0) + 30_000)
  expect(result.simulatedMs).toBe((times.at(-1) ?? 0) - (times[0] ?? 0))
})

test('a start that takes longer than the warm-up meets no outage: nothing of it has begun', async () => {
  const statuses: number[] = []
  const ask = async (prompt: string) => {
    const init = { method: 'POST', headers: messagesHeaders(), body: messagesBody(prompt) }
    const response = await fetch(messagesUrl, init)
    statuses.push(response.status)
    return response.json()
  }
  const result = await run(
    defineIntegration({
      name: 'very slow to start',
      start: async () => {
        await new Promise(resolve => setTimeout(resolve, 200_000))
        await ask('[q:warm] up')
      },
      perform: (_, { prompt }) => ask(prompt),
    }),
    { scenario: scenario('{ name: down, for: 5m, faults: [{ surface: api, fault: overloaded }] }') },
  )

  expect(statuses[0]).toBe(200)
  expect(statuses).toContain(529)
  const times = result.journal.map(({ t }) => t)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
})
