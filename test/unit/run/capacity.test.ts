import { expect, test } from 'vitest'
import type { Integration } from '../../../src/index.ts'
import { eventsOf, messagesBody, messagesHeaders, messagesUrl, run, scenario } from './support.ts'

/** Asks with a limit on each attempt, of which there are several when asked for. */
function asking(timeoutMs: number, { stream = false, attempts = 1 } = {}): Integration {
  const perform: Integration['perform'] = async (_app, { prompt }) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await ask(prompt)
      } catch (error) {
        if (attempt === attempts) throw error
      }
    }
  }
  return { name: 'asking', perform }

  async function ask(prompt: string): Promise<string> {
    const response = await fetch(messagesUrl, {
      method: 'POST',
      headers: messagesHeaders(),
      body: messagesBody(prompt, stream ? { stream: true } : {}),
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`status ${response.status}`)
    return stream ? [...text.matchAll(/"text":"((?:[^"\\]|\\.)*)"/g)].map(([, part]) => part).join('') : text
  }
}

const one = (more = '') => `{ surface: api, slots: 1, service: 2s, cv: 0${more} }`
const quiet = (
  capacity: string,
  phases = ['{ name: down, for: 4m, faults: [{ surface: chat, fault: overloaded }] }'],
) => scenario(...phases).replace('phases:', `capacity: [${capacity}]\nphases:`)

test('a request waits its turn, then takes its service time: the first byte of an answer not streamed is the last', async () => {
  const result = await run(asking(60_000), { scenario: quiet(one()), users: 4, thinkMs: 4_000 })

  const headers = new Map(eventsOf(result, 'attempt-headers').map(event => [event.attempt, event.t]))
  const starts = eventsOf(result, 'attempt-started')
  expect(starts.length).toBeGreaterThan(50)
  for (const { attempt, t, waitMs = 0 } of starts) expect(headers.get(attempt)).toBe(t + waitMs + 2_000)
  // One at a time, in the order in which they came.
  const ends = starts.map(({ attempt }) => headers.get(attempt) ?? 0)
  for (let i = 1; i < ends.length; i++) expect((ends[i] ?? 0) - (ends[i - 1] ?? 0)).toBeGreaterThanOrEqual(2_000)
})

test('a streamed answer begins after the wait and is spread over its service time', async () => {
  const result = await run(asking(60_000, { stream: true }), { scenario: quiet(one()), users: 3, thinkMs: 4_000 })

  const headers = new Map(eventsOf(result, 'attempt-headers').map(event => [event.attempt, event.t]))
  const ends = new Map(eventsOf(result, 'attempt-ended').map(event => [event.attempt, event]))
  for (const { attempt, t, waitMs = 0 } of eventsOf(result, 'attempt-started')) {
    const firstByte = (headers.get(attempt) ?? 0) - t - waitMs
    expect(firstByte).toBeGreaterThan(0)
    expect(firstByte).toBeLessThan(2_000)
    expect(ends.get(attempt)).toMatchObject({ t: t + waitMs + 2_000, outcome: 'ok' })
  }
})

test('work for clients that hung up is what keeps a queue full, where the provider does not stop it', async () => {
  // Ten ask every ten seconds, with six attempts of 1.5 s each, what a slot could serve at one and a half a second.
  const phases = ['{ name: slow, for: 1m, capacity: [{ surface: api, speed: 20% }] }', '{ name: clear, for: 4m }']
  const goodAfter = async (more: string) => {
    const options = { scenario: quiet(one(more), phases).replace('2s', '667ms'), users: 10, thinkMs: 10_000 }
    const result = await run(asking(1_500, { attempts: 6 }), options)
    const later = eventsOf(result, 'task-settled').filter(({ t }) => t > 3 * 60_000 && t < 5 * 60_000)
    return later.filter(({ outcome }) => outcome === 'ok').length / later.length
  }
  const worksOn = await goodAfter('')
  const stops = await goodAfter(', work_after_disconnect: false')

  expect(worksOn).toBeLessThan(0.2)
  expect(stops).toBeGreaterThan(0.6)
})

test('a fallback provider is overwhelmed by the load that the app diverts to it', async () => {
  const body = (prompt: string) => JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: prompt }] })
  const withFallback: Integration = {
    name: 'with-fallback',
    async perform(_app, { prompt }) {
      const first = await fetch(messagesUrl, {
        method: 'POST',
        headers: messagesHeaders(),
        body: messagesBody(prompt),
      })
      if (first.ok) return first.text()
      const second = await fetch('https://api.openai.com/v1/chat/completions', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${process.env['OPENAI_API_KEY'] ?? ''}` },
        body: body(prompt),
      })
      if (!second.ok) throw new Error(`status ${second.status}`)
      return second.text()
    },
  }
  const phases = [
    '{ name: fine, for: 2m }',
    '{ name: down, for: 5m, faults: [{ surface: api, fault: overloaded }] }',
    '{ name: clear, for: 2m }',
  ]
  const fallback = '{ surface: openai.api, slots: 2, service: 2s, max_wait: 3s, reject_cost: 0.2 }'
  const result = await run(withFallback, { scenario: quiet(fallback, phases), users: 20, thinkMs: 5_000 })

  const starts = eventsOf(result, 'attempt-started').filter(({ provider }) => provider === 'openai')
  const rejected = starts.filter(({ effect }) => effect === 'rejected')
  expect(starts.length).toBeGreaterThan(100)
  expect(rejected.length / starts.length).toBeGreaterThan(0.3)
  expect(new Set(rejected.map(({ entry }) => entry))).toEqual(new Set(['capacity[0]']))
  // Who was refused at the very end turns to it a moment later.
  expect(rejected.every(({ t }) => t > 120_000 && t < 421_000)).toBe(true)
  const waited = starts.filter(({ waitMs }) => waitMs !== undefined)
  expect(waited.length).toBeGreaterThan(20)
  expect(Math.max(...waited.map(({ waitMs = 0 }) => waitMs))).toBeLessThanOrEqual(3_000)
})
