import AnthropicBedrock from '@anthropic-ai/bedrock-sdk'
import Anthropic from '@anthropic-ai/sdk'
import AnthropicVertex from '@anthropic-ai/vertex-sdk'
import { GoogleGenAI } from '@google/genai'
import { GoogleAuth } from 'google-auth-library'
import OpenAI from 'openai'
import { expect, test } from 'vitest'
import { canaryKeys } from '../../../../src/providers/canary.ts'
import { asking, canary, Loopback, rawRequest, until, wireTo } from './support.ts'

const well = '- { name: well, for: 60m }'

/** In a phase where all is well. */
async function healthy(options: Parameters<typeof Loopback.open>[1] = { speed: 50 }): Promise<Loopback> {
  const loopback = await Loopback.open(well, options)
  await loopback.enter('well')
  return loopback
}

test('headers are those that the provider sends, and what HTTP itself needs', async () => {
  await using loopback = await healthy()
  const wire = await wireTo(loopback.port())
  wire.socket.write(rawRequest())
  await until(() => wire.text().endsWith('}'))
  wire.socket.destroy()

  const [head = ''] = wire.text().split('\r\n\r\n')
  const [status, ...lines] = head.split('\r\n')
  const names = lines.map(line => line.split(':')[0]?.toLowerCase())
  expect(status).toBe('HTTP/1.1 200 OK')
  expect(new Set(names).size).toBe(names.length)
  expect(
    names.filter(name => !/^anthropic-(?:ratelimit-|organization-id$|workspace-id$)/.test(name ?? '')).toSorted(),
  ).toEqual(['connection', 'content-length', 'content-type', 'request-id'])
  expect(lines.find(line => /^connection:/i.test(line))).toMatch(/^connection: keep-alive$/i)
})

test('a status and headers of one’s own are sent as they are', async () => {
  await using loopback = await Loopback.open(
    '- { name: odd, for: 5m, faults: [{ surface: api, fault: { answer: { status: 418, headers: { x-tea: hot }, body: short } } }] }',
  )
  await loopback.enter('odd')
  const response = await fetch(loopback.messages, asking())

  expect([response.status, response.headers.get('x-tea'), await response.text()]).toEqual([418, 'hot', 'short'])
})

test('a header that HTTP has no words for takes its connection down, and nothing else', async () => {
  await using loopback = await Loopback.open(
    '- { name: odd, for: 5m, faults: [{ surface: api, fault: { answer: { headers: { x-tea: "a → b" } } }, when: { nth: 1 } }] }',
    { speed: 50 },
  )
  await loopback.enter('odd')
  const wire = await wireTo(loopback.port())
  wire.socket.write(rawRequest())

  expect(await wire.ending).toBe('ECONNRESET')
  expect((await fetch(loopback.messages, asking())).status).toBe(200)
  expect(loopback.attempts()).toEqual(['answer-raw → reset', 'pass → ok'])
})

