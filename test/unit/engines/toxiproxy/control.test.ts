import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { ToxiproxyControl } from '../../../../src/engines/toxiproxy/control.ts'
import { isOpen } from '../../../../src/engines/toxiproxy/ports.ts'
import { healthyState, type ProxyState } from '../../../../src/engines/toxiproxy/proxy-state.ts'
import { openToxiproxy } from '../../../../src/engines/toxiproxy/server.ts'
import type { Toxic, ToxicKind } from '../../../../src/engines/toxiproxy/toxic.ts'
import { ToxiproxyTrouble } from '../../../../src/engines/toxiproxy/trouble.ts'
import { echo, keep, listening, realServer, say, service, specTo, until, wait } from './support.ts'

const { server, name } = await realServer()
afterAll(() => server?.[Symbol.asyncDispose]())

const notices: string[] = []
const control = new ToxiproxyControl({
  ...{ url: server?.url ?? 'http://127.0.0.1:1', timeoutMs: 500 },
  onNotice: text => notices.push(text),
})
afterEach(async () => {
  notices.length = 0
  if (server) for (const proxy of await control.list()) await control.remove(proxy.name)
})

const toxic = (kind: ToxicKind, more: Partial<Pick<Toxic, 'name' | 'stream' | 'toxicity'>> = {}): Toxic => ({
  ...{ name: 'fault', stream: 'downstream', toxicity: 1 },
  ...kind,
  ...more,
})
const open = (...toxics: readonly Toxic[]): ProxyState => ({ enabled: true, toxics })
const closed: ProxyState = { enabled: false, toxics: [] }

const latency = (ms: number) => toxic({ type: 'latency', attributes: { latency: ms, jitter: 0 } })
const timeout = toxic({ type: 'timeout', attributes: { timeout: 0 } })
const reset = (ms = 0) => toxic({ type: 'reset_peer', attributes: { timeout: ms } })
const rate = (kb: number) => toxic({ type: 'bandwidth', attributes: { rate: kb } })
const limit = (bytes: number) => toxic({ type: 'limit_data', attributes: { bytes } })

