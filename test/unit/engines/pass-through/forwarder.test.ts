import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { ambientClock } from '../../../../src/clock/clock.ts'
import type { Answered, Forwarded, ForwardRequest } from '../../../../src/engines/pass-through/forwarded.ts'
import { type ForwarderOptions, openForwarder } from '../../../../src/engines/pass-through/forwarder.ts'
import { canaryKeys } from '../../../../src/providers/canary.ts'
import { node } from '../../../support/node.ts'
import { certificates } from './certificates.ts'
import { HandClock, rest } from './hand-clock.ts'
import { type Answer, UpstreamServer } from './upstream-server.ts'

const host = 'api.anthropic.test'
let made: ReturnType<typeof certificates>
let foreign: ReturnType<typeof certificates>

beforeAll(() => {
  made = certificates(host, 'api.openai.test')
  foreign = certificates(host)
})

afterEach(() => {
  vi.unstubAllEnvs()
})

/** Every name leads to this machine. */
const lookup: NonNullable<ForwarderOptions['lookup']> = (_, { all }, callback) => {
  if (all === true) callback(null, [{ address: '127.0.0.1', family: 4 }])
  else callback(null, '127.0.0.1', 4)
}

const hello: Answer = response => response.end('hello')

function forwarderTo(port: number, options: Partial<ForwarderOptions> = {}) {
  const upstreams = { anthropic: `https://${host}:${port}` }
  return openForwarder({ upstreams, clock: ambientClock, ca: made.ca, lookup, ...options })
}

function post(more: Partial<ForwardRequest> = {}): ForwardRequest {
  return {
    provider: 'anthropic',
    method: 'POST',
    pathAndQuery: '/v1/messages?beta=true',
    headers: { host: '127.0.0.1:18123', 'content-type': 'application/json' },
    body: Buffer.from('{"model":"m"}'),
    ...more,
  }
}

function answered(forwarded: Forwarded): Answered {
  if (forwarded.type === 'answered') return forwarded
  throw new Error(JSON.stringify(forwarded))
}

test('the upstream is asked under its own name: SNI, Host, base path, and nothing of the connection to the drill', async () => {
  await using server = await UpstreamServer.open(hello, made.of[host])
  using forwarder = forwarderTo(0, { upstreams: { anthropic: `https://${host}:${server.port}/gateway/` } })
  const headers = {
    host: '127.0.0.1:18123',
    connection: 'keep-alive, x-hop',
    'x-hop': 'gone',
    'keep-alive': 'timeout=5',
    te: 'trailers',
    expect: '100-continue',
    'proxy-authorization': 'Basic c2VjcmV0',
    'accept-encoding': 'gzip, br',
    'transfer-encoding': 'chunked',
    'blackstart-call': 'call-1',
    'anthropic-version': '2023-06-01',
    'user-agent': 'their-app/1.0',
  }

  const { body } = answered(await forwarder.forward(post({ headers })))

  expect(await text(body)).toBe('hello')
  expect(server.arrived).toEqual([
    {
      method: 'POST',
      url: '/gateway/v1/messages?beta=true',
      serverName: host,
      body: '{"model":"m"}',
      headers: {
        host: `${host}:${server.port}`,
        connection: 'keep-alive',
        'accept-encoding': 'identity',
        'content-length': '13',
        'anthropic-version': '2023-06-01',
        'user-agent': 'their-app/1.0',
      },
    },
  ])
})

test('the client gets status, headers and trailers of the upstream, and nothing of the connection to it', async () => {
  await using server = await UpstreamServer.open(response => {
    response.writeHead(429, {
      'retry-after': '7',
      'request-id': 'req_1',
      'set-cookie': ['a=1', 'b=2'],
      'alt-svc': 'h3=":443"',
      'keep-alive': 'timeout=60',
      connection: 'keep-alive, x-hop',
      'x-hop': 'gone',
      trailer: 'x-checksum',
    })
    response.write('busy')
    response.addTrailers({ 'x-checksum': 'abc' })
    response.end()
  }, made.of[host])
  using forwarder = forwarderTo(server.port)

  const { status, headers, body, trailers } = answered(await forwarder.forward(post()))

  expect(await text(body)).toBe('busy')
  expect({ status, headers, trailers: trailers() }).toEqual({
    status: 429,
    headers: {
      'retry-after': '7',
      'request-id': 'req_1',
      'set-cookie': ['a=1', 'b=2'],
      date: expect.any(String),
    },
    trailers: { 'x-checksum': 'abc' },
  })
})

