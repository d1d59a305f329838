import { once } from 'node:events'
import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { connectionFault } from '../../../../src/engines/loopback/connection-fault.ts'
import { type DoorFetchOptions, doorFetch } from '../../../../src/engines/loopback/door-fetch.ts'
import { selfSigned } from '../../../../src/engines/loopback/self-signed.ts'
import { asking, failing, Loopback, until, wait } from './support.ts'

const url = 'https://api.anthropic.com/v1/messages'

/** The `fetch` of a client in this process, and the hosts that it was refused. */
function fetchOf(loopback: Loopback, more: Partial<DoorFetchOptions> = {}) {
  const strays: string[] = []
  const tap = doorFetch({
    ...{ doors: loopback.server.doors, responder: loopback.responder, providers: loopback.providers, native: fetch },
    faultOf: door => connectionFault(loopback.plan, loopback.t(), door)?.type,
    onRefused: host => strays.push(host),
    ...more,
  })
  return { tap, strays }
}

const phases = `- { name: well, for: 5m }
- { name: down, for: 5m, faults: [{ surface: api, fault: refused }] }
- { name: hangs, for: 5m, faults: [{ surface: api, fault: connect-stall }] }
- { name: broken, for: 5m, faults: [{ surface: api, fault: tls }] }`

test('a provider’s own host is found behind its door', async () => {
  await using loopback = await Loopback.open(phases, { speed: 50 })
  await loopback.enter('well')
  const { tap, strays } = fetchOf(loopback)
  const own = await tap(url, asking())
  const request = await tap(new Request(loopback.messages, asking({ stream: true })))

  expect([own.status, request.status]).toEqual([200, 200])
  expect(await request.text()).toContain('event: message_stop')
  expect(loopback.attempts()).toEqual(['pass → ok', 'pass → ok'])
  expect(strays).toEqual([])
})

test('other hosts are refused as the system refuses, and services of this machine are reached', async () => {
  await using loopback = await Loopback.open(phases)
  const { tap, strays } = fetchOf(loopback)
  const service = createServer((request, response) => request.pipe(response)).listen(0, '127.0.0.1')
  await once(service, 'listening')
  const address = service.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const echoed = await tap(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'hello' })

  expect(await echoed.text()).toBe('hello')
  expect(await failing(tap('https://tracker.example.com/'))).toBe('ECONNREFUSED')
  expect(strays).toEqual(['tracker.example.com'])
  service.close()
})

test('an attempt at a closed port is told of, once, from when it was made', async () => {
  await using loopback = await Loopback.open(phases)
  await loopback.enter('down')
  const { tap } = fetchOf(loopback)

  expect(await failing(tap(url, asking()))).toBe('ECONNREFUSED')
  expect(loopback.attempts()).toEqual(['refuse → refused'])
})

test('an attempt that never connects is given up by its client, and took as long as that', async () => {
  await using loopback = await Loopback.open(phases)
  await loopback.enter('hangs')
  const { tap } = fetchOf(loopback)
  const failed = failing(tap(url, { ...asking(), signal: AbortSignal.timeout(300) }))
  expect(loopback.attempts()).toEqual([])
  await wait(50)
  expect(loopback.attempts()).toEqual(['hold → open'])

  await failed
  expect(loopback.attempts()).toEqual(['hold → aborted'])
  const [started] = loopback.events('attempt-started')
  const [ended] = loopback.events('attempt-ended')
  expect((ended?.t ?? 0) - (started?.t ?? 0)).toBeGreaterThanOrEqual(240)
})

test('a handshake that fails is told of as one', async () => {
  await using loopback = await Loopback.open(phases, { server: { tls: await selfSigned() } })
  await loopback.enter('broken')
  const { tap } = fetchOf(loopback)

  expect(await failing(tap(url, asking()))).toBe('ECONNRESET')
  expect(loopback.attempts()).toEqual(['tls → tls'])
})

test('a request that is through before its port has closed is one attempt, torn down by the server', async () => {
  await using loopback = await Loopback.open(phases)
  await loopback.enter('well')
  const { tap } = fetchOf(loopback)
  // The ports are behind, as they are for a moment in each change.
  loopback.comeTo('down')

  expect(await failing(tap(url, asking()))).toBe('ECONNRESET')
  expect(loopback.attempts()).toEqual(['refuse → reset'])
})

test('a connection that comes about after all is another attempt', { timeout: 15_000 }, async () => {
  await using loopback = await Loopback.open(phases)
  await loopback.enter('hangs')
  const { tap } = fetchOf(loopback)
  const fetched = tap(url, asking())
  await wait(100)
  await loopback.enter('well')
  // The kernel tries again a second after the first time.
  expect((await fetched).status).toBe(200)

  expect(loopback.attempts()).toEqual(['hold → connect-timeout', 'pass → ok'])
})

test('a request that its client gave up before it arrived is told of once', async () => {
  await using loopback = await Loopback.open(phases)
  await loopback.enter('well')
  const { tap } = fetchOf(loopback)
  const aborter = new AbortController()
  const failed = failing(tap(url, { ...asking({ system: 'x'.repeat(2 ** 22) }), signal: aborter.signal }))
  await until(() => true)
  aborter.abort()
  await failed
  await wait(200)

  expect(loopback.events('attempt-started').length).toBeLessThanOrEqual(1)
  expect(loopback.attempts().every(line => line === 'pass → aborted')).toBe(true)
})

test('what only a bug of the client’s can cause is no attempt', async () => {
  await using loopback = await Loopback.open(phases)
  await loopback.enter('well')
  const { tap } = fetchOf(loopback, { native: () => Promise.reject(new TypeError('expected a body')) })

  await expect(tap(url, asking())).rejects.toThrow('expected a body')
  expect(loopback.attempts()).toEqual([])
})
