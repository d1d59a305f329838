import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { defineIntegration, type JournalEvent, journalLines, runScenario } from '../../../src/index.ts'
import { canaryKeys } from '../../../src/providers/canary.ts'
import { questionPool } from '../../../src/workload/questions.ts'
import { eventsOf, messagesBody, messagesHeaders, messagesUrl, run } from '../run/support.ts'
import { jittery, rough } from './support/jittery.ts'

/** Prints the journal of one run in a process of its own. */
async function journalOfProcess(seed: number): Promise<string> {
  const script = `${import.meta.dirname}/support/print-journal.ts`
  const options = { maxBuffer: 2 ** 26, cwd: import.meta.dirname, env: { ...process.env, TZ: 'Asia/Tokyo' } }
  return (await promisify(execFile)(process.execPath, [script, String(seed)], options)).stdout
}

test('the same seed gives the same bytes in another process, and another seed does not', async () => {
  const result = await runScenario({ scenario: rough, integration: jittery, users: 3, thinkMs: 5_000, seed: 7 })
  const here = [...journalLines(result.journal)].join('')
  const [there, again, other] = [await journalOfProcess(7), await journalOfProcess(7), await journalOfProcess(8)]

  expect(eventsOf(result, 'attempt-started').some(({ n }) => n > 1)).toBe(true)
  expect(there).toBe(here)
  expect(again).toBe(there)
  const afterFirstLine = (text: string) => text.slice(text.indexOf('\n'))
  expect(afterFirstLine(other)).not.toBe(afterFirstLine(there))
})

test('an app that tells everything in its errors tells the journal nothing', async () => {
  const leak = (prompt: string) =>
    `${process.env['ANTHROPIC_API_KEY']} for "${prompt}" at ${process.cwd()}/dist/app.js, 127.0.0.1:48231, ${new Date().toISOString()}`
  class LeakyError extends Error {}
  const result = await run(
    defineIntegration({
      name: 'leaky',
      async perform(_, { prompt, id }) {
        const number = Number(id.slice(1))
        const headers = { ...messagesHeaders(), cookie: 'session=abcdef' }
        const response = await fetch(messagesUrl, { method: 'POST', headers, body: messagesBody(prompt) })
        const text = JSON.stringify(await response.json())
        if (number % 5 === 0) void Promise.reject(new LeakyError(leak(prompt)))
        if (number % 7 === 0) void Promise.reject(`${leak(prompt)} ${text}`)
        if (number === 60) process.exit(3)
        if (!response.ok) throw Object.assign(new Error(leak(prompt)), { name: leak(prompt) })
        return text
      },
      settle: text => ({ outcome: 'ok', text, jobId: `job of ${process.env['ANTHROPIC_API_KEY']}` }),
      stop: () => Promise.reject(new Error(leak('[q:q1] How do I stop?'))),
    }),
    { scenario: rough },
  )

  const kinds = new Set(eventsOf(result, 'note').map(({ kind }) => kind))
  expect(kinds).toEqual(new Set(['unhandled-rejection', 'process-exit', 'stop-failed']))
  expect(eventsOf(result, 'task-settled').some(({ outcome }) => outcome === 'failed')).toBe(true)
  const lines = [...journalLines(withoutScenario(result.journal))]
  const holding = (secret: string | RegExp) => lines.filter(line => line.split(secret).length > 1)
  for (const key of Object.values(canaryKeys)) expect(holding(key)).toEqual([])
  expect(holding(/(?<![a-z])sk-/)).toEqual([])
  expect(holding('abcdef')).toEqual([])
  expect(holding(process.cwd())).toEqual([])
  expect(holding('48231')).toEqual([])
  expect(holding(/(?<!"t":)\b(?:19|20)\d\d\b/)).toEqual([])
  for (const word of wordsOfPrompts()) expect(holding(RegExp(`(?<![\\w-])${word}(?![\\w-])`, 'i'))).toEqual([])
})

/** The scenario's own text may say anything; it is what its author wrote. */
function withoutScenario(events: readonly JournalEvent[]): readonly JournalEvent[] {
  return events.map(event => (event.type === 'run-started' ? { ...event, scenario: '' } : event))
}

/** Less those that our own notes cannot do without. */
function wordsOfPrompts(): readonly string[] {
  const prompts = questionPool(50).map(({ prompt }) => prompt.replace(/\[.*?\]/, ''))
  const words = prompts.join(' ').match(/\w+/g) ?? []
  return [...new Set(words)].filter(word => !['a', 'an', 'for', 'in', 'it', 'was'].includes(word))
}

test("a second instance changes nothing in the first one's part of the journal", async () => {
  const [one, two] = [
    await run(jittery, { scenario: rough, thinkMs: 5_000, instances: 1 }),
    await run(jittery, { scenario: rough, thinkMs: 5_000, instances: 2 }),
  ]

  expect(eventsOf(two, 'attempt-started').some(({ instance, n }) => instance === 1 && n > 1)).toBe(true)
  expect(ofInstance(two.journal, 1).length).toBeGreaterThan(100)
  expect(ofInstance(two.journal, 0)).toEqual(ofInstance(one.journal, 0))
  expect(ofInstance(two.journal, 0)).not.toEqual(ofInstance(two.journal, 1))
})

/** The events of one instance's tasks, with their tasks, calls and attempts numbered anew. */
function ofInstance(events: readonly JournalEvent[], instance: number): readonly object[] {
  const numbers = new Map<string, string>()
  const mine: object[] = []
  for (const event of events) {
    const ids = ['task', 'call', 'attempt'].flatMap(kind => {
      const id = Object.entries(event).find(([key]) => key === kind)?.[1]
      return typeof id === 'string' ? [[kind, id] as const] : []
    })
    const isMine = 'instance' in event ? event.instance === instance : ids.some(([, id]) => numbers.has(id))
    if (!isMine) continue
    for (const [kind, id] of ids) if (!numbers.has(id)) numbers.set(id, `${kind} ${numbers.size + 1}`)
    mine.push({ ...event, ...Object.fromEntries(ids.map(([kind, id]) => [kind, numbers.get(id)])) })
  }
  return mine
}