test('a certificate that nobody here trusts is turned down, even where the environment says not to look', async () => {
  await using server = await UpstreamServer.open(hello, foreign.of[host])
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
  using forwarder = forwarderTo(server.port)

  const forwarded = await forwarder.forward(post())

  expect(forwarded).toEqual({
    type: 'unreachable',
    why: `the certificate of ${host}:${server.port} is signed by nobody that is trusted here; a CA of your own is named by NODE_EXTRA_CA_CERTS`,
  })
  expect(server.arrived).toEqual([])
})

test('a certificate for another name is turned down', async () => {
  await using server = await UpstreamServer.open(hello, made.of['api.openai.test'])
  using forwarder = forwarderTo(server.port)

  const forwarded = await forwarder.forward(post())

  expect(forwarded).toEqual({
    type: 'unreachable',
    why: `the certificate of ${host}:${server.port} is for another name`,
  })
  expect(server.arrived).toEqual([])
})

test('without a CA of its own the authorities of Node are asked, which know nothing of this one', async () => {
  await using server = await UpstreamServer.open(hello, made.of[host])
  using forwarder = openForwarder({
    upstreams: { anthropic: `https://${host}:${server.port}` },
    clock: ambientClock,
    lookup,
  })

  expect(await forwarder.forward(post())).toMatchObject({
    type: 'unreachable',
    why: expect.stringContaining('signed by nobody'),
  })
})

test('an authority that NODE_EXTRA_CA_CERTS names is trusted', async () => {
  await using server = await UpstreamServer.open(hello, made.of[host])
  const folder = await mkdtemp(join(tmpdir(), 'blackstart-ca-'))
  await writeFile(join(folder, 'ca.pem'), made.ca)
  vi.stubEnv('NODE_EXTRA_CA_CERTS', join(folder, 'ca.pem'))
  const src = new URL('../../../../src/', import.meta.url)
  await writeFile(
    join(folder, 'ask.mts'),
    `import { openForwarder } from '${new URL('engines/pass-through/forwarder.ts', src)}'
     import { ambientClock } from '${new URL('clock/clock.ts', src)}'
     const lookup = (_, options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }])
     const upstreams = { anthropic: 'https://${host}:${server.port}' }
     const forwarder = openForwarder({ upstreams, clock: ambientClock, lookup })
     const asked = { provider: 'anthropic', method: 'GET', pathAndQuery: '/', headers: {}, body: new Uint8Array() }
     const { type, status, body } = await forwarder.forward(asked)
     console.log(type, status)
     body?.resume().once("end", () => forwarder[Symbol.dispose]())`,
  )

  expect(await node([join(folder, 'ask.mts')], folder)).toEqual({ code: 0, output: 'answered 200\n' })
  await rm(folder, { recursive: true })
})

test('a stream comes through event by event: the first is read before the last is sent', async () => {
  let later: ServerResponse | undefined
  await using server = await UpstreamServer.open(response => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('event: message_start\ndata: {}\n\n')
    later = response
  }, made.of[host])
  using forwarder = forwarderTo(server.port)

  const { body } = answered(await forwarder.forward(post()))
  const pieces = body[Symbol.asyncIterator]()
  const first = await pieces.next()
  later?.end('event: message_stop\ndata: {}\n\n')
  const last = await pieces.next()

  expect(String(first.value)).toBe('event: message_start\ndata: {}\n\n')
  expect(String(last.value)).toBe('event: message_stop\ndata: {}\n\n')
  expect(await pieces.next()).toMatchObject({ done: true })
})

test('a client that goes away before the answer takes its request to the upstream along', async () => {
  const gone = new AbortController()
  let left: Promise<unknown> | undefined
  await using server = await UpstreamServer.open(response => {
    left = once(response, 'close')
    gone.abort()
  }, made.of[host])
  using forwarder = forwarderTo(server.port)

  const forwarded = await forwarder.forward(post({ signal: gone.signal }))

  await left
  expect(forwarded).toEqual({ type: 'aborted' })
})

