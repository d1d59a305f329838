import { Agent, request } from 'node:http'
import { expect, test } from 'vitest'
import { asking, failing, Loopback, rawRequest, readUntilBroken, until, wait, wireTo } from './support.ts'

/** A server whose API has one fault, for five minutes. */
async function under(fault: string, speed = 50, more = ''): Promise<Loopback> {
  const loopback = await Loopback.open(
    `- { name: bad, for: 5m, faults: [{ surface: api, fault: ${fault} }] }\n${more}`,
    {
      speed,
    },
  )
  await loopback.enter('bad')
  return loopback
}

const stream = { stream: true }

/** What the chunks of an answer hold, as far as they came. */
function bodyOf(text: string): string {
  let [, rest = ''] = /^.*?\r\n\r\n(.*)$/s.exec(text) ?? []
  let body = ''
  for (let head = /^([0-9a-f]+)\r\n/.exec(rest); head; head = /^([0-9a-f]+)\r\n/.exec(rest)) {
    const from = head[0].length
    const size = Number.parseInt(head[1] ?? '0', 16)
    body += rest.slice(from, from + size)
    rest = rest.slice(from + size + 2)
  }
  return Buffer.from(body, 'latin1').toString()
}

test('a reset before any answer is a real one', async () => {
  await using loopback = await under('{ reset: { after: 5s } }')

  const wire = await wireTo(loopback.port())
  const begun = performance.now()
  wire.socket.write(rawRequest())

  expect(await wire.ending).toBe('ECONNRESET')
  expect(performance.now() - begun).toBeGreaterThan(95)
  expect(wire.text()).toBe('')
  expect(await failing(fetch(loopback.messages, asking()))).toBe('ECONNRESET')
  expect(loopback.attempts()).toEqual(['reset → reset', 'reset → reset'])
})

test('a black hole accepts, reads and never answers', async () => {
  await using loopback = await under('black-hole')

  const wire = await wireTo(loopback.port())
  wire.socket.write(rawRequest())
  expect(await Promise.race([wire.ending, wait(300)])).toBeUndefined()
  expect(wire.text()).toBe('')
  expect(loopback.attempts()).toEqual(['hold → open'])

  wire.socket.destroy()
  await until(() => loopback.attempts()[0] === 'hold → aborted')
})

test.for([
  ['fin', 'end', 'UND_ERR_SOCKET'],
  ['rst', 'ECONNRESET', 'ECONNRESET'],
] as const)('everything before a cut by %s arrives, fifty times in fifty', async ([by, raw, code]) => {
  await using loopback = await under(`{ stream-cut: { after: 7 events, by: ${by} } }`, 200)
  const fetched = await Promise.all(
    Array.from({ length: 50 }, async (_, i) => {
      if (i % 2 === 0) return readUntilBroken(await fetch(loopback.messages, asking(stream)))
      const wire = await wireTo(loopback.port())
      wire.socket.write(rawRequest(stream))
      const broke = await wire.ending
      return { text: bodyOf(wire.text()), broke: broke === raw ? code : broke }
    }),
  )

  for (const { text, broke } of fetched) {
    expect(broke).toBe(code)
    expect(text.match(/^event: \w+$/gm)).toHaveLength(7)
  }
  const bytes = loopback.events('attempt-ended').map(event => event.bytes)
  expect(bytes.toSorted()).toEqual(fetched.map(({ text }) => Buffer.byteLength(text)).toSorted())
  expect(new Set(loopback.attempts())).toEqual(new Set(['cut → cut']))
})

test('a document that is cut leaves its length unfinished, and a stream its chunks', async () => {
  await using loopback = await under('{ stream-cut: { after: 40 bytes } }')
  const plain = await wireTo(loopback.port())
  plain.socket.write(rawRequest())
  const streamed = await wireTo(loopback.port())
  streamed.socket.write(rawRequest(stream))

  expect(await plain.ending).toBe('end')
  expect(await streamed.ending).toBe('end')
  const length = Number(/content-length: (\d+)/i.exec(plain.text())?.[1])
  expect(length).toBeGreaterThan(100)
  expect(plain.text().split('\r\n\r\n')[1]).toHaveLength(40)
  expect(streamed.text()).toMatch(/transfer-encoding: chunked/i)
  expect(bodyOf(streamed.text())).toHaveLength(40)
  expect(streamed.text()).not.toMatch(/\r\n0\r\n\r\n$/)
})

