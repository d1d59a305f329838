import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import Anthropic from '@anthropic-ai/sdk'
import { setupServer } from 'msw/node'
import { afterEach, expect, test, vi } from 'vitest'
import { outageHandlers } from '../../../src/index.ts'
import { messagesBody, messagesHeaders, model, run, scenario } from '../run/support.ts'

/** What a client can tell an error by, without addresses. */
function shapeOf(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error) || depth > 3) return undefined
  const { code, errno, syscall } = error as NodeJS.ErrnoException
  const cause = shapeOf(error.cause, depth + 1)
  return {
    class: error.constructor.name,
    name: error.name,
    message: error.message.replace(/[\w.]+:\d+/, 'HOST'),
    ...(code !== undefined && { code }),
    ...(errno !== undefined && { errno }),
    ...(syscall !== undefined && { syscall }),
    ...(cause !== undefined && { cause }),
  }
}

type Ask = (origin: string, fetch?: typeof globalThis.fetch) => Promise<unknown>

const asks: Readonly<Record<string, Ask>> = {
  async fetch(origin, fetch = globalThis.fetch) {
    const init = { method: 'POST', headers: messagesHeaders('sk-ant-test'), body: messagesBody('[q:q1] Why?') }
    return (await fetch(`${origin}/v1/messages`, init)).text()
  },
  'the SDK': origin =>
    new Anthropic({ apiKey: 'sk-ant-test', baseURL: origin, maxRetries: 0 }).messages.create({
      model,
      max_tokens: 64,
      messages: [{ role: 'user', content: '[q:q1] Why?' }],
    }),
  'a stream of the SDK': async origin => {
    const stream = await new Anthropic({ apiKey: 'sk-ant-test', baseURL: origin, maxRetries: 0 }).messages.create({
      model,
      max_tokens: 64,
      messages: [{ role: 'user', content: '[q:q1] Why?' }],
      stream: true,
    })
    for await (const _ of stream);
  },
}

const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n'
const part = '{"id":"msg_1","type":"message",'
const event = 'event: ping\ndata: {"type":"ping"}\n\n'
const isStream = (request: string) => request.includes('"stream":true')

/** Half an answer, as a real server that dies sends it. */
function half(socket: Socket, request: string): void {
  if (!isStream(request)) socket.write(`${head}content-length: 900\r\n\r\n${part}`)
  else
    socket.write(
      `${head.replace('application/json', 'text/event-stream')}transfer-encoding: chunked\r\n\r\n${event.length.toString(16)}\r\n${event}\r\n`,
    )
}

interface Case {
  readonly fault: string
  readonly act: ((socket: Socket, request: string) => void) | 'refuse'
  readonly asks: readonly string[]
}

const cases: Readonly<Record<string, Case>> = {
  'a refused connection': { fault: 'refused', act: 'refuse', asks: ['fetch', 'the SDK', 'a stream of the SDK'] },
  'a reset before any answer': {
    fault: 'reset',
    act: socket => socket.resetAndDestroy(),
    asks: ['fetch', 'the SDK', 'a stream of the SDK'],
  },
  'a FIN in the body': {
    fault: '{ stream-cut: { after: 40 bytes, by: fin } }',
    act: (socket, request) => {
      half(socket, request)
      socket.end()
    },
    asks: ['fetch', 'the SDK', 'a stream of the SDK'],
  },
  'a reset in the body': {
    fault: '{ stream-cut: { after: 40 bytes, by: rst } }',
    act: (socket, request) => {
      half(socket, request)
      setTimeout(() => socket.resetAndDestroy(), 30)
    },
    asks: ['fetch', 'the SDK', 'a stream of the SDK'],
  },
  // To `fetch`, and to a stream, that is no error at all.
  'a clean end in the body': {
    fault: '{ stream-cut: { after: 1 byte, by: clean } }',
    act: socket => socket.end(`${head}transfer-encoding: chunked\r\n\r\n1\r\n{\r\n0\r\n\r\n`),
    asks: ['the SDK'],
  },
}