test('a client that goes away in a stream is seen by the upstream to go', async () => {
  const gone = new AbortController()
  let left: Promise<unknown> | undefined
  await using server = await UpstreamServer.open(response => {
    left = once(response, 'close')
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: 1\n\n')
  }, made.of[host])
  using forwarder = forwarderTo(server.port)

  const { body } = answered(await forwarder.forward(post({ signal: gone.signal })))
  const pieces = body[Symbol.asyncIterator]()
  await pieces.next()
  gone.abort()

  await left
  await expect(pieces.next()).rejects.toThrow('aborted')
})

test('a body of many megabytes goes both ways whole, and no faster than it is read', async () => {
  const size = 24 * 1024 * 1024
  const big = Buffer.alloc(size, 'x')
  let sent = 0
  await using server = await UpstreamServer.open(async response => {
    for (; sent < size; sent += 65_536) {
      if (!response.write(big.subarray(sent, sent + 65_536))) await once(response, 'drain')
    }
    response.end()
  }, made.of[host])
  using forwarder = forwarderTo(server.port)

  const { body } = answered(await forwarder.forward(post({ body: big })))
  await new Promise(resolve => setTimeout(resolve, 300))
  const sentUnread = sent
  let received = 0
  for await (const piece of body) received += piece.length

  expect(received).toBe(size)
  expect(server.arrived[0]?.body.length).toBe(size)
  // What stands in the buffers of two sockets and a TLS session, far from the whole.
  expect(sentUnread).toBeLessThan(size / 2)
})

test('requests one after the other share a connection; requests at once do not wait for each other', async () => {
  await using server = await UpstreamServer.open((response, { url }) => {
    if (url === '/slow') setTimeout(() => response.end('slow'), 100)
    else response.end('quick')
  }, made.of[host])
  using forwarder = forwarderTo(server.port)
  const ask = async (pathAndQuery: string) =>
    text(answered(await forwarder.forward(post({ pathAndQuery, method: 'GET', body: new Uint8Array() }))).body)

  for (let i = 0; i < 3; i++) await ask('/quick')
  const after = server.connections
  const order: string[] = []
  await Promise.all(['/slow', '/quick'].map(async path => order.push(await ask(path))))

  expect(after).toBe(1)
  expect(order).toEqual(['quick', 'slow'])
  expect(server.connections).toBe(2)
})

test('an upstream that dies in the middle of a body leaves what it sent, and an error in words', async () => {
  await using server = await UpstreamServer.open(response => {
    response.writeHead(200, { 'content-length': '1000' })
    response.write('half an answer', () => response.socket?.destroy())
  }, made.of[host])
  using forwarder = forwarderTo(server.port)

  const { body, why } = answered(await forwarder.forward(post()))
  let seen = ''
  const failure = await (async () => {
    try {
      for await (const piece of body) seen += String(piece)
      return undefined
    } catch (error) {
      return why(error)
    }
  })()

  expect(seen).toBe('half an answer')
  expect(failure).toBe(`${host}:${server.port} broke off its answer`)
})

test('what keeps an upstream from answering is told in words', async () => {
  const closed = createServer().listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const address = closed.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  await new Promise(resolve => closed.close(resolve))
  await using resetting = await UpstreamServer.open(response => response.socket?.destroy(), made.of[host])
  await using silent = await UpstreamServer.open(() => {}, made.of[host])
  await using plain = await UpstreamServer.open(hello)
  const why = async (base: string, options: Partial<ForwarderOptions> = {}) => {
    using forwarder = forwarderTo(0, { upstreams: { anthropic: base }, ...options })
    const forwarded = await forwarder.forward(post())
    return forwarded.type === 'unreachable' ? forwarded.why.replaceAll(/:\d+/g, ':PORT') : forwarded.type
  }

  expect([
    await why(`https://${host}:${port}`),
    await why(`https://${host}:${resetting.port}`),
    await why(`https://${host}:${silent.port}`, { timeoutMs: 60 }),
    await why(`https://${host}:${plain.port}`),
    await why(`http://127.0.0.1:${silent.port}`),
    await why('https://nowhere.invalid', {
      lookup: (name, _, callback) =>
        callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' }), []),
    }),
  ]).toEqual([
    `${host}:PORT refuses connections`,
    `${host}:PORT closed the connection before it answered`,
    `${host}:PORT did not begin to answer within 60ms`,
    `the TLS handshake with ${host}:PORT failed (EPROTO)`,
    '127.0.0.1:PORT closed the connection before it answered',
    'the name of nowhere.invalid does not resolve',
  ])
})

