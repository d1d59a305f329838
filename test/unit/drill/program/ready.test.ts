import { createServer as createHttpServer } from 'node:http'
import { createServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { ambientClock } from '../../../../src/clock/clock.ts'
import { NotReadyError, type ReadyOptions, waitUntilReady } from '../../../../src/drill/program/ready.ts'
import type { Ready } from '../../../../src/model/app.ts'
import { node, start } from './support.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function listening(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

const wait = (ready: Ready, options: Partial<ReadyOptions> = {}) =>
  waitUntilReady(ready, { clock: ambientClock, timeoutMs: 10_000, ...options })

async function refusal(ready: Ready, options: Partial<ReadyOptions>): Promise<string> {
  const error = await wait(ready, options).catch(caught => caught)
  expect(error).toBeInstanceOf(NotReadyError)
  return [error.message, error.hint].filter(Boolean).join('\n')
}

test('an address is ready once it answers well, and not while it answers that it is not', async () => {
  const statuses = [503, 404, 204]
  const port = await listening(
    createHttpServer((_, response) => response.writeHead(statuses.shift() ?? 500).end()) as Server,
  )

  await wait({ http: `http://127.0.0.1:${port}/healthz` })

  expect(statuses).toEqual([])
})

test('a status that is named is the one that counts', async () => {
  const statuses = [200, 503, 401]
  const port = await listening(
    createHttpServer((_, response) => response.writeHead(statuses.shift() ?? 500).end()) as Server,
  )

  await wait({ http: `http://127.0.0.1:${port}/`, status: 401 })

  expect(statuses).toEqual([])
})

test('an address that accepts and says nothing is not ready', async () => {
  const port = await listening(createServer())

  expect(await refusal({ http: `http://127.0.0.1:${port}/` }, { timeoutMs: 300 })).toBe(
    `The program was not ready within 0.3 s: http://127.0.0.1:${port}/ did not answer with a status of 200 to 299.\nIs it at this address?`,
  )
})

test('a port is ready once somebody listens', async () => {
  const port = await listening(createServer())
  servers[0]?.close()
  const ready = wait({ tcp: `127.0.0.1:${port}` })
  let isReady = false
  ready.then(() => {
    isReady = true
  })

  await ambientClock.sleep(150)
  expect(isReady).toBe(false)
  servers.push(createServer().listen(port, '127.0.0.1'))
  await ready
})

test('a line that it prints shows it, be it printed before or after', async () => {
  await using program = await start(
    node(`setTimeout(() => console.error('Listening on :3000'), 100); setInterval(() => {}, 1e6)`),
  )

  await wait({ log: 'listening|Listening' }, { program })
  expect(program.recentLines()).toEqual(['Listening on :3000'])
  await wait({ log: ':\\d+$' }, { program })
})

test('a program that ends first is told with what it said last', async () => {
  const program = await start(['sh', '-c', 'echo one; echo "EADDRINUSE: address already in use" >&2; exit 1'])

  expect(await refusal({ log: '^ready' }, { program })).toBe(
    'The program ended before it was ready, with code 1.\nIt printed last:\n  one\n  EADDRINUSE: address already in use',
  )
})

test('another program that answers in its place does not make it ready', async () => {
  const port = await listening(createHttpServer((_, response) => response.end()) as Server)
  const program = await start(['sh', '-c', 'kill -9 $$'])
  await program.exited

  expect(await refusal({ http: `http://127.0.0.1:${port}/` }, { program })).toBe(
    'The program ended before it was ready, killed by SIGKILL.',
  )
})

test('a time is enough where nothing else tells, and it can be given up', async () => {
  const startedMs = performance.now()
  await wait({ after: 120 })
  expect(performance.now() - startedMs).toBeGreaterThan(110)

  expect(await refusal({ after: 60_000 }, { signal: AbortSignal.timeout(20) })).toBe(
    'Nobody waits for the program any more.',
  )
})
