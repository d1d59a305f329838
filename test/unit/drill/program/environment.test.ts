import { createServer, type Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { environmentFor } from '../../../../src/drill/program/environment.ts'
import { addressed } from '../../../../src/providers/addressed.ts'
import { providers } from '../../../../src/providers/index.ts'
import type { WireRequest } from '../../../../src/providers/provider.ts'
import { node, start } from './support.ts'

/** What arrived, as the provider that has its address reads it; the path where none does. */
const arrived: string[] = []
let server: Server
let bases: Record<string, string>

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const wire: WireRequest = {
      method: request.method ?? '',
      url: new URL(request.url ?? '', `http://${request.headers.host}`),
      headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
      body: Buffer.concat(chunks).toString(),
    }
    const provider = providers.find(({ id }) => wire.url.pathname.startsWith(`/${id}/`))
    const seen = provider && addressed(provider, bases[provider.id] ?? '').recognise(wire)
    arrived.push(seen ? `${seen.provider} ${seen.surface} ${seen.key}` : `${wire.method} ${wire.url.pathname}`)
    const token = { access_token: 'ya29.canary-blackstart-token.1', expires_in: 3_599, token_type: 'Bearer' }
    const isToken = seen?.surface === 'login'
    response.writeHead(isToken ? 200 : 400, { 'content-type': 'application/json' })
    response.end(JSON.stringify(isToken ? token : { error: { message: 'noted' } }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  bases = Object.fromEntries(providers.map(({ id }) => [id, `http://127.0.0.1:${port}/${id}`]))
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

test('every SDK, made with no option at all, sends its own canary key to its own provider here', async () => {
  const calls = fileURLToPath(new URL('./sdk-calls.ts', import.meta.url))
  const env = environmentFor(bases, providers, {
    strayProxyUrl: 'http://127.0.0.1:9',
    ambient: { PATH: process.env['PATH'], ANTHROPIC_BASE_URL: 'https://real.example', OPENAI_API_KEY: 'sk-real' },
  })

  const program = await start([process.execPath, calls], {
    env,
    onOutput: (line, stream) => stream === 'stdout' && arrived.push(line),
  })
  await program.exited

  expect(arrived).toEqual([
    ...['anthropic', 'anthropic api.messages canary'],
    ...['anthropic of Vercel', 'anthropic api.messages canary'],
    ...['anthropic of LangChain', 'anthropic api.messages canary'],
    ...['openai', 'openai api.responses canary'],
    ...['openai on Azure', 'openai api.chat-completions canary'],
    ...['openai of Vercel', 'openai api.responses canary'],
    ...['openai of LangChain', 'openai api.chat-completions canary'],
    ...['openai on Azure of LangChain', 'openai api.chat-completions canary'],
    ...['gemini', 'gemini api.generate canary'],
    ...['bedrock', 'bedrock api.invoke canary'],
    ...['bedrock of AWS', 'bedrock api.converse canary'],
    ...['bedrock of Vercel', 'bedrock api.converse canary'],
    ...['vertex', 'vertex login canary', 'vertex api.messages canary'],
  ])
})

test('what is in the environment besides stays, real keys and proxies do not', () => {
  const ambient = { HOME: '/home/me', DATABASE_URL: 'pg', ANTHROPIC_AUTH_TOKEN: 'real', https_proxy: 'http://corp:1' }
  const env = environmentFor({ anthropic: 'http://127.0.0.1:4100/' }, providers, { ambient, own: { PORT: '3000' } })

  expect(env).toMatchObject({
    HOME: '/home/me',
    DATABASE_URL: 'pg',
    PORT: '3000',
    ANTHROPIC_BASE_URL: 'http://127.0.0.1:4100',
    ANTHROPIC_API_URL: 'http://127.0.0.1:4100',
  })
  expect(Object.keys(env).filter(name => /proxy$|^ANTHROPIC_AUTH_TOKEN$/i.test(name))).toEqual([])
  // A provider with no place here keeps its address, and a key that nobody takes.
  expect(env['OPENAI_BASE_URL']).toBe('https://api.openai.com/v1')
  expect(env['OPENAI_API_KEY']).toContain('canary')
})

test('strays are sent to the proxy that refuses them, and what is on this machine is not', async () => {
  const stray = createServer().on('connect', (request, socket) => {
    arrived.push(`stray ${request.url}`)
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
  })
  await new Promise<void>(resolve => stray.listen(0, '127.0.0.1', resolve))
  const address = stray.address()
  const strayProxyUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  arrived.length = 0

  const program = await start(
    node(`await fetch('https://elsewhere.example/x').catch(() => {}); await fetch('${bases['anthropic']}/y')`),
    { env: environmentFor(bases, providers, { strayProxyUrl }) },
  )
  await program.exited
  stray.close()

  expect(arrived).toEqual(['stray elsewhere.example:443', 'anthropic api none'])
})

test('a drill at an address of the network is asked directly, and not by way of the proxy for strays', () => {
  const env = environmentFor({ anthropic: 'http://192.0.2.7:4100' }, providers, {
    strayProxyUrl: 'http://192.0.2.7:4099',
    ambient: {},
  })

  expect(env['NO_PROXY']?.split(',')).toContain('192.0.2.7')
  expect(env['no_proxy']).toBe(env['NO_PROXY'])
})

test('a program is told how fast the drill goes, and not by another drill around it', () => {
  const ambient = { BLACKSTART_SPEED: '5', BLACKSTART_CLOCK_ACK: '/outer' }

  expect(environmentFor({}, [], { ambient })).not.toHaveProperty('BLACKSTART_SPEED')
  expect(environmentFor({}, [], { ambient, clock: { speed: 20, fromMs: 1_000, ackFile: '/ack' } })).toMatchObject({
    BLACKSTART_SPEED: '20',
    BLACKSTART_CLOCK_FROM: '1000',
    BLACKSTART_CLOCK_ACK: '/ack',
  })
})
