import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import type { Inbound } from '../../../../src/engines/network.ts'
import { asking, Loopback, rawRequest, until, type Wire, wait, wireTo } from './support.ts'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

/** Bytes of this process that are in use, buffers too. */
function usedBytes(): number {
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** What is short on it is over at once; a stall, however slow the machine is, lasts until it is let go. */
class StallClock implements Inbound {
  readonly stalled: (() => void)[] = []

  now(): number {
    return 0
  }

  sleep(ms: number): Promise<void> {
    return new Promise(resolve => void this.after(ms, resolve))
  }

  after(ms: number, callback: () => void): () => void {
    if (ms >= 60_000) this.stalled.push(callback)
    else setImmediate(callback)
    return () => {}
  }
}

test('two thousand streams are open at once, and every one comes to its end', async () => {
  const clock = new StallClock()
  await using loopback = await Loopback.open(
    '- { name: slow, for: 60m, faults: [{ surface: api, fault: { stream-stall: { after: 2 events, for: 60s } } }] }',
    { server: { clock } },
  )
  await loopback.enter('slow')
  const streams = 2_000
  const wires: Wire[] = []
  for (let i = 0; i < streams; i++) {
    const wire = await wireTo(loopback.port())
    wire.socket.write(rawRequest({ stream: true }))
    wires.push(wire)
  }
  const ended = () => loopback.events('attempt-ended').length
  await until(() => loopback.events('attempt-headers').length === streams)
  // The last has begun before the first has ended.
  expect(ended()).toBe(0)
  await until(() => clock.stalled.length === streams)
  for (const goOn of clock.stalled) goOn()
  await until(() => ended() === streams)
  await until(() => wires.every(({ text }) => text().endsWith('\r\n0\r\n\r\n')))

  expect(new Set(loopback.attempts())).toEqual(new Set(['stall → ok']))
  for (const { text, socket } of wires) {
    expect(text()).toContain('event: message_stop')
    socket.destroy()
  }
}, 20_000)

test('a client that never reads costs no more than its answer, and is not said to have it', async () => {
  const body = 'x'.repeat(8 * 2 ** 20)
  await using loopback = await Loopback.open('- { name: well, for: 60m }', {
    speed: 100,
    answers: [{ says: body, marks: false }],
  })
  await loopback.enter('well')
  const wire = await wireTo(loopback.port())
  wire.socket.pause()
  wire.socket.write(rawRequest())
  await until(() => loopback.events('attempt-headers').length === 1)
  await wait(100)
  expect(loopback.attempts()).toEqual(['pass → open'])

  wire.socket.destroy()
  await until(() => loopback.attempts()[0] === 'pass → aborted')
})

test('what a thousand requests leave behind is the journal', async () => {
  await using loopback = await Loopback.open('- { name: well, for: 60m }', { speed: 1_000 })
  await loopback.enter('well')
  const round = async (requests: number) => {
    for (let i = 0; i < requests; i += 20)
      await Promise.all(Array.from({ length: 20 }, () => fetch(loopback.messages, asking()).then(r => r.text())))
  }
  await round(200)
  const before = usedBytes()
  await round(1_000)

  expect((usedBytes() - before) / 1_000).toBeLessThan(4_000)
})
