import { setupServer } from 'msw/node'
import { afterEach, expect, test, vi } from 'vitest'
import { outageHandlers } from '../../../src/index.ts'

const scenario = `
blackstart: 1
id: full
provider: anthropic
capacity: [{ surface: api, slots: 1, service: 2s, cv: 0, max_wait: 3s }]
phases: [{ name: busy, for: 10m }]
`
const body = JSON.stringify({
  model: 'claude-sonnet-5-5',
  max_tokens: 16,
  messages: [{ role: 'user', content: '[q:q1] Hello?' }],
})

let close = () => {}
afterEach(() => {
  close()
  vi.useRealTimers()
})

/** Three at once: how each ended, in their order. */
async function askThree(): Promise<readonly number[]> {
  const headers = { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', 'x-api-key': 'k' }
  const ask = () => fetch('https://api.anthropic.com/v1/messages', { method: 'POST', headers, body })
  const responses = await Promise.all([ask(), ask(), ask()])
  return responses.map(({ status }) => status)
}

test("beside one's own handlers capacity holds while the outage does, not before and not after", async () => {
  vi.useFakeTimers()
  vi.setTimerTickMode('nextTimerAsync')
  const outage = outageHandlers(scenario, { seed: 3 })
  const server = setupServer(...outage)
  server.listen()
  close = () => server.close()

  expect(await askThree()).toEqual([200, 200, 200])
  outage.start()
  expect((await askThree()).toSorted()).toEqual([200, 200, 529])
  const waits = outage.journal.flatMap(event => (event.type === 'attempt-started' ? [event.waitMs] : []))
  expect(waits.filter(wait => wait !== undefined)).toEqual([expect.closeTo(2_000, -2)])
  outage.stop()
  expect(await askThree()).toEqual([200, 200, 200])
})
