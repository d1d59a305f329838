import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { readyBlockade } from '../../../../src/engines/loopback/blockade.ts'
import { Listener } from '../../../../src/engines/loopback/listener.ts'
import { isRefused } from '../../../../src/engines/loopback/ports.ts'
import { asking, connecting, failing, Loopback, rawRequest, until, wait, wireTo } from './support.ts'

const refusedThenWell = `- { name: well, for: 5m }
- { name: down, for: 5m, faults: [{ surface: api, fault: refused }] }
- { name: up, for: 5m }`

test('a surface that refuses is a closed port, while the others of its provider are open', async () => {
  await using loopback = await Loopback.open(refusedThenWell)
  await loopback.enter('down')

  expect(await connecting(loopback.port())).toBe('ECONNREFUSED')
  expect(await failing(fetch(loopback.messages, asking()))).toBe('ECONNREFUSED')
  expect(await connecting(loopback.port('anthropic', 'chat'))).toBe('connected')
  expect(await connecting(loopback.port('openai'))).toBe('connected')
  expect(loopback.server.applied).toEqual(new Set([0]))
})

test('the port is open again as the next phase begins, however often', async () => {
  await using loopback = await Loopback.open(refusedThenWell, { speed: 50 })
  for (let i = 0; i < 20; i++) {
    await loopback.enter('down')
    expect(await connecting(loopback.port())).toBe('ECONNREFUSED')
    await loopback.enter('up')
    expect((await fetch(loopback.messages, asking())).status).toBe(200)
  }
})

test('changes that come faster than they can be made end in the last of them', async () => {
  await using loopback = await Loopback.open(
    `${refusedThenWell}\n- { name: hangs, for: 5m, faults: [{ surface: api, fault: connect-stall }] }`,
    { speed: 50 },
  )
  const names = ['down', 'up', 'hangs', 'down', 'hangs', 'up']
  await Promise.all(names.map(name => loopback.enter(name)))

  expect((await fetch(loopback.messages, asking())).status).toBe(200)
})

test('a connection at rest is dropped as its door closes, and one with a request under way ends with it', async () => {
  await using loopback = await Loopback.open(refusedThenWell, { speed: 10 })
  await loopback.enter('well')
  const atRest = await wireTo(loopback.port())
  atRest.socket.write(rawRequest())
  await until(() => atRest.text().endsWith('}'))
  const underWay = await wireTo(loopback.port())
  underWay.socket.write(rawRequest())
  await until(() => loopback.events('attempt-started').length === 2)

  await loopback.enter('down')

  expect(await atRest.ending).toBe('end')
  expect(underWay.text()).toBe('')
  expect(await underWay.ending).toBe('end')
  expect(underWay.text()).toMatch(/^HTTP\/1\.1 200 OK.*\}$/s)
  expect(loopback.attempts()).toEqual(['pass → ok', 'pass → ok'])
})

test('where only some are refused, their connections are reset with the request at hand', async () => {
  await using loopback = await Loopback.open(
    '- { name: down, for: 5m, faults: [{ surface: api, fault: refused, when: { streaming: true } }] }',
    { speed: 50 },
  )
  await loopback.enter('down')

  const streamed = await wireTo(loopback.port())
  streamed.socket.write(rawRequest({ stream: true }))

  expect(await streamed.ending).toBe('ECONNRESET')
  expect((await fetch(loopback.messages, asking())).status).toBe(200)
  expect(loopback.attempts()).toEqual(['refuse → reset', 'pass → ok'])
  expect(loopback.server.applied.size).toBe(0)
})

test('without a network of its own an app reaches none of the ports', async () => {
  await using loopback = await Loopback.open('- { name: well, for: 5m }')
  await loopback.enter('well')
  loopback.network.cut(60_000)
  await loopback.server.apply()

  expect(await connecting(loopback.port())).toBe('ECONNREFUSED')
  expect(await connecting(loopback.port('openai'))).toBe('ECONNREFUSED')
})

