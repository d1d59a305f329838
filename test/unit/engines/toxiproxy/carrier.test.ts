import { spawn } from 'node:child_process'
import { Agent, createServer, request } from 'node:http'
import { createInterface } from 'node:readline'
import { afterAll, describe, expect, test } from 'vitest'
import { type Carrier, openCarrier } from '../../../../src/engines/toxiproxy/carrier.ts'
import { ToxiproxyControl } from '../../../../src/engines/toxiproxy/control.ts'
import { isOpen } from '../../../../src/engines/toxiproxy/ports.ts'
import { openToxiproxy, type ToxiproxyServer } from '../../../../src/engines/toxiproxy/server.ts'
import { minuteMs, type Plan } from '../../../../src/model/timeline.ts'
import { echo, keep, listening, planOf, realServer, say, service, until, wait } from './support.ts'

const { server, name } = await realServer()
afterAll(() => server?.[Symbol.asyncDispose]())

const there = (): ToxiproxyServer => {
  if (!server) throw new Error('skipped')
  return server
}

/** A minute of each of these faults on everything that the route has, and one of health after each. */
const minutes = (surface: string, faults: readonly string[], more = '') =>
  planOf(
    `${more}\nphases:\n${faults
      .map(
        (fault, i) =>
          `  - { name: bad-${i}, for: 1m, faults: [{ surface: ${surface}, ${fault} }] }\n  - { name: good-${i}, for: 1m }\n`,
      )
      .join('')}`,
  )

/** An HTTP server of ours, and what arrived at it. */
async function http() {
  const arrivals: string[] = []
  const own = createServer((asked, answer) => {
    arrivals.push(asked.url ?? '')
    answer.end('fine')
  })
  const port = await listening(own)
  return {
    ...{ port, arrivals },
    [Symbol.dispose]() {
      own.closeAllConnections()
      own.close()
    },
  }
}

/** What a client of `node:http` sees of one request. */
function ask(port: number, path: string, agent: Agent, patienceMs = 3_000): Promise<string> {
  return new Promise(resolve => {
    const asked = request({ host: '127.0.0.1', port, path, agent, timeout: patienceMs }, response => {
      response.setEncoding('utf8')
      let text = ''
      response.on('data', part => {
        text += part
      })
      response.on('end', () => resolve(`${asked.reusedSocket ? 'again ' : ''}${text}`))
      response.on('error', error => resolve(error.message))
    })
    asked.on('timeout', () => {
      resolve('nothing')
      asked.destroy()
    })
    asked.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    asked.end()
  })
}

const api = { name: 'anthropic', kind: 'http' as const, surfaces: ['anthropic.api'] }
const cache = { name: 'http.cache', kind: 'tcp' as const, surfaces: ['http.cache'] }
const withCache = 'surfaces: { cache: { tcp: 127.0.0.1:6379 } }'

