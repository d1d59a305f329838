import { expect, test } from 'vitest'
import { faults } from '../../../src/faults/index.ts'
import { type CallTask, runCalls } from '../../../tools/fault-reference/run-calls.ts'
import { messagesBody, messagesHeaders, messagesUrl } from '../run/support.ts'

const points = ['0 events', '1 event', '9 events', '1 byte', '700 bytes', '1ms', '150ms', '1h']
const insides = ['inside frame', 'inside code-point', 'inside tool-json']
const breaks = [...points, ...insides].flatMap(after => [
  ...['fin', 'rst', 'clean'].map(by => `{ stream-cut: { after: ${after}, by: ${by} } }`),
  `{ stream-stall: { after: ${after} } }`,
  `{ stream-stall: { after: ${after}, pings: true, for: 40s } }`,
  `{ stream-error: { after: ${after} } }`,
])

test.for([false, true])('whatever was sent before the end has been received, streamed: %s', async stream => {
  const spellings = [...faults.keys(), ...breaks, '{ lost-response: { at: body } }', '{ lost-response: { at: end } }']
  const outcomes = await runCalls(spellings.map(fault => ({ fault, call: task => read(task, stream) })))

  const broken = outcomes.filter(({ settled, attempts }) => settled === 'returned' && attempts.length === 1)
  expect(broken.length).toBeGreaterThan(90)
  for (const [i, { settled, value, attempts }] of outcomes.entries())
    if (settled === 'returned' && attempts[0]) expect(value, spellings[i]).toBe(attempts[0].bytes)
})

/** Bytes of the body that came, whatever ended it. */
async function read({ prompt, headers }: CallTask, stream: boolean): Promise<number> {
  let bytes = 0
  try {
    const response = await fetch(messagesUrl, {
      method: 'POST',
      headers: { ...messagesHeaders(), ...headers },
      body: messagesBody(prompt, { stream, max_tokens: 512 }),
    })
    for await (const piece of response.body ?? []) bytes += piece.length
  } catch {
    // What it broke with is told elsewhere.
  }
  return bytes
}