test('who does not come to shake hands is waited for ten seconds; who thinks, as long as it takes, also on a kept connection', async () => {
  const mute = createServer(socket => void socket.resume()).listen(0, '127.0.0.1')
  await once(mute, 'listening')
  const address = mute.address()
  const mutePort = typeof address === 'object' ? (address?.port ?? 0) : 0
  let later: ServerResponse | undefined
  await using server = await UpstreamServer.open((response, { url }) => {
    if (url === '/quick') response.end()
    else later = response
  }, made.of[host])
  const clock = new HandClock()
  using forwarder = forwarderTo(0, {
    ...{ clock, upstreams: { anthropic: `https://${host}:${server.port}`, openai: `https://${host}:${mutePort}` } },
  })

  const deaf = forwarder.forward(post({ provider: 'openai' }))
  await text(answered(await forwarder.forward(post({ pathAndQuery: '/quick' }))).body)
  const thinking = forwarder.forward(post({ pathAndQuery: '/thinks' }))
  while (!later) await rest()
  await clock.pass(500_000)
  later.end('well')

  expect(await deaf).toEqual({
    type: 'unreachable',
    why: `${host}:${mutePort} could not be connected to within 10s`,
  })
  expect(await text(answered(await thinking).body)).toBe('well')
  expect([server.connections, clock.waiting]).toEqual([1, 0])
  await new Promise(resolve => mute.close(resolve))
})

test('the real key takes the place of the canary one where the user said so, and nowhere else', async () => {
  const { anthropic = '', gemini = '', openai = '' } = canaryKeys
  await using server = await UpstreamServer.open(hello, made.of[host])
  const base = `https://${host}:${server.port}`
  using forwarder = forwarderTo(0, {
    upstreams: { anthropic: base, gemini: base, openai: base },
    keyFrom: { anthropic: 'REAL_ANTHROPIC', gemini: 'REAL_GEMINI' },
    env: { REAL_ANTHROPIC: 'sk-ant-api03-real$&key', REAL_GEMINI: 'AIza-real' },
  })
  const seenBy = async (provider: string, headers: Record<string, string>, pathAndQuery = '/v1/x', body = '{}') => {
    answered(await forwarder.forward(post({ provider, headers, pathAndQuery, body: Buffer.from(body) }))).body.resume()
    const arrived = server.arrived.at(-1)
    const { authorization, 'x-api-key': key, 'x-goog-api-key': google } = arrived?.headers ?? {}
    return [authorization ?? key ?? google, arrived?.url, arrived?.body]
  }

  expect([
    await seenBy('anthropic', { 'x-api-key': anthropic }),
    await seenBy('anthropic', { authorization: `Bearer ${anthropic}` }),
    // A key of the client's own.
    await seenBy('anthropic', { 'x-api-key': 'sk-ant-their-own' }),
    // A key that strayed here opens nothing here.
    await seenBy('anthropic', { 'x-api-key': openai }),
    await seenBy('gemini', { 'x-goog-api-key': gemini }),
    await seenBy('gemini', {}, `/v1beta/models?key=${gemini}`),
    // Nobody named a key for this one, and what is said to a model is no place for keys.
    await seenBy('openai', { authorization: `Bearer ${openai}` }),
    await seenBy('anthropic', { 'x-api-key': anthropic }, '/v1/x', `{"text":"${anthropic}"}`),
  ]).toEqual([
    ['sk-ant-api03-real$&key', '/v1/x', '{}'],
    ['Bearer sk-ant-api03-real$&key', '/v1/x', '{}'],
    ['sk-ant-their-own', '/v1/x', '{}'],
    [openai, '/v1/x', '{}'],
    ['AIza-real', '/v1/x', '{}'],
    [undefined, '/v1beta/models?key=AIza-real', '{}'],
    [`Bearer ${openai}`, '/v1/x', '{}'],
    ['sk-ant-api03-real$&key', '/v1/x', `{"text":"${anthropic}"}`],
  ])
})

