import { type IncomingMessage, request } from 'node:http'
import { expect, test } from 'vitest'
import type { JournalEvent } from '../../../../src/journal/event.ts'
import { fakeVerdict } from '../../../support/fake-drill.ts'
import { Asking } from './asking.ts'

const mark = (n: number): JournalEvent => ({ type: 'mark', t: n * 1_000, mark: `m${n}` })
const marksIn = (text: string) => [...text.matchAll(/"mark":"(m\d+)"/g)].map(([, name]) => name)

/** A stream as a reader gets it, who reads at will. */
class Reading {
  readonly headers: IncomingMessage['headers']
  text = ''
  readonly ended: Promise<void>
  private readonly response: IncomingMessage

  constructor(response: IncomingMessage) {
    this.response = response
    this.headers = response.headers
    response.setEncoding('utf8')
    this.ended = new Promise(resolve => response.once('close', resolve))
  }

  read(): this {
    this.response.on('data', part => {
      this.text += part
    })
    return this
  }

  async until(what: string): Promise<void> {
    while (!this.text.includes(what)) await new Promise(resolve => this.response.once('data', resolve))
  }

  leave(): void {
    this.response.destroy()
  }
}

function follow(api: Asking, path: string, headers: Readonly<Record<string, string>> = {}): Promise<Reading> {
  return new Promise((resolve, reject) => {
    const { port, token } = api.server
    const all = { authorization: `Bearer ${token}`, ...headers }
    const asked = request({ host: '127.0.0.1', port, path, headers: all, agent: false }, response =>
      resolve(new Reading(response)),
    )
    asked.on('error', reject).end()
  })
}

test('the journal so far is JSON, one event a line, from where one asks', async () => {
  await using api = await Asking.open()
  for (let n = 0; n < 3; n++) api.drill.write(mark(n))

  const all = await api.get('/v1/journal')
  const rest = await api.get('/v1/journal?since=2')
  const none = await api.get('/v1/journal?since=3')

  expect(all.headers['content-type']).toBe('application/x-ndjson')
  expect(all.text).toBe(
    '{"type":"mark","t":0,"mark":"m0"}\n{"type":"mark","t":1000,"mark":"m1"}\n{"type":"mark","t":2000,"mark":"m2"}\n',
  )
  expect(rest.text).toBe('{"type":"mark","t":2000,"mark":"m2"}\n')
  expect([none.status, none.text]).toEqual([200, ''])
})

test('who follows hears each event as it comes, and the end', async () => {
  await using api = await Asking.open()
  api.drill.write(mark(0))
  const reading = (await follow(api, '/v1/journal?follow=true')).read()

  await reading.until('m0')
  api.drill.write(mark(1))
  await reading.until('m1')
  api.drill.write(mark(2))
  api.drill.end()
  await reading.ended

  expect(marksIn(reading.text)).toEqual(['m0', 'm1', 'm2'])
  expect(api.drill.listening).toBe(0)
})

test('who follows a drill that has ended gets the whole journal and the end', async () => {
  await using api = await Asking.open()
  api.drill.write(mark(0))
  api.drill.end()
  await api.get('/v1/verdict?wait=true')

  expect(marksIn((await api.get('/v1/journal?follow=true')).text)).toEqual(['m0'])
})

test('an event stream numbers its events, and ends with the verdict', async () => {
  await using api = await Asking.open()
  api.drill.write(mark(0))
  const reading = (await follow(api, '/v1/journal', { accept: 'text/event-stream' })).read()
  await reading.until('m0')
  api.drill.write(mark(1))
  api.drill.end()
  await reading.ended

  expect(reading.headers['content-type']).toBe('text/event-stream')
  expect(reading.text).toBe(
    'id: 0\ndata: {"type":"mark","t":0,"mark":"m0"}\n\n' +
      'id: 1\ndata: {"type":"mark","t":1000,"mark":"m1"}\n\n' +
      `event: ended\ndata: ${JSON.stringify(fakeVerdict)}\n\n`,
  )
})

test('an event stream that was cut off goes on after the last event that came', async () => {
  await using api = await Asking.open()
  for (let n = 0; n < 5; n++) api.drill.write(mark(n))
  const accept = 'text/event-stream'
  const reading = (await follow(api, '/v1/journal?since=1', { accept, 'last-event-id': '2' })).read()
  await reading.until('m4')
  api.drill.end()
  await reading.ended
  const again = await api.get('/v1/journal', { headers: { accept, 'last-event-id': '4' } })
  const wrong = await api.get('/v1/journal', { headers: { accept, 'last-event-id': 'x' } })

  expect(marksIn(reading.text)).toEqual(['m3', 'm4'])
  expect([again.status, again.text]).toEqual([204, ''])
  expect(wrong.status).toBe(400)
})

test('a reader that is slow misses nothing', async () => {
  await using api = await Asking.open()
  const many = 20_000
  const reading = await follow(api, '/v1/journal?follow=true')
  // More than socket buffers hold, while nobody reads.
  for (let n = 0; n < many; n++) api.drill.write({ ...mark(n), type: 'mark', mark: `m${n}`, says: 'x'.repeat(400) })
  api.drill.end()

  await reading.read().ended

  expect(marksIn(reading.text)).toEqual(Array.from({ length: many }, (_, n) => `m${n}`))
})

test('nobody listens for a reader that left', async () => {
  await using api = await Asking.open()
  const reading = await follow(api, '/v1/journal?follow=true')
  expect(api.drill.listening).toBe(1)

  reading.leave()
  await reading.ended
  while (api.drill.listening > 0) await api.get('/v1/state')
  api.drill.write(mark(0))

  expect((await api.get('/v1/state')).status).toBe(200)
})

test('a server that closes ends its streams', async () => {
  const api = await Asking.open()
  api.drill.write(mark(0))
  const reading = (await follow(api, '/v1/journal?follow=true')).read()

  await Promise.all([reading.ended, api.server.close()])

  expect(marksIn(reading.text)).toEqual(['m0'])
})