test('a connection that stalls is neither accepted nor refused, and undici gives it up as in life', async () => {
  await using loopback = await Loopback.open(`- { name: well, for: 5m }
- { name: hangs, for: 5m, faults: [{ surface: api, fault: connect-stall }] }
- { name: up, for: 5m }`)
  await loopback.enter('hangs')

  expect(await connecting(loopback.port(), 700)).toBe('nothing')
  expect(await connecting(loopback.port('openai'))).toBe('connected')
  const undici = await import('undici')
  const dispatcher = new undici.Agent({ connectTimeout: 300 })
  const fetched = undici.fetch(loopback.messages, { method: 'POST', body: '{}', dispatcher })
  expect(await failing(fetched)).toBe('UND_ERR_CONNECT_TIMEOUT')
  expect(loopback.server.applied).toEqual(new Set([0]))

  await loopback.enter('up')
  expect(await connecting(loopback.port())).toBe('connected')
  await dispatcher.close()
})

test('what fills a port is gone when it is lifted: its thread, its connections and the port', async () => {
  const resources = () =>
    process
      .getActiveResourcesInfo()
      .filter(name => /Worker|MessagePort|TCP/i.test(name))
      .sort()
  const listener = await Listener.open({ host: '127.0.0.1', port: 0, onConnection: () => {} })
  const { port } = listener
  await listener[Symbol.asyncDispose]()
  await wait(20)
  const before = resources()
  for (let i = 0; i < 3; i++) {
    const blocked = await readyBlockade()
    await blocked.fill('127.0.0.1', port)
    expect(resources().length).toBeGreaterThan(before.length)
    expect(await isRefused('127.0.0.1', port)).toBe(false)
    await blocked.lift()
    expect(await isRefused('127.0.0.1', port)).toBe(true)
  }
  await wait(20)
  expect(resources()).toEqual(before)
})

test('a port that somebody took while it was closed is tried again with the next change', async () => {
  await using loopback = await Loopback.open(refusedThenWell, { speed: 50 })
  await loopback.enter('down')
  const thief = createServer().listen(loopback.port(), '127.0.0.1')
  await expect(loopback.enter('up')).rejects.toThrow(/^Port \d+ of 127\.0\.0\.1 cannot be listened on: EADDRINUSE\.$/)
  expect(await connecting(loopback.port('openai'))).toBe('connected')

  await new Promise(resolve => thief.close(resolve))
  await loopback.enter('well')

  expect((await fetch(loopback.messages, asking())).status).toBe(200)
})

test('a port that is left for a moment only is had again without a word', async () => {
  await using loopback = await Loopback.open(refusedThenWell, { speed: 50 })
  await loopback.enter('down')
  const passerBy = createServer().listen(loopback.port(), '127.0.0.1')
  void wait(150).then(() => passerBy.close())

  await loopback.enter('up')

  expect((await fetch(loopback.messages, asking())).status).toBe(200)
})

test('a server that is disposed of in the middle of a change leaves no port open, and none opens later', async () => {
  const loopback = await Loopback.open(
    '- { name: hangs, for: 5m, faults: [{ surface: api, fault: connect-stall }] }\n- { name: up, for: 5m }',
  )
  const hangs = loopback.enter('hangs')
  const up = loopback.enter('up')
  await loopback[Symbol.asyncDispose]()
  await Promise.all([hangs, up])
  await loopback.enter('up')

  expect(await loopback.server.stillOpen()).toEqual([])
})

test('a port that is taken is named, and what was opened before it is closed again', async () => {
  await using first = await Loopback.open('- { name: well, for: 5m }')
  const port = first.port()

  await expect(
    Loopback.open('- { name: well, for: 5m }', { server: { doors: [{ ...first.door(), port }] } }),
  ).rejects.toThrow(`Port ${port} of 127.0.0.1 cannot be listened on: EADDRINUSE.`)
})

test('the first port is the shared one, and the doors follow it', async () => {
  const free = await Loopback.open('- { name: well, for: 5m }')
  const port = Number(new URL(free.server.url).port)
  const doors = [free.door()]
  await free[Symbol.asyncDispose]()

  await using loopback = await Loopback.open('- { name: well, for: 5m }', { server: { port, doors } })

  expect(loopback.server.url).toBe(`http://127.0.0.1:${port}`)
  expect(loopback.port()).toBe(port + 1)
})