/** Asks the server as anybody may, without our care. */
async function raw(path: string, method: string, body?: unknown, url = server?.url): Promise<Response> {
  return fetch(`${url}${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body) }) })
}

describe.skipIf(!server)(name, () => {
  test('a proxy lets everything through', async () => {
    await using behind = await echo()
    const spec = await specTo(behind.port)
    await control.set(spec, healthyState)

    expect(await say(spec.port, 'hello', { enough: 5 })).toMatchObject({ text: 'hello' })
  })

  test('disabled it refuses, unlike one whose upstream is gone, which accepts and hangs up', async () => {
    const behind = await echo()
    const spec = await specTo(behind.port)
    await control.set(spec, closed)
    const refused = await say(spec.port, 'hello')
    await control.set(spec, healthyState)
    await behind[Symbol.asyncDispose]()

    expect(refused.ending).toBe('ECONNREFUSED')
    expect(['end', 'ECONNRESET']).toContain((await say(spec.port, 'hello')).ending)
  })

  test('latency comes late and not slower', async () => {
    await using behind = await echo()
    const spec = await specTo(behind.port)
    await control.set(spec, open(latency(200)))

    const { socket } = await keep(spec.port)
    const begun = performance.now()
    const arrivals: number[] = []
    let heard = 0
    socket.on('data', data => {
      heard += data.length
      arrivals.push(performance.now() - begun)
    })
    let writtenMs = 0
    for (let i = 0; i < 10; i++) {
      writtenMs = performance.now() - begun
      socket.write('x')
      await wait(20)
    }
    await until(() => heard === 10)

    // One after the other they would take two seconds, of which the writing takes a tenth.
    expect((arrivals.at(-1) ?? 0) - writtenMs).toBeLessThan(1_500)
    expect(arrivals[0]).toBeGreaterThan(195)
    socket.destroy()
  })

  test('timeout drops what comes, and what follows closes the connection', async () => {
    await using behind = await echo()
    const spec = await specTo(behind.port)
    await control.set(spec, open(timeout))
    const connection = await keep(spec.port)
    connection.socket.write('lost')
    expect(await say(spec.port, 'hello', { patienceMs: 150 })).toMatchObject({ text: '', ending: 'open' })

    await control.set(spec, healthyState)

    expect(await connection.ended).toMatch(/^(?:end|ECONNRESET)$/)
    expect(await say(spec.port, 'hello', { enough: 5 })).toMatchObject({ text: 'hello' })
  })

  test('a rate of 0 holds back and closes nothing', async () => {
    await using behind = await echo()
    const spec = await specTo(behind.port)
    await control.set(spec, open(rate(0)))

    expect(await say(spec.port, 'hello', { patienceMs: 150 })).toMatchObject({ text: '', ending: 'open' })
  })

  test('reset_peer resets connections that came after it, and there are no others', async () => {
    await using behind = await echo()
    const spec = await specTo(behind.port)
    await control.set(spec, healthyState)
    const old = await keep(spec.port)
    await old.ask('before')

    await control.set(spec, open(reset()))

    expect(await old.ended).toMatch(/^(?:end|ECONNRESET)$/)
    expect(await say(spec.port, 'hello')).toMatchObject({ text: '', ending: 'ECONNRESET' })
  })

  test('reset_peer with a toxicity of 0 still ends what it spares by a reset, so no share of it is carried', async () => {
    await using behind = await service(socket => socket.on('data', () => socket.end('bye')))
    const spec = await specTo(behind.port)

    await control.set(spec, open(latency(0)))
    const usual = await say(spec.port, 'hello')
    await control.set(spec, open({ ...reset(), toxicity: 0 }))
    const spared = await say(spec.port, 'hello')

    expect(usual).toMatchObject({ text: 'bye', ending: 'end' })
    expect(spared.ending).toBe('ECONNRESET')
  })

  test('limit_data counts the bytes of a connection, one answer after the other, and ends it by FIN', async () => {
    await using behind = await echo()
    const spec = await specTo(behind.port)
    await control.set(spec, open(limit(8)))
    const connection = await keep(spec.port)

    expect(await connection.ask('hello')).toBe('hello')
    expect(await connection.ask('world')).toBe('wor')
    expect(await connection.ended).toBe('end')
  })

  test('slicer trickles', async () => {
    await using behind = await echo()
    const spec = await specTo(behind.port)
    const slicer: ToxicKind = { type: 'slicer', attributes: { average_size: 4, size_variation: 0, delay: 20_000 } }
    await control.set(spec, open(toxic(slicer)))

    const { text, tookMs } = await say(spec.port, 'x'.repeat(64), { patienceMs: 3_000, enough: 64 })
    expect(text).toHaveLength(64)
    expect(tookMs).toBeGreaterThan(15 * 20)
  })

  test.for([
    ['a slicer without a size', { type: 'slicer', attributes: { average_size: 0, size_variation: 0, delay: 0 } }],
    ['a slicer that varies too much', { type: 'slicer', attributes: { average_size: 4, size_variation: 4, delay: 0 } }],
    ['a negative rate', { type: 'bandwidth', attributes: { rate: -1 } }],
    ['half a millisecond', { type: 'latency', attributes: { latency: 0.5, jitter: 0 } }],
  ] as const)('%s is not sent, and the proxy stays as it was', async ([, kind]) => {
    await using behind = await echo()
    const spec = await specTo(behind.port)
    await control.set(spec, open(latency(1)))

    await expect(control.set(spec, open(toxic(kind)))).rejects.toMatchObject({ kind: 'bad-request' })

    expect((await control.read(spec.name))?.toxics).toEqual([latency(1)])
  })

  test('such a value ends a server that gets it from somebody else: it is told, in its last words', async () => {
    const own = await openToxiproxy()
    if (own.type !== 'server') throw new Error(own.says)
    await using behind = await echo()
    const spec = await specTo(behind.port)
    await new ToxiproxyControl({ url: own.url }).set(spec, healthyState)

    await raw(`/proxies/${spec.name}/toxics`, 'POST', { type: 'bandwidth', attributes: { rate: -1 } }, own.url)
    await say(spec.port, 'hello')

    expect(await own.died).toMatch(/^code 2 \(panic: .*slice bounds out of range/)
    await own[Symbol.asyncDispose]()
  })

  test('a misspelt attribute is dropped by the server in silence; what is read back shows it', async () => {
    await using behind = await echo()
    const spec = await specTo(behind.port)
    await control.set(spec, healthyState)
    const answer = await raw(`/proxies/${spec.name}/toxics`, 'POST', {
      ...{ name: 'fault', type: 'latency', attributes: { latancy: 500 } },
    })

    expect([answer.status, (await control.read(spec.name))?.toxics]).toEqual([200, [latency(0)]])
    // Ours is not what is there, so it is made anew.
    await control.set(spec, open(latency(500)))
    expect((await control.read(spec.name))?.toxics).toEqual([latency(500)])
  })

  test('what somebody else changes is found and mended', async () => {
    await using behind = await echo()
    const spec = await specTo(behind.port)
    await control.set(spec, open(latency(5)))
    await raw(`/proxies/${spec.name}`, 'PATCH', { enabled: false })
    await raw(`/proxies/${spec.name}/toxics/fault`, 'PATCH', { attributes: { latency: 9 } })

    await control.set(spec, open(latency(5)))

    expect(await control.read(spec.name)).toMatchObject({ enabled: true, toxics: [latency(5)] })
  })

  test('no connection gets in between a proxy and its toxics', async () => {
    await using behind = await echo()
    const spec = await specTo(behind.port)
    await control.set(spec, healthyState)
    let isChanging = true
    const heard: string[] = []
    const knocking = (async () => {
      while (isChanging) heard.push((await say(spec.port, 'x', { patienceMs: 20, enough: 1 })).text)
    })()
    await until(() => heard.includes('x'))

    await control.set(spec, open(timeout))
    const after = heard.length + 1
    await until(() => heard.length > after + 5)
    isChanging = false
    await knocking

    expect(heard.slice(after)).toEqual(heard.slice(after).map(() => ''))
  })

  test('a change closes kept connections, and no change leaves them alone', async () => {
    await using behind = await echo()
    const spec = await specTo(behind.port)
    await control.set(spec, open(latency(1)))
    const kept = await keep(spec.port)
    await kept.ask('one')

    await control.set(spec, open(latency(1)))
    expect(await kept.ask('two')).toBe('two')
    await control.set(spec, open(latency(2)))
    expect(await kept.ended).toMatch(/^(?:end|ECONNRESET)$/)
  })

  test('connections can be closed while all else stays', async () => {
    await using behind = await echo()
    const spec = await specTo(behind.port)
    await control.set(spec, open(latency(1)))
    const kept = await keep(spec.port)
    await kept.ask('one')

    await control.closeConnections(spec)

    expect(await kept.ended).toMatch(/^(?:end|ECONNRESET)$/)
    expect(await control.read(spec.name)).toMatchObject({ enabled: true, toxics: [latency(1)] })
    expect(await (await keep(spec.port)).ask('two')).toBe('two')
  })

  test('a server whose toxics are locked up is helped by a new proxy, and that is told', async () => {
    await using behind = await echo()
    const spec = await specTo(behind.port)
    await control.set(spec, open(reset(60_000)))
    const stuck = await keep(spec.port)
    stuck.socket.on('error', () => {})
    stuck.socket.write('swallowed')
    await wait(50)
    // The toxic sleeps through its removal, and whoever asks for the toxics of the proxy waits with it.
    const removal = raw(`/proxies/${spec.name}/toxics/fault`, 'DELETE').catch(() => undefined)
    await wait(50)

    await control.set(spec, open(latency(3)))

    expect(notices).toEqual([
      'Toxiproxy did not answer GET /proxies/proxy within 500 ms. The proxy "proxy" is made anew.',
    ])
    expect(await control.read(spec.name)).toMatchObject({ enabled: true, toxics: [latency(3)] })
    expect(await (await keep(spec.port)).ask('hello')).toBe('hello')
    await Promise.race([removal, wait(1)])
  })

  test('a fault that waits to reset is changed without waiting for it', async () => {
    await using behind = await echo()
    const spec = await specTo(behind.port)
    await control.set(spec, open(reset(60_000)))
    const stuck = await keep(spec.port)
    stuck.socket.on('error', () => {})
    stuck.socket.write('swallowed')
    await wait(50)

    await control.set(spec, healthyState)

    expect(notices).toEqual([])
    expect(await (await keep(spec.port)).ask('hello')).toBe('hello')
  })

  test('names are encoded on the way, whatever they hold', async () => {
    await using behind = await echo()
    const spec = { ...(await specTo(behind.port)), name: 'an odd? name#50%/é'.replace('/', '-') }

    await control.set(spec, open({ ...latency(1), name: 'odd & toxic?' }))
    await control.set(spec, closed)
    expect(await control.read(spec.name)).toMatchObject({ name: spec.name, enabled: false })
    await control.remove(spec.name)
    expect(await control.read(spec.name)).toBeUndefined()
  })

  test.for([
    [
      'localhost as an upstream',
      { upstream: 'localhost:1' },
      'localhost may be an address of IPv6 alone: say 127.0.0.1',
    ],
    ['an upstream that is a URL', { upstream: 'http://127.0.0.1/' }, 'an address is host:port'],
    ['a port that is not its own', { listen: '127.0.0.1:0' }, 'it needs a port that it keeps, not 0'],
    ['a name with a slash', { name: 'a/b' }, 'a name has no slash'],
  ] as const)('%s is not sent', async ([, more, says]) => {
    const spec = { ...(await specTo(1)), ...more }

    await expect(control.create(spec, healthyState)).rejects.toThrow(says)
    expect(await control.list()).toEqual([])
  })

  test('what the server says no to is told in its own words', async () => {
    await using behind = await echo()
    const spec = await specTo(behind.port)
    await control.create(spec, healthyState)

    await expect(control.create(spec, healthyState)).rejects.toEqual(
      new ToxiproxyTrouble('refusal', 'Toxiproxy answered POST /proxies with 409: proxy already exists', 409),
    )
    await expect(control.create({ ...spec, name: 'other' }, healthyState)).rejects.toThrow('address already in use')
  })

  test('what is taken off is gone, port and all; what is left is named', async () => {
    await using behind = await echo()
    const spec = await specTo(behind.port)
    await control.set(spec, healthyState)

    await expect(control.verifyClean([spec.name])).rejects.toThrow(
      `Toxiproxy at ${server?.url} still has the proxies proxy.`,
    )
    await control.remove(spec.name)
    await control.remove(spec.name)
    await control.verifyClean([spec.name])
    expect(await isOpen(spec.port)).toBe(false)
  })
})

describe('with a server that does not do what it is asked', () => {
  type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void

  async function pretend(answer: Answer) {
    const pretender = createServer(async (request, response) => {
      let body = ''
      for await (const part of request) body += part
      answer(request, response, body)
    })
    const url = `http://127.0.0.1:${await listening(pretender)}`
    return {
      control: new ToxiproxyControl({ url, timeoutMs: 100, onNotice: text => notices.push(text) }),
      [Symbol.dispose]() {
        pretender.closeAllConnections()
        pretender.close()
      },
    }
  }

  test('a call without an answer is given up, and after the second try told', async () => {
    using pretender = await pretend(() => {})
    const spec = await specTo(1)

    await expect(pretender.control.set(spec, healthyState)).rejects.toEqual(
      new ToxiproxyTrouble('timeout', 'Toxiproxy did not answer DELETE /proxies/proxy within 100 ms.'),
    )
    expect(notices).toHaveLength(1)
  })

  test('a yes that is none is found when it is read back', async () => {
    const spec = await specTo(1)
    const is = { ...spec, enabled: true, toxics: [{ ...latency(0) }] }
    let isThere = false
    using pretender = await pretend(({ method }, response) => {
      if (method === 'GET' && !isThere) response.statusCode = 404
      isThere ||= method === 'POST'
      response.end(JSON.stringify(is))
    })

    await expect(pretender.control.set(spec, open(latency(7)))).rejects.toMatchObject({
      kind: 'difference',
      message:
        'Toxiproxy has the proxy "proxy" otherwise than asked: its toxics are fault (latency, downstream, 1, jitter 0, latency 0) and not fault (latency, downstream, 1, jitter 0, latency 7).',
    })
  })

  test('a proxy that is taken off and still there is told', async () => {
    const spec = await specTo(1)
    using pretender = await pretend((_, response) => response.end(JSON.stringify({ ...spec, ...healthyState })))

    await expect(pretender.control.remove('proxy')).rejects.toThrow(
      'Toxiproxy took the proxy "proxy" off, and has it still.',
    )
  })

  test('an answer that breaks off is told', async () => {
    using pretender = await pretend((_, response) => {
      response.writeHead(200, { 'content-length': '99' })
      response.write('{')
      response.destroy()
    })

    await expect(pretender.control.list()).rejects.toMatchObject({ kind: 'unreachable' })
  })
})
