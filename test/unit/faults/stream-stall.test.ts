import { expect, test } from 'vitest'
import { oneCall, problemsOf } from '../../support/one-call.ts'
import { good } from './good.ts'

const stall = (params: string, options = {}) => oneCall(`{ stream-stall: { ${params} } }`, options)
const streamed = { stream: true }

test('what came before is received at once, and after 300 s of silence `fetch` gives up', async () => {
  for (const stream of [false, true]) {
    const [seen, usual] = [await oneCall('stream-stall', { stream }), await good({ stream })]

    expect(seen).toMatchObject({
      settled: 'threw',
      error: 'TypeError < BodyTimeoutError UND_ERR_BODY_TIMEOUT',
      message: 'terminated',
      status: 200,
      attempt: { outcome: 'body-timeout', bytes: seen.bytes },
    })
    expect(usual.body.startsWith(seen.body)).toBe(true)
    expect(Math.floor(seen.tookMs / 1_000)).toBe(300)
  }
  expect((await oneCall('stream-stall', { stream: true, patienceMs: 2_000 })).events).toEqual([
    'message_start',
    'content_block_start',
  ])
})

test('`for` is how long it stands still before the rest comes', async () => {
  for (const stream of [false, true]) {
    const [seen, usual] = [await stall('for: 40s', { stream }), await good({ stream })]

    expect(seen).toMatchObject({ settled: 'returned', body: usual.body, text: usual.text })
    expect(seen.tookMs - usual.tookMs).toBe(40_000)
  }
})

test('`pings` keep a stream open past all that `fetch` bears, and an answer that is not streamed has none', async () => {
  const [stream, plain] = [await stall('pings: true', streamed), await stall('pings: true')]

  expect(stream).toMatchObject({ settled: 'pending', status: 200 })
  // One of them is the answer's own; then one every 15 s for 11 minutes.
  expect(stream.body.match(/^event: ping$/gm)).toHaveLength(1 + (11 * 60) / 15 - 1)
  expect(plain).toMatchObject({ settled: 'threw', error: 'TypeError < BodyTimeoutError UND_ERR_BODY_TIMEOUT' })
  expect(await stall('pings: true, for: 400s', streamed)).toMatchObject({ settled: 'returned', stopReason: 'end_turn' })
  expect(await stall('pings: false, for: 400s', streamed)).toMatchObject({ settled: 'threw' })
})

test('`after` is where it stops, and with pings never inside an event', async () => {
  expect((await stall('after: 6 events', streamed)).text.length).toBeGreaterThan(50)
  expect((await stall('after: 100 bytes', streamed)).bytes).toBe(100)
  expect((await stall('after: 200 bytes, pings: true, for: 20s', streamed)).settled).toBe('returned')
})

test('a point, a time or a flag that is none is an error at its line', () => {
  expect(problemsOf('stream-stall', { after: '3 frames', for: 'long', pings: 'maybe' })).toEqual([
    '10: Expected a point in the answer such as "3 events", "120 bytes", "5s" or "inside frame", found the text "3 frames".',
    '11: Expected a duration such as 90s or 1h30m, found the text "long".',
    '12: Expected true or false, found the text "maybe".',
  ])
})