const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function realError(act: Case['act'], ask: Ask): Promise<unknown> {
  const server = createServer(socket => {
    socket.on('error', () => {})
    let request = ''
    socket.on('data', data => {
      const before = request
      request += data
      // Head and body may come in two pieces.
      if (act !== 'refuse' && request.includes('"model"') && !before.includes('"model"')) act(socket, request)
    })
  })
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  servers.push(server)
  const { port } = server.address() as AddressInfo
  if (act === 'refuse') await new Promise(closed => server.close(closed))
  return shapeOf(await ask(`http://127.0.0.1:${port}`).catch(error => error))
}

async function errorOnTap(fault: string, ask: Ask): Promise<unknown> {
  const errors: unknown[] = []
  await run(
    {
      name: 'asks',
      perform: async (_, { question }) => {
        await ask('https://api.anthropic.com').catch(error => errors.push(error))
        return `[q:${question}] [end:${question}]`
      },
    },
    { scenario: scenario(`{ name: down, for: 1m, faults: [{ surface: api, fault: ${fault} }] }`) },
  )
  expect(errors.length).toBeGreaterThan(0)
  return shapeOf(errors[0])
}

async function errorOnHandlers(fault: string, ask: Ask): Promise<unknown> {
  const outage = outageHandlers(scenario(`{ name: down, for: 1m, faults: [{ surface: api, fault: ${fault} }] }`))
  const server = setupServer(...outage)
  server.listen({ onUnhandledFrame: 'error' })
  outage.start()
  try {
    return shapeOf(await ask('https://api.anthropic.com').catch(error => error))
  } finally {
    server.close()
  }
}

const all = Object.entries(cases).flatMap(([what, { fault, act, asks: who }]) =>
  who.map(name => ({ what, name, fault, act, ask: asks[name] as Ask })),
)

test.each(all)('$what is to $name what a real server makes of it', async ({ fault, act, ask }) => {
  const real = await realError(act, ask)

  expect(await errorOnTap(fault, ask)).toEqual(real)
})

test.each(all)(
  '$what is to $name the same over handlers in a setupServer, and MSW prints nothing',
  async ({ fault, act, ask }) => {
    const print = vi.spyOn(console, 'error').mockImplementation(() => {})
    const real = JSON.stringify(await realError(act, ask))
    const shape = JSON.stringify(await errorOnHandlers(fault, ask))

    // How a body broke, MSW does not hand on: its client sees a closed connection either way.
    const known = (text: string) => text.replace(/,"cause":\{"class":"(SocketError|Error)".*?\}/, '')
    if (fault.includes('stream-cut')) expect(known(shape)).toBe(known(real))
    else expect(shape).toBe(real)
    expect(print.mock.calls).toEqual([])
    print.mockRestore()
  },
)

test('silence ends after 300 s for a fetch that nobody else ends, as undici words it', async () => {
  expect(await errorOnTap('black-hole', asks['fetch'] as Ask)).toEqual({
    class: 'TypeError',
    name: 'TypeError',
    message: 'fetch failed',
    cause: {
      class: 'HeadersTimeoutError',
      name: 'HeadersTimeoutError',
      message: 'Headers Timeout Error',
      code: 'UND_ERR_HEADERS_TIMEOUT',
    },
  })
  expect(await errorOnTap('{ stream-stall: { after: 10 bytes } }', asks['fetch'] as Ask)).toEqual({
    class: 'TypeError',
    name: 'TypeError',
    message: 'terminated',
    cause: {
      class: 'BodyTimeoutError',
      name: 'BodyTimeoutError',
      message: 'Body Timeout Error',
      code: 'UND_ERR_BODY_TIMEOUT',
    },
  })
})

test('a URL that cannot be read fails as it does in Node', async () => {
  const real = await fetch('/v1/messages').catch(error => error)
  let faked: unknown
  await run({
    name: 'relative',
    perform: async (_, { question }) => {
      await fetch('/v1/messages').catch(error => {
        faked = error
      })
      return `[q:${question}] [end:${question}]`
    },
  })

  expect(shapeOf(faked)).toEqual(shapeOf(real))
})