test('a date that the provider sends is the only one', async () => {
  await using loopback = await healthy()
  const wire = await wireTo(loopback.port('bedrock'))
  const body = JSON.stringify({
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 9,
    messages: [{ role: 'user', content: 'Hi' }],
  })
  wire.socket.write(
    `POST /model/m-1/invoke HTTP/1.1\r\nhost: x\r\nauthorization: AWS4-HMAC-SHA256 Credential=${canaryKeys['bedrock']}/a\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  )
  await until(() => wire.text().endsWith('}'))
  wire.socket.destroy()

  expect(wire.text().match(/^date: /gim)).toHaveLength(1)
})

test('HEAD is answered with headers alone, on a connection that serves again', async () => {
  await using loopback = await healthy()
  const head = await fetch(`${loopback.url('anthropic', 'chat')}/`, { method: 'HEAD' })
  const page = await fetch(`${loopback.url('anthropic', 'chat')}/`)

  expect([head.status, await head.text()]).toEqual([200, ''])
  expect([page.status, await page.text()]).toEqual([200, '{"type":"chat","status":"ok"}'])
})

test('what no surface answers to is said in words', async () => {
  await using loopback = await Loopback.open(well, { speed: 50 })
  const answers = await Promise.all(
    [`${loopback.server.url}/nobody/v1/messages`, `${loopback.server.url}/`].map(url => fetch(url)),
  )

  expect(answers.map(({ status }) => status)).toEqual([404, 404])
  expect(await answers[0]?.text()).toBe(
    'blackstart: no surface of this run is at GET /nobody/v1/messages. By path there are: /anthropic /openai /gemini /bedrock /vertex\n',
  )
  expect(loopback.strangers).toEqual(['GET /nobody/v1/messages', 'GET /'])
  expect(loopback.attempts()).toEqual([])
})

test('on the shared port a provider is found by the first part of the path, and a product by its host', async () => {
  await using loopback = await healthy()
  const api = await fetch(`${loopback.server.url}/anthropic/v1/messages`, asking())
  const product = await fetch(`${loopback.server.url}/claude.ai/`)
  const openai = new OpenAI({ baseURL: `${loopback.server.url}/openai/v1`, apiKey: canaryKeys['openai'] ?? '' })
  const models = await openai.models.list()

  expect([api.status, product.status]).toEqual([200, 200])
  expect(models.data.length).toBeGreaterThan(0)
  expect(loopback.events('attempt-started').map(event => `${event.provider}.${event.surface}`)).toEqual([
    'anthropic.api.messages',
    'anthropic.chat',
    'openai.api.models',
  ])
})

test.for(['by port', 'by path'])('what a batch says of its results leads back to the drill, %s', async way => {
  await using loopback = await healthy({ speed: 1_000 })
  const baseURL = way === 'by port' ? loopback.url() : `${loopback.server.url}/anthropic`
  const client = new Anthropic({ baseURL, apiKey: canary, maxRetries: 0 })
  const params = { model: 'claude-sonnet-5-5', max_tokens: 64, messages: [{ role: 'user' as const, content: 'Hi' }] }
  const { id } = await client.messages.batches.create({ requests: [{ custom_id: 'one', params }] })
  let url: string | null = null
  await until(async () => {
    url = (await client.messages.batches.retrieve(id)).results_url
    return url !== null
  })
  const results = []
  for await (const result of await client.messages.batches.results(id)) results.push(result.result.type)

  expect(url).toBe(`${loopback.url()}/v1/messages/batches/${id}/results`)
  expect(results).toEqual(['succeeded'])
})

const ask = { model: 'm-1', max_tokens: 64, messages: [{ role: 'user' as const, content: 'Hello [q:1]' }] }

const sdks: Readonly<Record<string, (base: string) => Promise<string | undefined | null>>> = {
  async anthropic(baseURL) {
    const client = new Anthropic({ baseURL, apiKey: canary, maxRetries: 0 })
    const { content } = await client.messages.create(ask)
    return content[0]?.type === 'text' ? content[0].text : undefined
  },
  async openai(base) {
    const client = new OpenAI({ baseURL: `${base}/v1`, apiKey: canaryKeys['openai'] ?? '', maxRetries: 0 })
    return (await client.responses.create({ model: 'm-1', input: 'Hello [q:1]' })).output_text
  },
  async gemini(baseUrl) {
    const client = new GoogleGenAI({ apiKey: canaryKeys['gemini'] ?? '', httpOptions: { baseUrl } })
    return (await client.models.generateContent({ model: 'm-1', contents: 'Hello [q:1]' })).text
  },
  async bedrock(baseURL) {
    const key = canaryKeys['bedrock'] ?? ''
    const client = new AnthropicBedrock({
      ...{ baseURL, awsAccessKey: key, awsSecretKey: key, awsRegion: 'us-east-1', maxRetries: 0 },
    })
    const { content } = await client.messages.create(ask)
    return content[0]?.type === 'text' ? content[0].text : undefined
  },
  async vertex(base) {
    const auth = new GoogleAuth({
      credentials: {
        type: 'authorized_user',
        client_id: 'c',
        client_secret: 's',
        refresh_token: canaryKeys['vertex'] ?? '',
      },
    })
    const client = new AnthropicVertex({
      ...{ baseURL: `${base}/v1`, region: 'us-east5', projectId: 'p-1', maxRetries: 0 },
      // The token is asked for elsewhere: here it is the canary itself.
      googleAuth: Object.assign(auth, { getClient: async () => ({ getRequestHeaders: async () => bearer('vertex') }) }),
    })
    const { content } = await client.messages.create(ask)
    return content[0]?.type === 'text' ? content[0].text : undefined
  },
}

function bearer(provider: string): Headers {
  return new Headers({ authorization: `Bearer ${canaryKeys[provider]}` })
}

test.for(Object.entries(sdks))('the SDK of %s is answered at its base URL, in full', async ([provider, call]) => {
  await using loopback = await healthy()

  expect(await call(loopback.url(provider))).toMatch(/^\[q:1\].*\[end:1\]$/s)
  expect(loopback.attempts()).toEqual(['pass → ok'])
  expect(loopback.events('attempt-started')[0]).toMatchObject({ provider, key: 'canary' })
})

test('as a proxy it lets nobody out, whatever way it is asked', async () => {
  await using loopback = await healthy()
  const port = Number(new URL(loopback.server.url).port)
  const tunnel = await wireTo(port)
  tunnel.socket.write('CONNECT api.example.com:443 HTTP/1.1\r\nhost: api.example.com:443\r\n\r\n')
  await tunnel.ending
  const plain = await wireTo(port)
  plain.socket.write(
    'GET http://tracker.example.com/x HTTP/1.1\r\nhost: tracker.example.com\r\nconnection: close\r\n\r\n',
  )
  await plain.ending

  for (const { text } of [tunnel, plain]) {
    expect(text()).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/)
    expect(text()).toContain('example.com')
    expect(text()).toContain('is no surface of this drill, and nothing else is let out.')
  }
  expect(loopback.strays).toEqual(['api.example.com:443', 'tracker.example.com'])
})

test('what is no request of HTTP is told so', async () => {
  await using loopback = await healthy()
  const wire = await wireTo(loopback.port())
  wire.socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
  const long = await wireTo(loopback.port())
  long.socket.write(`GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'a'.repeat(40_000)}\r\n\r\n`)
  await Promise.all([wire.ending, long.ending])

  expect(wire.text()).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n.*no request of HTTP\/1\.1/s)
  expect(long.text()).toMatch(/^HTTP\/1\.1 431 /)
})

test('where others can reach it, only canary keys are answered', async () => {
  await using loopback = await healthy({ speed: 50, server: { canaryOnly: true } })
  const real = await fetch(loopback.messages, asking({}, { 'x-api-key': 'sk-ant-api03-something-real' }))
  const own = await fetch(loopback.messages, asking())

  expect([real.status, own.status]).toEqual([403, 200])
  expect(await real.text()).toContain('answers canary keys only')
  expect(loopback.attempts()).toEqual(['pass → ok'])
})

test('at sixty times the speed, headers name waits in real time and the journal keeps the scenario’s', async () => {
  await using loopback = await Loopback.open(
    '- { name: limited, for: 30m, limits: [{ surface: api, requests: 1/m, retry_after: { as: seconds } }] }',
    { speed: 60 },
  )
  await loopback.enter('limited')
  await fetch(loopback.messages, asking())
  const begun = Date.now()
  const limited = await fetch(loopback.messages, asking())
  const answered = Date.now()
  const reset = Date.parse(limited.headers.get('anthropic-ratelimit-requests-reset') ?? '')

  expect(limited.status).toBe(429)
  expect(limited.headers.get('retry-after')).toBe('1')
  // Dates are in whole seconds.
  expect(reset - begun).toBeGreaterThan(-1_000)
  expect(reset - answered).toBeLessThan(2_100)
  const { retryAfterMs = 0, spent } = loopback.events('attempt-headers').at(-1) ?? {}
  expect(retryAfterMs).toBe(60_000)
  expect(spent?.limit).toBe(1)
  expect(spent?.resetMs).toBeLessThanOrEqual(126_000)
})

test('a status page is of now, however fast its outage goes', async () => {
  await using loopback = await Loopback.open(
    `- { name: down, for: 60m }
status_page: [{ at: down + 10m, incident: investigating, components: { api: major_outage } }]`,
    { speed: 600 },
  )
  await loopback.enter('down')
  await until(() => loopback.t() > 11 * 60_000)
  const page = await fetch(`${loopback.url('anthropic', 'status')}/api/v2/incidents.json`)
  const { incidents } = JSON.parse(await page.text())

  expect(incidents).toHaveLength(1)
  // Ten minutes of the scenario are a second; it is said in whole seconds at the least.
  const beganAgoMs = Date.now() - Date.parse(incidents[0].created_at)
  expect(beganAgoMs).toBeGreaterThan(-1_000)
  expect(beganAgoMs).toBeLessThan(5_000)
})

test('a request of five megabytes is read, and an answer of five is sent whole', async () => {
  const body = 'x'.repeat(5 * 2 ** 20)
  await using loopback = await healthy({ speed: 50, answers: [{ says: body, marks: false }] })
  const response = await fetch(loopback.messages, asking({ system: body }))
  const text = await response.text()

  expect(response.status).toBe(200)
  expect(text.length).toBeGreaterThan(body.length)
  expect(JSON.parse(text).content[0].text).toHaveLength(body.length)
  expect(loopback.events('attempt-ended')[0]).toMatchObject({ outcome: 'ok', bytes: Buffer.byteLength(text) })
})
