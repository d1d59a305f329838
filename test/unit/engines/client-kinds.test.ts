import { createServer, request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import Anthropic from '@anthropic-ai/sdk'
import axios from 'axios'
import { Agent, fetch as undiciFetch, request as undiciRequest } from 'undici'
import { expect, test } from 'vitest'
import { defineIntegration, loadClient } from '../../../src/index.ts'
import {
  eventsOf,
  messagesBody,
  messagesHeaders,
  messagesUrl,
  model,
  nothingWrong,
  outcomesOf,
  run,
  scenario,
  statusesOf,
} from '../run/support.ts'

/** Of this file's own import: a client that keeps it was built before any run. */
const earlyFetch = globalThis.fetch

const reset = scenario('{ name: reset, for: 5m, faults: [{ surface: api, fault: reset, share: 50% }] }')
const hole = scenario('{ name: hole, for: 5m, faults: [{ surface: api, fault: black-hole }] }')

/** Every call lands in the journal as the run's own, and some of them meet the outage. */
function expectCaught(result: Awaited<ReturnType<typeof run>>): void {
  expect(result.realIo).toBe(false)
  expect(result.notices).toEqual([])
  expect(statusesOf(result)).toEqual([200, 529])
  expect(eventsOf(result, 'task-started').length).toBeGreaterThan(60)
  expect(eventsOf(result, 'attempt-started').every(attempt => attempt.task !== undefined)).toBe(true)
  expect(outcomesOf(result)['ok']).toBeGreaterThan(30)
  expect(Object.keys(outcomesOf(result)).toSorted()).toEqual(['failed', 'ok'])
}

/** How long each failed task took, and what it failed with. */
function failuresOf(result: Awaited<ReturnType<typeof run>>) {
  const settled = new Map(eventsOf(result, 'task-settled').map(event => [event.task, event]))
  return eventsOf(result, 'task-started').flatMap(({ task, t }) => {
    const end = settled.get(task)
    return end?.outcome === 'failed' ? [{ ms: end.t - t, error: end.error }] : []
  })
}

const textOf = (json: unknown) => (json as { content: { text: string }[] }).content[0]?.text
const ask = (anthropic: Anthropic, prompt: string, options = {}) =>
  anthropic.messages.create({ model, max_tokens: 64, messages: [{ role: 'user', content: prompt }] }, options)

test('an SDK client built in start is caught', async () => {
  const result = await run(
    defineIntegration({
      name: 'in-start',
      start: () => new Anthropic({ maxRetries: 0 }),
      perform: (anthropic, { prompt }) => ask(anthropic, prompt),
    }),
  )

  expectCaught(result)
})

test('an SDK client built when its module was imported is caught', async () => {
  const client = await loadClient('./test/unit/engines/import-time-client.ts')

  const result = await run(client.integration)
  const again = await run(await client.reload())
  await client.close()

  expectCaught(result)
  expect(again.journalHash).toBe(result.journalHash)
})

test('an SDK client built before any run, around the native fetch, is caught', async () => {
  const early = new Anthropic({ apiKey: 'sk-ant-test', fetch: earlyFetch, maxRetries: 0 })

  const result = await run({ name: 'early', perform: (_, { prompt }) => ask(early, prompt) })

  expectCaught(result)
})

test('node:https is caught', async () => {
  const send = (body: string) =>
    new Promise<string>((resolve, reject) => {
      const sent = httpsRequest(messagesUrl, { method: 'POST', headers: messagesHeaders() }, response => {
        let text = ''
        response.setEncoding('utf8').on('data', chunk => {
          text += chunk
        })
        response.on('end', () => {
          if (response.statusCode === 200) resolve(text)
          else reject(new Error(`status ${response.statusCode}`))
        })
        response.on('error', reject)
      })
      sent.on('error', reject)
      sent.end(body)
    })

  const result = await run({
    name: 'https',
    perform: async (_, { prompt }) => textOf(JSON.parse(await send(messagesBody(prompt)))),
  })

  expectCaught(result)
})

test('axios is caught', async () => {
  const result = await run({
    name: 'axios',
    perform: async (_, { prompt }) =>
      textOf((await axios.post(messagesUrl, messagesBody(prompt), { headers: messagesHeaders() })).data),
  })

  expectCaught(result)
})

test('the undici package with a dispatcher of its own is caught, by request and by fetch', async () => {
  const dispatcher = new Agent({ connections: 2 })
  const options = (prompt: string) => ({
    method: 'POST' as const,
    headers: messagesHeaders(),
    body: messagesBody(prompt),
    dispatcher,
  })

  const byRequest = await run({
    name: 'undici-request',
    perform: async (_, { prompt }) => {
      const { statusCode, body } = await undiciRequest(messagesUrl, options(prompt))
      const json = await body.json()
      if (statusCode !== 200) throw new Error(`status ${statusCode}`)
      return textOf(json)
    },
  })
  const byFetch = await run({
    name: 'undici-fetch',
    perform: async (_, { prompt }) => {
      const response = await undiciFetch(messagesUrl, options(prompt))
      if (!response.ok) throw new Error(`status ${response.status}`)
      return textOf(await response.json())
    },
  })

  expectCaught(byRequest)
  expectCaught(byFetch)
  await dispatcher.close()
})

test('the SDK with an undici dispatcher in its fetch options is caught', async () => {
  const result = await run(
    defineIntegration({
      name: 'dispatcher',
      start: () =>
        new Anthropic({
          maxRetries: 0,
          fetch: undiciFetch as unknown as typeof fetch,
          fetchOptions: { dispatcher: new Agent() } as never,
        }),
      perform: (anthropic, { prompt }) => ask(anthropic, prompt),
    }),
  )

  expectCaught(result)
})

test.each([
  ['the tap', undefined],
  ['sockets', undiciFetch as unknown as typeof fetch],
])('streaming works over %s', async (_, fetch) => {
  const result = await run(
    defineIntegration({
      name: 'streaming',
      start: () => new Anthropic({ maxRetries: 0, ...(fetch && { fetch }) }),
      async *perform(anthropic, { prompt }) {
        const messages = [{ role: 'user' as const, content: prompt }]
        const stream = anthropic.messages.stream({ model, max_tokens: 64, messages })
        for await (const event of stream)
          if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') yield event.delta.text
      },
    }),
  )

  expectCaught(result)
  expect(eventsOf(result, 'attempt-started').every(attempt => attempt.streaming)).toBe(true)
})

test('an AbortSignal ends a request, over the tap and over sockets, at its very millisecond', async () => {
  const errors: unknown[] = []
  for (const fetch of [undefined, undiciFetch as unknown as typeof globalThis.fetch]) {
    const result = await run(
      {
        name: 'aborting',
        perform: async (_, { prompt }) => {
          const send = fetch ?? globalThis.fetch
          const init = { method: 'POST', headers: messagesHeaders(), body: messagesBody(prompt) }
          const response = await send(messagesUrl, { ...init, signal: AbortSignal.timeout(7_000) }).catch(error => {
            errors.push(error)
            throw error
          })
          return response
        },
      },
      { scenario: hole },
    )

    const took = eventsOf(result, 'attempt-ended')
      .filter(({ outcome }) => outcome === 'aborted')
      .map(({ attempt, t }) => t - (eventsOf(result, 'attempt-started').find(a => a.attempt === attempt)?.t ?? 0))
    expect(took.length).toBeGreaterThan(10)
    expect(new Set(took)).toEqual(new Set([7_000]))
  }
  expect(new Set(errors.map(error => (error as Error).name))).toEqual(new Set(['TimeoutError']))
})

test.each([
  ['the tap', undefined],
  ['sockets', undiciFetch as unknown as typeof fetch],
])('fifty requests at once each get their own answer over %s', async (_, fetch) => {
  const result = await run(
    defineIntegration({
      name: 'fifty',
      start: () => new Anthropic({ maxRetries: 0, ...(fetch && { fetch }) }),
      perform: async (anthropic, { prompt, question }) => {
        const answers = await Promise.all(
          Array.from({ length: 50 }, (_, i) => ask(anthropic, `${prompt} ${i}`).then(textOf)),
        )
        return answers.every(answer => answer?.includes(`[end:${question}]`)) ? answers[0] : 'mixed up'
      },
    }),
    { scenario: nothingWrong, users: 1, thinkMs: 60_000 },
  )

  const tasks = eventsOf(result, 'task-started').length
  expect(tasks).toBeGreaterThan(2)
  expect(outcomesOf(result)).toEqual({ ok: tasks })
  expect(eventsOf(result, 'attempt-started')).toHaveLength(50 * tasks)
})

test('count_tokens is a surface of its own', async () => {
  const result = await run(
    defineIntegration({
      name: 'counting',
      start: () => new Anthropic(),
      perform: async (anthropic, { prompt }) => {
        await anthropic.messages.countTokens({ model, messages: [{ role: 'user', content: prompt }] })
        return ask(anthropic, prompt)
      },
    }),
  )

  expect(new Set(eventsOf(result, 'attempt-started').map(({ surface }) => surface))).toEqual(
    new Set(['api.count-tokens', 'api.messages']),
  )
})

test('a client behind a gateway is recognised by what it asks', async () => {
  const result = await run(
    defineIntegration({
      name: 'gateway',
      start: () => new Anthropic({ baseURL: 'https://llm-gateway.example.com/anthropic', maxRetries: 0 }),
      perform: (anthropic, { prompt }) => ask(anthropic, prompt),
    }),
  )

  expectCaught(result)
})

test("an app's own loopback server is reached, and virtual time waits for it", async () => {
  const server = createServer((_, response) => response.end('pong'))
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/health`

  const result = await run(
    defineIntegration({
      name: 'loopback',
      start: () => new Anthropic({ maxRetries: 0 }),
      perform: async (anthropic, { prompt }) => {
        const before = Date.now()
        const byFetch = await (
          await fetch(url, { method: 'POST', body: new Blob(['ping']).stream(), duplex: 'half' } as RequestInit)
        ).text()
        const byHttp = await new Promise<string>((resolve, reject) => {
          httpRequest(url, response => response.on('data', data => resolve(String(data))))
            .on('error', reject)
            .end()
        })
        const answer = await ask(anthropic, prompt)
        if (byFetch !== 'pong' || byHttp !== 'pong') throw new Error('no pong')
        // What is real takes no virtual time: all of it is the model's.
        return Date.now() - before < 5_000 ? answer : 'time ran away'
      },
    }),
    { scenario: nothingWrong },
  )
  server.closeAllConnections()
  server.close()

  expect(result.realIo).toBe(true)
  expect(Object.keys(outcomesOf(result))).toEqual(['ok'])
})

test('an unknown host is refused like a closed port, with one notice that says how to allow it', async () => {
  const errors: Error[] = []
  const result = await run(
    defineIntegration({
      name: 'phones-home',
      start: () => new Anthropic({ maxRetries: 0 }),
      perform: async (anthropic, { prompt }) => {
        await fetch('https://telemetry.example.com/v1/traces', { method: 'POST', body: '{}' }).catch(e =>
          errors.push(e),
        )
        await axios.get('https://telemetry.example.com/ping').catch(e => errors.push(e))
        return ask(anthropic, prompt)
      },
    }),
  )

  expect(result.notices).toEqual([expect.stringMatching(/^telemetry\.example\.com .*refused.*surfaces:/)])
  expect(result.findings).toContainEqual(expect.objectContaining({ oracle: 'conduct', severity: 'warn' }))
  expect(errors[0]).toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNREFUSED', syscall: 'connect' } })
  expect(errors[1]).toMatchObject({ isAxiosError: true, code: 'ECONNREFUSED' })
})

test.each([
  ['the tap', undefined],
  ['sockets', undiciFetch as unknown as typeof fetch],
])('the SDK waits out a black hole for exactly its timeout over %s', async (_, fetch) => {
  const result = await run(
    defineIntegration({
      name: 'patient',
      start: () => new Anthropic({ maxRetries: 0, timeout: 30_000, ...(fetch && { fetch }) }),
      perform: (anthropic, { prompt }) => ask(anthropic, prompt),
    }),
    { scenario: hole },
  )

  const failed = failuresOf(result)
  expect(failed.length).toBeGreaterThan(10)
  expect(failed).toEqual(failed.map(() => ({ ms: 30_000, error: 'APIConnectionTimeoutError' })))
})

test.each([
  ['the tap', undefined],
  ['sockets', undiciFetch as unknown as typeof fetch],
  ['a fetch from before', earlyFetch],
])('a silent origin without any timeout of the client fails after 300 s over %s', async (_, fetch) => {
  const result = await run(
    {
      name: 'no-timeout',
      perform: async (_, { prompt }) =>
        (fetch ?? globalThis.fetch)(messagesUrl, {
          method: 'POST',
          headers: messagesHeaders(),
          body: messagesBody(prompt),
        }),
    },
    { scenario: hole },
  )

  const took = eventsOf(result, 'attempt-ended')
    .filter(({ outcome }) => outcome !== 'ok')
    .map(({ attempt, t, outcome }) => {
      const start = eventsOf(result, 'attempt-started').find(a => a.attempt === attempt)
      return `${outcome} ${Math.round((t - (start?.t ?? 0)) / 2_000) * 2}`
    })
  expect(new Set(took)).toEqual(new Set(['headers-timeout 300']))
})

test('nothing is printed for a reset connection, over the tap or over sockets', async () => {
  const printed: unknown[][] = []
  const { error } = console
  console.error = (...args: unknown[]) => printed.push(args)
  try {
    for (const fetch of [undefined, undiciFetch as unknown as typeof globalThis.fetch]) {
      const result = await run(
        {
          name: 'reset',
          perform: async (_, { prompt }) =>
            (fetch ?? globalThis.fetch)(messagesUrl, {
              method: 'POST',
              headers: messagesHeaders(),
              body: messagesBody(prompt),
            }),
        },
        { scenario: reset },
      )
      expect(eventsOf(result, 'attempt-ended').some(({ outcome }) => outcome === 'reset')).toBe(true)
    }
  } finally {
    console.error = error
  }
  expect(printed).toEqual([])
})

test.each([
  [
    'axios',
    async (prompt: string) => {
      const { data } = await axios.post(messagesUrl, messagesBody(prompt), {
        headers: messagesHeaders(),
        timeout: 30_000,
      })
      return textOf(data)
    },
  ],
  [
    'node:https',
    (prompt: string) =>
      new Promise<string>((resolve, reject) => {
        const options = { method: 'POST', headers: messagesHeaders(), timeout: 30_000 }
        const sent = httpsRequest(messagesUrl, options, response => {
          let text = ''
          response.on('data', chunk => {
            text += chunk
          })
          response.on('end', () => resolve(textOf(JSON.parse(text)) ?? ''))
        })
        sent.on('timeout', () => sent.destroy(new Error('took too long')))
        sent.on('error', reject)
        sent.end(messagesBody(prompt))
      }),
  ],
])('the timeout of %s runs on virtual time', async (_, ask) => {
  const result = await run({ name: 'timeout', perform: (_, { prompt }) => ask(prompt) }, { scenario: hole })

  expect(failuresOf(result).length).toBeGreaterThan(10)
  expect(new Set(failuresOf(result).map(({ ms }) => ms))).toEqual(new Set([30_000]))
})

test("an undici agent's own limit holds, on virtual time, in each of two runs, and before and after them", async () => {
  const server = createServer((request, response) => {
    if (request.url === '/quick') response.end()
  })
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  // undici makes its one timer here, on real time. (Without a dispatcher it would be the undici inside Node.)
  await undiciFetch(`http://127.0.0.1:${port}/quick`, { dispatcher: new Agent({ keepAliveTimeout: 10 }) })
  await new Promise(resolve => setTimeout(resolve, 1_200))
  const dispatcher = new Agent({ headersTimeout: 20_000 })
  const integration = defineIntegration({
    name: 'agent',
    perform: async (_, { prompt }) =>
      undiciFetch(messagesUrl, { method: 'POST', headers: messagesHeaders(), body: messagesBody(prompt), dispatcher }),
  })

  const results = [await run(integration, { scenario: hole }), await run(integration, { scenario: hole })]

  for (const result of results) {
    expect(failuresOf(result).length).toBeGreaterThan(10)
    for (const { ms } of failuresOf(result)) {
      // undici counts in ticks of half a second.
      expect(ms).toBeGreaterThan(19_500)
      expect(ms).toBeLessThan(21_500)
    }
  }
  const silent = undiciFetch(`http://127.0.0.1:${port}`, { dispatcher: new Agent({ headersTimeout: 1_500 }) })
  await expect(silent).rejects.toMatchObject({ cause: { code: 'UND_ERR_HEADERS_TIMEOUT' } })
  server.closeAllConnections()
  server.close()
})