describe.skipIf(!server)(name, () => {
  test('in front of our own server each fault is seen by the client, and every request but a refused one arrives', async () => {
    using behind = await http()
    const plan = minutes('api', ['fault: refused', 'fault: reset', 'fault: black-hole'])
    await using carrier = await openCarrier({
      ...{ server: there(), routes: [{ ...api, upstream: `127.0.0.1:${behind.port}` }], plan: () => plan },
    })
    using agent = pool()

    const seen: string[] = []
    for (let minute = -1; minute < 6; minute++) {
      await carrier.apply(minute * minuteMs)
      seen.push(await ask(carrier.port('anthropic'), `/${minute}`, agent.agent, minute === 4 ? 200 : 3_000))
    }

    expect(seen).toEqual(['fine', 'ECONNREFUSED', 'fine', 'ECONNRESET', 'fine', 'nothing', 'fine'])
    expect(behind.arrivals).toEqual(['/-1', '/1', '/2', '/3', '/4', '/5'])
  })

  test('a kept connection does not dodge a fault, and is used again where nothing changes', async () => {
    using behind = await http()
    const plan = minutes('api', ['fault: black-hole'])
    await using carrier = await openCarrier({
      ...{ server: there(), routes: [{ ...api, upstream: `127.0.0.1:${behind.port}` }], plan: () => plan },
    })
    using agent = pool()
    const port = carrier.port('anthropic')

    expect(await ask(port, '/', agent.agent)).toBe('fine')
    await carrier.apply(-1)
    expect(await ask(port, '/', agent.agent)).toBe('again fine')
    await carrier.apply(0)
    expect(await ask(port, '/', agent.agent, 200)).toBe('nothing')
  })

  test('it says when it next has something to do', async () => {
    using behind = await http()
    const plan = minutes('api', ['fault: reset', 'fault: overloaded', 'fault: refused'])
    await using carrier = await openCarrier({
      ...{ server: there(), routes: [{ ...api, upstream: `127.0.0.1:${behind.port}` }], plan: () => plan },
    })

    expect([-1, 0, 1, 4].map(minute => carrier.nextChange(minute * minuteMs))).toEqual(
      [0, 1, 4, 5].map(minute => minute * minuteMs),
    )
    expect(carrier.nextChange(5 * minuteMs)).toBeUndefined()
  })

  test('a plan that changes under way is asked for anew', async () => {
    using behind = await http()
    let plan: Plan = minutes('api', ['fault: reset'])
    await using carrier = await openCarrier({
      ...{ server: there(), routes: [{ ...api, upstream: `127.0.0.1:${behind.port}` }], plan: () => plan },
    })
    using agent = pool()
    await carrier.apply(0)

    plan = minutes('api', ['fault: refused'])
    await carrier.apply(0)

    expect(await ask(carrier.port('anthropic'), '/', agent.agent)).toBe('ECONNREFUSED')
  })

  test('what is applied at once is applied in order: the last holds', async () => {
    using behind = await http()
    const plan = minutes('api', ['fault: refused', 'fault: reset'])
    await using carrier = await openCarrier({
      ...{ server: there(), routes: [{ ...api, upstream: `127.0.0.1:${behind.port}` }], plan: () => plan },
    })
    using agent = pool()

    await Promise.all([0, 2, 0, 1, 2].map(minute => carrier.apply(minute * minuteMs)))

    expect(await ask(carrier.port('anthropic'), '/', agent.agent)).toBe('ECONNRESET')
  })

  test('on a TCP service connections are counted as they come through, by the fault in force', async () => {
    await using behind = await echo()
    const plan = minutes('cache', ['fault: refused', 'fault: black-hole', 'fault: reset'], withCache)
    const connections: string[] = []
    await using carrier = await openCarrier({
      ...{ server: there(), routes: [{ ...cache, upstream: `127.0.0.1:${behind.port}` }], plan: () => plan },
      onConnection: route => connections.push(route),
    })
    const port = carrier.port('http.cache')
    const seen: string[] = []
    for (let minute = 0; minute < 6; minute++) {
      await carrier.apply(minute * minuteMs)
      for (let i = 0; i < 2; i++) {
        const { text, ending } = await say(port, 'hello', { enough: 5, patienceMs: minute === 2 ? 100 : 3_000 })
        seen.push(text || ending)
      }
    }

    expect(seen).toEqual([
      ...['ECONNREFUSED', 'ECONNREFUSED', 'hello', 'hello', 'open', 'open'],
      ...['hello', 'hello', 'ECONNRESET', 'ECONNRESET', 'hello', 'hello'],
    ])
    expect(connections).toEqual(new Array(10).fill('http.cache'))
    expect(carrier.counts()).toEqual([
      {
        ...{ route: 'http.cache', connections: 10, bytesIn: 50, bytesOut: 50 },
        reached: new Map([
          ['phases[2].faults[0]', 2],
          ['phases[4].faults[0]', 2],
        ]),
      },
    ])
  })

  test('a share takes some connections and spares the others', async () => {
    await using behind = await echo()
    const plan = minutes('cache', ['fault: black-hole, share: 50%'], withCache)
    await using carrier = await openCarrier({
      ...{ server: there(), routes: [{ ...cache, upstream: `127.0.0.1:${behind.port}` }], plan: () => plan },
    })
    await carrier.apply(0)

    const seen = await Promise.all(
      Array.from({ length: 60 }, () => say(carrier.port('http.cache'), 'x', { enough: 1, patienceMs: 1_500 })),
    )

    // Toxiproxy's dice have no seed: fewer than 8 of 60 come once in two hundred million runs.
    const spared = seen.filter(({ text }) => text === 'x').length
    expect(spared).toBeGreaterThan(8)
    expect(spared).toBeLessThan(52)
  })

  test('how the service ends a connection is how it ends for the app', async () => {
    const plan = minutes('cache', ['fault: refused'], withCache)
    await using fin = await service(socket => socket.on('data', () => socket.end('bye')))
    await using rst = await service(socket => socket.on('data', () => socket.resetAndDestroy()))
    const gone = await echo()
    await using carrier = await openCarrier({
      server: there(),
      routes: [fin, rst, gone].map(({ port }, i) => ({ ...cache, name: `r${i}`, upstream: `localhost:${port}` })),
      plan: () => plan,
    })
    await gone[Symbol.asyncDispose]()

    expect(await say(carrier.port('r0'), 'x')).toMatchObject({ text: 'bye', ending: 'end' })
    // Toxiproxy itself ends by FIN what was reset behind it.
    expect(await say(carrier.port('r1'), 'x')).toMatchObject({ text: '', ending: 'end' })
    expect((await say(carrier.port('r2'), 'x')).ending).toMatch(/^(?:end|ECONNRESET)$/)
  })

  test('a service that hangs before it accepts hangs neither the proxy nor its control', async () => {
    await using hanging = await neverAccepts()
    const plan = minutes('cache', ['fault: black-hole', 'fault: refused'], withCache)
    const notices: string[] = []
    await using carrier = await openCarrier({
      ...{ server: there(), routes: [{ ...cache, upstream: `127.0.0.1:${hanging.port}` }], plan: () => plan },
      onNotice: text => notices.push(text),
    })
    const stuck = await Promise.all(Array.from({ length: 5 }, () => keep(carrier.port('http.cache'))))
    for (const { socket } of stuck) socket.on('error', () => {}).write('hello')
    await until(() => carrier.counts()[0]?.connections === 5)

    for (const minute of [0, 1, 2, 3]) await carrier.apply(minute * minuteMs)

    expect(notices).toEqual([])
  })

  test('disposed of, its proxies, their ports and its relays are gone; those of others stay', async () => {
    await using behind = await echo()
    const control = new ToxiproxyControl({ url: there().url })
    const theirs = { name: 'theirs', listen: '127.0.0.1:29500', upstream: '127.0.0.1:1' }
    await control.create(theirs, { enabled: false, toxics: [] })
    const plan = minutes('cache', ['fault: black-hole'], withCache)
    const carrier = await openCarrier({
      ...{ server: there(), routes: [{ ...cache, upstream: `127.0.0.1:${behind.port}` }], plan: () => plan },
    })
    await carrier.apply(0)
    const kept = await keep(carrier.port('http.cache'))
    kept.socket.write('hello')
    await until(() => carrier.counts()[0]?.bytesIn === 5)
    expect(await control.list()).toHaveLength(2)

    await carrier[Symbol.asyncDispose]()

    expect(await kept.ended).toMatch(/^(?:end|ECONNRESET)$/)
    expect(await isOpen(carrier.port('http.cache'))).toBe(false)
    expect((await control.list()).map(proxy => proxy.name)).toEqual(['theirs'])
    await control.remove('theirs')
  })

  test('two carriers share a server, and neither takes what is the other’s', async () => {
    using behind = await http()
    const plan = minutes('api', ['fault: refused'])
    const options = { server: there(), routes: [{ ...api, upstream: `127.0.0.1:${behind.port}` }], plan: () => plan }
    const one = await openCarrier(options)
    await using other = await openCarrier(options)
    using agent = pool()

    await one.apply(0)
    await one[Symbol.asyncDispose]()

    expect(await ask(other.port('anthropic'), '/', agent.agent)).toBe('fine')
  })

  test('what a killed process of ours has left on a server of somebody else is taken off by the next', async () => {
    using behind = await http()
    const control = new ToxiproxyControl({ url: there().url })
    const plan = minutes('api', ['fault: refused'])
    const left = { name: 'blackstart-4194305-1.anthropic', listen: '127.0.0.1:29501', upstream: '127.0.0.1:1' }
    await control.create(left, { enabled: true, toxics: [] })
    const notices: string[] = []

    await using _ = await openCarrier({
      ...{ server: there(), routes: [{ ...api, upstream: `127.0.0.1:${behind.port}` }], plan: () => plan },
      onNotice: text => notices.push(text),
    })

    expect(notices).toEqual([
      'The proxy "blackstart-4194305-1.anthropic" of a process that is gone was taken off Toxiproxy.',
    ])
    expect(await isOpen(29_501)).toBe(false)
  })

  test('when the server is gone that is told, and nothing of it is left', async () => {
    const own = await openToxiproxy()
    if (own.type !== 'server') throw new Error(own.says)
    using behind = await http()
    const plan = minutes('api', ['fault: refused'])
    const carrier: Carrier = await openCarrier({
      ...{ server: own, routes: [{ ...api, upstream: `127.0.0.1:${behind.port}` }], plan: () => plan },
    })
    process.kill(own.pid ?? 0, 'SIGKILL')
    await own.died

    await expect(carrier.apply(0)).rejects.toThrow('Toxiproxy has ended by itself: signal 9.')
    await carrier[Symbol.asyncDispose]()
  })

  test('a server that opens its ports elsewhere is found out', async () => {
    using behind = await http()
    const plan = minutes('api', ['fault: refused'])
    // It answers as the real one does, and its proxies are closed, as those in a container are for us.
    const pretender = createServer(async (asked, answer) => {
      let body = ''
      for await (const part of asked) body += part
      const given = await fetch(`${there().url}${asked.url}`, {
        method: asked.method ?? 'GET',
        ...(body && { body: body.replace('"enabled":true', '"enabled":false') }),
      })
      answer.writeHead(given.status)
      answer.end((await given.text()).replace('"enabled":false', '"enabled":true'))
    })
    const url = `http://127.0.0.1:${await listening(pretender)}`

    await expect(
      openCarrier({
        server: { url, died: new Promise(() => {}) },
        routes: [{ ...api, upstream: `127.0.0.1:${behind.port}` }],
        plan: () => plan,
      }),
    ).rejects.toThrow("is it in a container without the host's network?")
    expect(await new ToxiproxyControl({ url: there().url }).list()).toEqual([])
    pretender.closeAllConnections()
    pretender.close()
  })
})

function pool() {
  const agent = new Agent({ keepAlive: true })
  return { agent, [Symbol.dispose]: () => agent.destroy() }
}

/** A port whose owner stands still, with all places in its queue taken: who connects then waits for good. */
async function neverAccepts(): Promise<AsyncDisposable & { readonly port: number }> {
  const script = `require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () { console.log(this.address().port) })`
  const owner = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const { value } = await createInterface({ input: owner.stdout })[Symbol.asyncIterator]().next()
  owner.kill('SIGSTOP')
  const port = Number(value)
  const queue = Array.from({ length: 4 }, () => say(port, '', { patienceMs: 20_000 }))
  await wait(100)
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      owner.kill('SIGKILL')
      await Promise.all(queue)
    },
  }
}
