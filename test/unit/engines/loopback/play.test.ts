import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { RealClock } from '../../../../src/clock/real.ts'
import type { Exchange } from '../../../../src/engines/exchange.ts'
import { play } from '../../../../src/engines/loopback/play.ts'
import type { Inbound } from '../../../../src/engines/network.ts'
import type { Respond } from '../../../../src/providers/provider.ts'
import { until, type Wire, wait, wireTo } from './support.ts'

interface Played extends AsyncDisposable {
  readonly wire: Wire
  readonly response: ServerResponse
  /** `ok 12`: how the exchange ended, and after how many bytes. */
  ended(): readonly string[]
}

/** One script, played to one client that has asked. */
async function played(
  script: Partial<Respond>,
  before: (wire: Wire) => unknown = () => {},
  clock: Inbound & Partial<Disposable> = new RealClock(),
): Promise<Played> {
  const ended: string[] = []
  const exchange: Exchange = {
    id: 'a1',
    script: {
      type: 'respond',
      afterMs: 0,
      status: 200,
      headers: {},
      chunks: [],
      end: { type: 'finish' },
      good: true,
      ...script,
    },
    whole: 'ok',
    headers: () => {},
    ended: (outcome, bytes) => ended.push(`${outcome} ${bytes}`),
  }
  let response: ServerResponse | undefined
  const server = createServer((_, asked) => {
    response = asked
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const wire = await wireTo(typeof address === 'object' && address ? address.port : 0)
  wire.socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  await until(() => response !== undefined)
  if (!response) throw new Error('nobody asked')
  await before(wire)
  play(exchange, response, clock)
  return {
    ...{ wire, response, ended: () => ended },
    async [Symbol.asyncDispose]() {
      wire.socket.destroy()
      server.closeAllConnections()
      server.close()
      clock[Symbol.dispose]?.()
    },
  }
}

/** More than the kernel keeps for a client that does not read. */
const much = 'x'.repeat(16 * 2 ** 20)
const ping = 'ping\n'

test('pings to a client that does not read are left out, and go on when it reads again', async () => {
  await using one = await played(
    { chunks: [{ afterMs: 0, data: much }], end: { type: 'stall', pings: { everyMs: 2, data: ping } } },
    ({ socket }) => socket.pause(),
  )
  await wait(150)
  const waiting = one.response.writableLength
  await wait(150)
  expect(one.response.writableLength).toBe(waiting)

  one.wire.socket.resume()
  await until(() => one.wire.text().endsWith(`${ping}\r\n`))
})

test('what comes after it waits for a client that does not read', async () => {
  const chunks = Array.from({ length: 6 }, () => ({ afterMs: 1, data: much }))
  await using one = await played({ chunks }, ({ socket }) => socket.pause())
  await wait(150)
  expect(one.response.writableLength).toBeLessThan(2 * much.length)

  one.wire.socket.resume()
  await until(() => one.ended().length > 0)
  expect(one.ended()).toEqual([`ok ${6 * much.length}`])
})

test('an answer is over when the last of it has left', async () => {
  await using one = await played({ chunks: [{ afterMs: 0, data: much }] }, ({ socket }) => socket.pause())
  await wait(100)
  expect(one.ended()).toEqual([])

  one.wire.socket.resume()
  await until(() => one.ended().length > 0)
  expect(one.ended()).toEqual([`ok ${much.length}`])
})

test.for(['fin', 'rst'] as const)('a cut by %s waits for a slow reader to have it all', async type => {
  await using one = await played({ chunks: [{ afterMs: 0, data: much }], end: { type } }, ({ socket }) =>
    socket.pause(),
  )
  await wait(150)
  expect(one.ended()).toEqual([])

  one.wire.socket.resume()
  expect(await one.wire.ending).toBe(type === 'fin' ? 'end' : 'ECONNRESET')
  expect(one.wire.text().length).toBeGreaterThan(much.length)
  expect(one.ended()).toEqual([`cut ${much.length}`])
})

test('a client that was gone before its turn came is not played to', async () => {
  await using one = await played({}, async ({ socket }) => {
    socket.destroy()
    await wait(50)
  })

  expect(one.ended()).toEqual(['aborted 0'])
})

test('after a client has hung up nothing is written, and no timer is left', async () => {
  await using one = await played({ chunks: Array.from({ length: 50 }, () => ({ afterMs: 10, data: 'x' })) })
  await until(() => one.wire.text().includes('x'))
  one.wire.socket.destroy()
  await until(() => one.ended().length > 0)
  const [ended] = one.ended()
  await wait(100)

  expect(one.ended()).toEqual([ended])
  expect(ended).toMatch(/^aborted [1-9]$/)
})

/** A clock all of whose timers come `lateMs` too late. */
function lateClock(lateMs: number): Inbound & { ms: number; standsStill: boolean } {
  return {
    ms: 0,
    standsStill: false,
    now() {
      return this.ms
    },
    sleep: () => Promise.reject(new Error('nobody sleeps on it')),
    after(ms, callback) {
      const immediate = setImmediate(() => {
        this.ms += ms + lateMs
        callback()
      })
      return () => clearImmediate(immediate)
    },
    stoodStillSince() {
      return this.standsStill
    },
  }
}

const hundred = Array.from({ length: 100 }, () => ({ afterMs: 10, data: 'x' }))

test('events that come late do not make a stream longer', async () => {
  const clock = lateClock(7)
  await using one = await played({ chunks: hundred }, () => {}, clock)

  await until(() => one.ended().length > 0)

  expect(one.ended()).toEqual(['ok 100'])
  expect(clock.ms).toBe(1_007)
})

test('what the network has held up goes on at its pace', async () => {
  const clock = lateClock(7)
  clock.standsStill = true
  await using one = await played({ chunks: hundred }, () => {}, clock)

  await until(() => one.ended().length > 0)

  expect(clock.ms).toBe(1_700)
})
