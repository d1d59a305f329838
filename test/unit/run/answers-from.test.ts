import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Anthropic from '@anthropic-ai/sdk'
import { setupServer } from 'msw/node'
import { afterEach, expect, test } from 'vitest'
import { type Integration, outageHandlers, runScenario } from '../../../src/index.ts'
import { eventsOf } from './support.ts'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

/** A mock of somebody else's: it answers all that is asked with its own words, streamed if need be. */
async function mock() {
  const seen: { path: string; key: string | undefined; body: string }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => {
      body += chunk
    })
    request.on('end', () => {
      seen.push({ path: request.url ?? '', key: request.headers.authorization, body })
      const isStream = JSON.parse(body).stream === true
      const prompt: string = JSON.parse(body).messages[0].content
      const text = `${prompt.match(/\[q:\w+\]/)?.[0]} Mocked. ${prompt.match(/\[q:\w+\]/)?.[0].replace('q:', 'end:')}`
      response.writeHead(200, {
        'content-type': isStream ? 'text/event-stream' : 'application/json',
        'x-mock': 'mine',
      })
      response.end(isStream ? streamOf(text) : JSON.stringify(messageOf(text)))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const stop = () => {
    server.closeAllConnections()
    return new Promise(resolve => server.close(resolve))
  }
  cleanUps.push(stop)
  return { seen, stop, base: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } // a TCP server has a port
}

const messageOf = (text: string) => ({
  id: 'msg_mock',
  type: 'message',
  role: 'assistant',
  model: 'mock',
  content: [{ type: 'text', text }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 1, output_tokens: 1 },
})

function streamOf(text: string): string {
  const events = [
    { type: 'message_start', message: { ...messageOf(text), content: [], stop_reason: null } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ...text.split(' ').map(word => ({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text: `${word} ` },
    })),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 1 } },
    { type: 'message_stop' },
  ]
  return events.map(event => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')
}

const body = (prompt: string) => ({
  model: 'claude-sonnet-5-5',
  max_tokens: 256,
  messages: [{ role: 'user' as const, content: prompt }],
})

const client = (said: string[]): Integration<Anthropic> => ({
  name: 'asker',
  start: () => new Anthropic({ maxRetries: 0 }),
  async perform(anthropic, { prompt, stream }) {
    const message = stream
      ? await anthropic.messages.stream(body(prompt)).finalMessage()
      : await anthropic.messages.create(body(prompt))
    said.push(message.id)
    return message
  },
})

const scenario =
  'blackstart: 1\nid: half\nphases:\n' +
  '  - { name: down, for: 2m, faults: [{ surface: api, share: 50%, mix: [{ fault: overloaded, share: 50% }, { fault: { stream-cut: { after: 4 events } }, share: 50% }] }] }\n'

test('another mock answers, and the faults befall what it says', async () => {
  const { base, seen } = await mock()
  const said: string[] = []

  const result = await runScenario({ scenario, integration: client(said), users: 2, thinkMs: 5_000, answersFrom: base })

  expect(new Set(said)).toEqual(new Set(['msg_mock']))
  expect(seen[0]).toMatchObject({ path: '/v1/messages', key: expect.stringContaining('Bearer sk-ant-canary') })
  const outcomes = new Set(eventsOf(result, 'attempt-ended').map(({ outcome }) => outcome))
  expect([...outcomes]).toEqual(expect.arrayContaining(['ok', 'error', 'cut']))
  const refused = eventsOf(result, 'attempt-headers').filter(({ status }) => status === 529).length
  expect(seen).toHaveLength(eventsOf(result, 'attempt-started').length - refused)
  expect(result.realIo).toBe(true)
  expect(eventsOf(result, 'task-settled').filter(({ outcome }) => outcome === 'ok').length).toBe(said.length)
})

test("one's own answers come before those of the mock", async () => {
  const { base, seen } = await mock()
  const answers = [{ says: 'Mine.' }]
  const calm = 'blackstart: 1\nid: calm\nphases:\n  - { name: well, for: 1m }\n'

  const result = await runScenario({
    ...{ scenario: calm, integration: client([]), users: 1, thinkMs: 20_000 },
    ...{ answersFrom: base, answers },
  })

  expect(seen).toEqual([])
  expect(result.findings).toEqual([])
})

test('a mock that is not there, or not on this machine, is refused before anything runs', async () => {
  const run = (answersFrom: string) => runScenario({ scenario, integration: client([]), answersFrom })

  const { base, stop } = await mock()
  await stop()
  await expect(run(base)).rejects.toThrow(/Answers cannot be had from http:\/\/127\.0\.0\.1:\d+: ECONNREFUSED/)
  await expect(run('https://api.anthropic.com')).rejects.toThrow(/it is no HTTP address on this machine/)
})

test("handlers beside one's own take the mock's answers too", async () => {
  const { base } = await mock()
  const down =
    'blackstart: 1\nid: down\nphases:\n  - { name: down, for: 5m, faults: [{ surface: api, fault: { stream-cut: { after: 4 events } } }] }\n'
  const outage = outageHandlers(down, { answersFrom: base })
  const server = setupServer(...outage)
  server.listen({ onUnhandledFrame: 'error' })
  cleanUps.push(() => server.close())
  const anthropic = new Anthropic({ apiKey: 'k', maxRetries: 0, logLevel: 'off' })

  expect(await anthropic.messages.create(body('[q:q1] Well?'))).toMatchObject({
    id: 'msg_mock',
    content: [{ text: '[q:q1] Mocked. [end:q1]' }],
  })
  outage.start()
  await expect(anthropic.messages.stream(body('[q:q2] Well?')).finalMessage()).rejects.toThrow()
})

test('a mock that goes away is a bad gateway, in its own words', async () => {
  const { base, stop } = await mock()
  await stop()
  const calm = 'blackstart: 1\nid: calm\nphases:\n  - { name: well, for: 1m }\n'
  const outage = outageHandlers(calm, { answersFrom: base })
  const server = setupServer(...outage)
  server.listen({ onUnhandledFrame: 'error' })
  cleanUps.push(() => server.close())
  const anthropic = new Anthropic({ apiKey: 'k', maxRetries: 0, logLevel: 'off' })

  await expect(anthropic.messages.create(body('[q:q1] Well?'))).rejects.toMatchObject({
    status: 502,
    message: expect.stringContaining(`The mock at ${base} did not answer: connect ECONNREFUSED`),
  })
})