test('a clean cut ends the body as if that were all, and its connection serves again', async () => {
  await using loopback = await under('{ stream-cut: { after: 3 events, by: clean } }')
  const wire = await wireTo(loopback.port())
  for (let i = 1; i <= 2; i++) {
    wire.socket.write(rawRequest(stream))
    await until(() => wire.text().split('\r\n0\r\n\r\n').length === i + 1)
  }

  expect(wire.text().match(/event: \w+/g)).toHaveLength(6)
  expect(loopback.attempts()).toEqual(['cut → cut', 'cut → cut'])
})

test('a stream that stalls stays open, with pings or without', async () => {
  const seen = await Promise.all(
    [false, true].map(async pings => {
      await using loopback = await under(`{ stream-stall: { after: 2 events, pings: ${pings} } }`, 100)
      const wire = await wireTo(loopback.port())
      wire.socket.write(rawRequest(stream))
      const events = () => wire.text().match(/event: \w+/g) ?? []
      const begun = performance.now()
      await wait(500)
      if (pings) await until(() => events().length >= 4)
      return { events: events(), attempts: loopback.attempts(), tookMs: performance.now() - begun }
    }),
  )

  expect(seen[0]?.events).toEqual(['event: message_start', 'event: content_block_start'])
  const pings = seen[1]?.events.slice(2) ?? []
  expect(new Set(pings)).toEqual(new Set(['event: ping']))
  // No more than there was time for: one in 15 s of the scenario, and one that was under way.
  expect(pings.length).toBeLessThanOrEqual((seen[1]?.tookMs ?? 0) / 150 + 1)
  expect(seen.map(({ attempts }) => attempts)).toEqual([['stall → open'], ['stall → open']])
})

test('a stream that stalls for a while then goes on to its end', async () => {
  await using loopback = await under('{ stream-stall: { after: 2 events, for: 30s } }', 100)
  const begun = performance.now()
  const text = await (await fetch(loopback.messages, asking(stream))).text()

  expect(performance.now() - begun).toBeGreaterThan(295)
  expect(text).toMatch(/^event: message_start.*event: message_stop\ndata: .*\n\n$/s)
  expect(loopback.attempts()).toEqual(['stall → ok'])
})

test('tokens that trickle come at their pace', async () => {
  await using loopback = await under('{ slow-tokens: { per_token: 2s } }', 100)
  const response = await fetch(loopback.messages, asking(stream))
  const came: number[] = []
  for await (const piece of response.body ?? [])
    for (const _ of Buffer.from(piece)
      .toString()
      .matchAll(/content_block_delta\n/g))
      came.push(performance.now())
  const gaps = came.slice(1).map((at, i) => at - (came[i] ?? at))
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length

  expect(came.length).toBeGreaterThan(5)
  expect(mean).toBeGreaterThan(19)
  // With room for a slow machine: it is two seconds where nobody is in a hurry.
  expect(mean).toBeLessThan(60)
})

test('a connection that is kept alive is closed as it is used again, and a fresh one is served', async () => {
  await using loopback = await under('idle-close')
  const wire = await wireTo(loopback.port())
  wire.socket.write(rawRequest())
  await until(() => wire.text().endsWith('}'))
  wire.socket.write(rawRequest())

  expect(await wire.ending).toBe('ECONNRESET')
  expect((await fetch(loopback.messages, asking())).status).toBe(200)
  expect(loopback.attempts()).toEqual(['pass → ok', 'reset → reset', 'pass → ok'])
  expect(loopback.events('attempt-started').map(({ fault }) => fault)).toEqual([undefined, 'idle-close', undefined])
})