test('no key stands in what is told of a request that cannot be sent', async () => {
  const key = 'not-shaped-like-any-key'
  const env = { REAL: key }
  using forwarder = forwarderTo(9, { keyFrom: { gemini: 'REAL' }, upstreams: { gemini: 'https://api.test' }, env })
  const canary = canaryKeys['gemini'] ?? ''
  const told = async (more: Partial<ForwardRequest>) =>
    JSON.stringify(await forwarder.forward(post({ provider: 'gemini', ...more })))

  const says = [
    await told({ pathAndQuery: `/v1 beta?key=${canary}` }),
    await told({ headers: { 'x-goog-api-key': `${canary}\u0000` } }),
    await told({ headers: { [`x ${key}`]: canary } }),
    await told({ method: `GET ${key}` }),
  ]

  expect(says.map(one => /"type":"unreachable","why":"asking api.test failed: \S/.test(one))).toEqual([
    true,
    true,
    true,
    true,
  ])
  expect(says.join('\n')).not.toContain(key)
})

test('a key that cannot be had is said at once, by the name of its variable alone', () => {
  const { anthropic = '' } = canaryKeys
  const open = (keyFrom: Record<string, string>, env: Record<string, string>) => {
    try {
      using _ = forwarderTo(9, { keyFrom, env })
      return 'opened'
    } catch (error) {
      return String(error)
    }
  }

  expect([
    open({ anthropic: 'MISSING' }, {}),
    open({ anthropic: 'BLANK' }, { BLANK: ' ' }),
    open({ anthropic: 'ANTHROPIC_API_KEY' }, { ANTHROPIC_API_KEY: anthropic }),
    open({ antropic: 'ANTHROPIC_API_KEY' }, { ANTHROPIC_API_KEY: 'sk-ant-real' }),
    open({ anthropic: 'ANTHROPIC_API_KEY' }, { ANTHROPIC_API_KEY: 'sk-ant-real' }),
  ]).toEqual([
    'UsageError: The key of anthropic was to come from MISSING, which is not set.',
    'UsageError: The key of anthropic was to come from BLANK, which is not set.',
    'UsageError: ANTHROPIC_API_KEY holds a canary key, which opens nothing at anthropic.',
    'UsageError: There is no provider "antropic" to have a key.',
    'opened',
  ])
})

test('a request that is signed for another address is not sent on, and the client is told why', async () => {
  await using server = await UpstreamServer.open(hello)
  using forwarder = forwarderTo(0, { upstreams: { bedrock: `http://127.0.0.1:${server.port}` } })
  const send = (authorization: string) => forwarder.forward(post({ provider: 'bedrock', headers: { authorization } }))

  const signed = await send('AWS4-HMAC-SHA256 Credential=AKIA/20260302/us-east-1/bedrock/aws4_request, Signature=ab')
  const bearing = await send('Bearer bedrock-api-key')

  expect(signed).toMatchObject({
    type: 'unreachable',
    why: expect.stringMatching(/^the request is signed .* \(AWS_BEARER_TOKEN_BEDROCK\)/),
  })
  expect([bearing.type, server.arrived.length]).toEqual(['answered', 1])
})

test('only the API of a provider that was named leads anywhere', () => {
  using forwarder = forwarderTo(9)

  const ways = ['anthropic api', 'anthropic api.messages', 'anthropic status', 'anthropic login', 'openai api']
  expect(ways.map(way => forwarder.leads(...(way.split(' ') as [string, string])))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ])
})

test('a forwarder that is closed lets go of what is under way', async () => {
  let left: Promise<unknown> | undefined
  let arrived = () => {}
  const here = new Promise<void>(resolve => {
    arrived = resolve
  })
  await using server = await UpstreamServer.open(response => {
    left = once(response, 'close')
    arrived()
  }, made.of[host])
  const forwarder = forwarderTo(server.port)

  const asking = forwarder.forward(post())
  await here
  forwarder[Symbol.dispose]()

  expect(await asking).toEqual({ type: 'aborted' })
  await left
})
