import { once } from 'node:events'
import { expect, test } from 'vitest'
import { ambientClock } from '../../../../src/clock/clock.ts'
import { dialectOf } from '../../../../src/engines/pass-through/dialects.ts'
import { openForwarder } from '../../../../src/engines/pass-through/forwarder.ts'
import { relay } from '../../../../src/engines/pass-through/relay.ts'
import type { Step } from '../../../../src/engines/pass-through/steps.ts'
import type { Effect } from '../../../../src/model/effect.ts'
import { contextOf } from '../../providers/perform.ts'
import { recognisedBy } from './hand-fed.ts'
import { bytesOf, simulated, streamed } from './streams.ts'
import { type Answer, UpstreamServer } from './upstream-server.ts'

const message = streamed['a message']
if (!message) throw new Error('No message')
const whole = simulated({ type: 'pass' }, message)
const pingsForever: Answer = response => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(bytesOf(whole.chunks.slice(0, 4)))
}

/** The steps of one request that is forwarded to `port` and meets `effect`. */
async function stepsOf(effect: Effect, forwarder: ReturnType<typeof openForwarder>, gone = new AbortController()) {
  if (!message) throw new Error('No message')
  const [provider, { method, url, body }] = message
  const forwarded = await forwarder.forward({
    ...{ provider: provider.id, method, pathAndQuery: url.pathname, headers: {} },
    ...{ body: Buffer.from(body), signal: gone.signal },
  })
  const dialect = dialectOf(provider.id)
  if (forwarded.type !== 'answered' || !dialect) throw new Error(JSON.stringify(forwarded))
  const options = { dialect, request: recognisedBy(...message), context: contextOf() }
  const relayed = await relay(effect, forwarded, { ...options, clock: ambientClock, signal: gone.signal })
  if (relayed.type !== 'stream') throw new Error('No stream')
  return relayed.steps
}

async function read(steps: AsyncIterable<Step>) {
  const pieces: Uint8Array[] = []
  for await (const step of steps) {
    if (step.type === 'end') return { text: Buffer.concat(pieces).toString(), end: step }
    pieces.push(step.data)
  }
  throw new Error('No end')
}

const open = (port: number) =>
  openForwarder({ upstreams: { anthropic: `http://127.0.0.1:${port}` }, clock: ambientClock })

test('a stream that was let through whole, spoilt or not, leaves its connection to the next request', async () => {
  await using server = await UpstreamServer.open(response => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const { data } of whole.chunks) response.write(data)
    response.end()
  })
  using forwarder = open(server.port)

  const untouched = await read(await stepsOf({ type: 'pass' }, forwarder))
  const odd = await read(await stepsOf({ type: 'garble', how: 'odd-event' }, forwarder))
  const slow = await read(await stepsOf({ type: 'slow', perTokenMs: 1 }, forwarder))

  expect(untouched.text).toBe(bytesOf(whole.chunks).toString())
  expect(slow.text).toBe(untouched.text)
  expect(odd.text).not.toBe(untouched.text)
  expect([untouched.end.outcome, odd.end.outcome, slow.end.outcome]).toEqual(['ok', 'ok', 'ok'])
  expect(server.connections).toBe(1)
})

test.for<Effect>([
  { type: 'cut', after: { events: 3 }, by: 'rst' },
  { type: 'stream-error', after: { events: 3 }, error: 'overloaded_error' },
  { type: 'stall', after: { events: 3 }, pings: false },
  { type: 'cut', after: { ms: 50 }, by: 'fin' },
])('an upstream that has more to say is left at the fault: %o', async effect => {
  let left: Promise<unknown> | undefined
  await using server = await UpstreamServer.open((response, arrived) => {
    left = once(response, 'close')
    pingsForever(response, arrived)
  })
  using forwarder = open(server.port)

  const { end } = await read(await stepsOf(effect, forwarder))

  await left
  expect(end.broken).toBeUndefined()
})

test.for<Effect>([{ type: 'pass' }, { type: 'slow', perTokenMs: 1 }, { type: 'lose', at: 'end' }])(
  'who stops reading, as when the client is gone, lets go of the upstream: %o',
  async effect => {
    let left: Promise<unknown> | undefined
    await using server = await UpstreamServer.open((response, arrived) => {
      left = once(response, 'close')
      pingsForever(response, arrived)
    })
    using forwarder = open(server.port)

    for await (const _ of await stepsOf(effect, forwarder)) break

    await left
    expect(server.arrived).toHaveLength(1)
  },
)

test('a client that goes while nothing comes takes the upstream along, and is no fault of the upstream', async () => {
  const gone = new AbortController()
  let left: Promise<unknown> | undefined
  await using server = await UpstreamServer.open((response, arrived) => {
    left = once(response, 'close')
    pingsForever(response, arrived)
  })
  using forwarder = open(server.port)

  const reading = read(await stepsOf({ type: 'pass' }, forwarder, gone))
  await new Promise(resolve => setTimeout(resolve, 20))
  gone.abort()

  await left
  expect((await reading).end).toEqual({ type: 'end', how: 'rst', outcome: 'aborted' })
})

test('an upstream that dies in a stream is named', async () => {
  await using server = await UpstreamServer.open((response, arrived) => {
    pingsForever(response, arrived)
    setTimeout(() => response.socket?.resetAndDestroy(), 20)
  })
  using forwarder = open(server.port)

  const { text, end } = await read(await stepsOf({ type: 'slow', perTokenMs: 1 }, forwarder))

  expect(text).toBe(bytesOf(whole.chunks.slice(0, 4)).toString())
  expect(end).toEqual({
    ...{ type: 'end', how: 'rst', outcome: 'cut' },
    broken: `127.0.0.1:${server.port} broke off its answer`,
  })
})
