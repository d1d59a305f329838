import Anthropic from '@anthropic-ai/sdk'
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { afterEach, expect, test, vi } from 'vitest'
import { outageHandlers } from '../../../src/index.ts'

const scenario = `
blackstart: 1
id: own-server
provider: anthropic
phases:
  - { name: down, for: 10m, faults: [{ surface: api, fault: { overloaded: { retry_after: 30s } } }] }
  - { name: refused, for: 10m, faults: [{ surface: api, fault: refused }] }
  - { name: cut, for: 10m, faults: [{ surface: api, fault: { stream-cut: { after: 3 events } } }] }
`
const anthropic = () => new Anthropic({ apiKey: 'k', maxRetries: 0, logLevel: 'off' })
const question = {
  model: 'claude-sonnet-5-5',
  max_tokens: 64,
  messages: [{ role: 'user' as const, content: '[q:q1] Hello?' }],
}

let close = () => {}
afterEach(() => {
  close()
  close = () => {}
  vi.useRealTimers()
})

function serve(...more: Parameters<typeof setupServer>) {
  const outage = outageHandlers(scenario, { seed: 3 })
  const server = setupServer(...more, ...outage)
  server.listen({ onUnhandledFrame: 'error' })
  close = () => server.close()
  return outage
}

/** Fake timers that follow what the requests wait for, and a way to jump ahead on them. */
function fakeTime() {
  vi.useFakeTimers()
  vi.setTimerTickMode('nextTimerAsync')
  return (ms: number) => vi.setSystemTime(Date.now() + ms)
}

test("before the start all is well, beside handlers of one's own", async () => {
  fakeTime()
  const outage = serve(http.get('https://shop.example/price', () => HttpResponse.json({ price: 3 })))

  const message = await anthropic().messages.create(question)
  expect(message.content[0]).toMatchObject({ type: 'text', text: expect.stringMatching(/^\[q:q1\].*\[end:q1\]$/s) })
  expect(await (await fetch('https://shop.example/price')).json()).toEqual({ price: 3 })
  expect(outage.phase).toBe('steady-state')
})

test('the timeline runs from the start, phase by phase, and ends with a stop', async () => {
  const jump = fakeTime()
  const outage = serve()

  outage.start()
  expect(outage.phase).toBe('down')
  const down = await anthropic()
    .messages.create(question)
    .catch(error => error)
  expect(down).toBeInstanceOf(Anthropic.APIError)
  expect(down).toMatchObject({ status: 529, type: 'overloaded_error' })
  expect(down.headers.get('retry-after')).toBe('30')

  jump(10 * 60_000)
  expect(outage.phase).toBe('refused')
  const refused = await anthropic()
    .messages.create(question)
    .catch(error => error)
  expect(refused).toBeInstanceOf(Anthropic.APIConnectionError)
  expect(refused.cause.cause).toMatchObject({ code: 'ECONNREFUSED', syscall: 'connect' })

  jump(10 * 60_000)
  expect(outage.phase).toBe('cut')
  const events: string[] = []
  const cut = await (async () => {
    for await (const event of await anthropic().messages.create({ ...question, stream: true })) events.push(event.type)
  })().catch(error => error)
  expect(events[0]).toBe('message_start')
  expect(events).not.toContain('message_stop')
  expect(cut).toMatchObject({ name: 'TypeError', message: 'terminated' })

  outage.stop()
  expect(outage.phase).toBe('healed')
  expect((await anthropic().messages.create(question)).stop_reason).toBe('end_turn')
  const effects = outage.journal.flatMap(event => (event.type === 'attempt-started' ? [event.effect] : []))
  expect(effects).toEqual(['answer', 'refuse', 'cut', 'pass'])
})

test('it works in real time too', async () => {
  const outage = serve()
  outage.start()

  const error = await anthropic()
    .messages.create(question)
    .catch(e => e)
  expect(error).toMatchObject({ status: 529 })
})

test('a scenario with a mistake is refused with its place', () => {
  expect(() => outageHandlers('blackstart: 1\nid: x\nprovider: anthropic\nphases: [{ name: a, fro: 1m }]\n')).toThrow(
    /:4:\d+/,
  )
})