test('an agent of node:http meets the closing, and is well on its next connection', async () => {
  await using loopback = await under('idle-close')
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const ask = () =>
    new Promise<string>(resolve => {
      const sent = request(loopback.messages, { agent, method: 'POST', headers: asking().headers as never }, response =>
        response.resume().on('end', () => resolve(`${response.statusCode}`)),
      )
      sent.on('error', (error: NodeJS.ErrnoException) => resolve(`${error.code}, reused: ${sent.reusedSocket}`))
      sent.end(asking().body)
    })

  expect([await ask(), await ask(), await ask()]).toEqual(['200', 'ECONNRESET, reused: true', '200'])
  agent.destroy()
})

test.for([
  ['empty-answer', '"content":[]'],
  ['{ empty-answer: { how: no-body } }', ''],
  ['truncated-json', '{"'],
  ['malformed-json', ''],
  ['wrong-answer', '[end:'],
])('%s comes as a whole answer of 200', async ([fault = '', part = '']) => {
  await using loopback = await under(fault)
  const response = await fetch(loopback.messages, asking())
  const text = await response.text()

  expect(response.status).toBe(200)
  expect(text).toContain(part)
  expect(loopback.attempts()[0]).toMatch(/→ (?:empty|cut|garbled|wrong)$/)
  if (fault.includes('no-body')) expect(text).toBe('')
  if (fault.includes('json')) expect(() => JSON.parse(text)).toThrow()
})

test.for([
  ['headers', 'ECONNRESET', 0],
  ['body', 'ECONNRESET', 10],
  ['end', 'ECONNRESET', 100],
] as const)('a response that is lost at %s was worked on all the same', async ([at, code, atLeast]) => {
  await using loopback = await under(`{ lost-response: { at: ${at} } }`)
  let text = ''
  const broke = await failing(
    fetch(loopback.messages, asking()).then(async response => {
      const read = await readUntilBroken(response)
      text = read.text
      return Promise.reject(
        Object.assign(new Error('broken'), { cause: Object.assign(new Error(), { code: read.broke }) }),
      )
    }),
  )

  expect(broke).toBe(code)
  expect(text.length).toBeGreaterThanOrEqual(atLeast)
  expect(loopback.events('attempt-started')[0]?.processed).toBeDefined()
})

test('a client that hangs up in the middle is journalled with what was sent to it', async () => {
  await using loopback = await under('{ slow-tokens: { per_token: 5s } }', 50)
  const aborter = new AbortController()
  const response = await fetch(loopback.messages, { ...asking(stream), signal: aborter.signal })
  const reader = response.body?.getReader()
  const first = await reader?.read()
  aborter.abort()

  await until(() => loopback.attempts()[0] === 'slow → aborted')
  expect(loopback.events('attempt-ended')[0]?.bytes).toBeGreaterThanOrEqual(first?.value?.length ?? 1)
})

test('a client that hangs up before the first byte, and one that never sends its whole body, are no accidents', async () => {
  await using loopback = await under('{ slow-first-byte: { by: 100s } }', 50)
  const early = await wireTo(loopback.port())
  early.socket.write(rawRequest())
  await until(() => loopback.events('attempt-started').length === 1)
  early.socket.resetAndDestroy()
  const unfinished = await wireTo(loopback.port())
  unfinished.socket.write(rawRequest().slice(0, -20))
  await wait(50)
  unfinished.socket.destroy()

  await until(() => loopback.attempts()[0] === 'delay → aborted')
  await wait(50)
  expect(loopback.events('attempt-started')).toHaveLength(1)
})

test('requests that are sent before their turn are answered in turn', async () => {
  await using loopback = await under('{ overloaded: {} }')
  const wire = await wireTo(loopback.port())
  wire.socket.write(rawRequest().repeat(3))
  await until(() => wire.text().match(/HTTP\/1\.1 529/g)?.length === 3)

  expect(loopback.attempts()).toEqual(['answer → error', 'answer → error', 'answer → error'])
})
