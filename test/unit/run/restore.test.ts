import { afterEach, expect, test } from 'vitest'
import { defineIntegration } from '../../../src/index.ts'
import { changedSince, snapshot } from '../../../src/run/take-over.ts'
import { eventsOf, messagesBody, messagesHeaders, messagesUrl, run } from './support.ts'

const ask = async (prompt: string) => {
  const response = await fetch(messagesUrl, { method: 'POST', headers: messagesHeaders(), body: messagesBody(prompt) })
  if (!response.ok) throw new Error(`status ${response.status}`)
  return response.json()
}
const sound = defineIntegration({ name: 'sound', perform: (_, { prompt }) => ask(prompt) })

const before = snapshot()
afterEach(() => {
  expect(changedSince(before)).toEqual([])
})

test('a run puts every global back', async () => {
  const inside: unknown[] = []
  const { exitCode } = await run({
    ...sound,
    start: () => {
      inside.push(fetch, setTimeout, Date, Math.random, AbortSignal.timeout, crypto.randomUUID)
    },
  })

  expect(exitCode).toBe(0)
  const outside = [fetch, setTimeout, Date, Math.random, AbortSignal.timeout, crypto.randomUUID]
  inside.forEach((value, i) => {
    expect(value, `global ${i} is taken over while the client runs`).not.toBe(outside[i])
  })
})

test('a start that throws ends in exit 3, with nothing injected and the reason said', async () => {
  const result = await run({
    ...sound,
    start: () => {
      throw new Error('no database')
    },
  })

  expect(result).toMatchObject({ verdict: 'inconclusive', exitCode: 3 })
  expect(result.reason).toContain('no database')
  expect(eventsOf(result, 'attempt-started')).toEqual([])
})

test('a start that never comes back ends in exit 3', async () => {
  const result = await run({ ...sound, start: () => new Promise<never>(() => {}) })

  expect(result.exitCode).toBe(3)
  expect(result.reason).toContain('within 5m of the run')
})

test('a client that fails when all is well does not meet the outage', async () => {
  const result = await run({ name: 'broken', perform: () => Promise.reject(new Error('always')) })

  expect(result.exitCode).toBe(3)
  expect(result.reason).toMatch(/0 of \d+ tasks/)
  expect(eventsOf(result, 'phase-entered').map(event => event.phase)).toEqual(['steady-state'])
  expect(result.findings).toEqual([])
})

test('an interrupted run cleans up and is inconclusive', async () => {
  const controller = new AbortController()
  const result = await run(sound, {
    signal: controller.signal,
    onProgress: ({ t }) => {
      if (t > 60_000) controller.abort()
    },
  })

  expect(result).toMatchObject({ verdict: 'inconclusive', exitCode: 130 })
  expect(result.journal.at(-1)).toMatchObject({ type: 'run-ended', reason: 'interrupted' })
})

test('a second run at the same time is refused in words', async () => {
  const first = run(sound)
  await expect(run(sound)).rejects.toThrow(/under way|installed already|at a time/)
  expect((await first).exitCode).toBe(0)
})

test('two runs one after the other are equal, to the byte', async () => {
  const [first, second] = [await run(sound), await run(sound)]

  expect(second.journalHash).toBe(first.journalHash)
  expect((await run(sound, { seed: 2 })).journalHash).not.toBe(first.journalHash)
})

test('BLACKSTART_DISABLED=1 refuses all injection', async () => {
  process.env['BLACKSTART_DISABLED'] = '1'
  try {
    await expect(run(sound)).rejects.toThrow(/BLACKSTART_DISABLED/)
  } finally {
    delete process.env['BLACKSTART_DISABLED']
  }
})
