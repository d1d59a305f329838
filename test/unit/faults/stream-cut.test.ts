import { expect, test } from 'vitest'
import { oneCall, problemsOf } from '../../support/one-call.ts'
import { good } from './good.ts'

const cut = (params: string, options = {}) => oneCall(`{ stream-cut: { ${params} } }`, options)
const streamed = { stream: true }

test('a stream breaks after three events, and what was sent before has been received', async () => {
  const [seen, usual] = [await oneCall('stream-cut', streamed), await good(streamed)]

  expect(seen).toMatchObject({
    settled: 'threw',
    error: 'TypeError < SocketError UND_ERR_SOCKET',
    message: 'terminated',
    status: 200,
    stopReason: undefined,
    attempt: { outcome: 'cut', bytes: seen.bytes },
  })
  // The third is a ping, which the SDK keeps to itself.
  expect(seen.events).toEqual(['message_start', 'content_block_start'])
  expect(usual.body.startsWith(seen.body)).toBe(true)
  expect(seen.body.endsWith('\n\n')).toBe(true)
})

test('an answer that is not streamed ends as far on as its events would have been', async () => {
  const [seen, usual] = [await oneCall('stream-cut'), await good()]

  expect(seen).toMatchObject({ settled: 'threw', error: 'TypeError < SocketError UND_ERR_SOCKET', status: 200 })
  expect(seen.headers['content-length']).toBe(String(usual.bytes))
  expect(usual.body.startsWith(seen.body)).toBe(true)
  expect(seen.bytes / usual.bytes).toBeCloseTo(3 / 14, 2)
})

test('`by: rst` is a reset of the connection', async () => {
  for (const stream of [false, true])
    expect(await cut('by: rst', { stream })).toMatchObject({
      error: 'TypeError < Error ECONNRESET',
      message: 'terminated',
      status: 200,
    })
})

test('`by: clean` ends the body as if that were all: a stream throws nothing, a document does not parse', async () => {
  const [stream, plain] = [await cut('by: clean, after: 6 events', streamed), await cut('by: clean')]

  expect(stream).toMatchObject({ settled: 'returned', stopReason: undefined, attempt: { outcome: 'cut' } })
  expect(stream.text).toMatch(/^\[q:\w+\] /)
  expect(stream.text).not.toContain('[end:')
  expect(plain).toMatchObject({ settled: 'threw', error: 'SyntaxError', status: 200 })
  // A length that is announced and not kept would tell.
  expect(plain.headers).not.toHaveProperty('content-length')
})

test('`after` counts events, bytes or time', async () => {
  expect((await cut('after: 5 events', streamed)).events).toEqual([
    'message_start',
    'content_block_start',
    'content_block_delta',
    'content_block_delta',
  ])
  expect((await cut('after: 100 bytes', streamed)).bytes).toBe(100)
  expect((await cut('after: 100 bytes')).bytes).toBe(100)
  const [early, late] = [await cut('after: 100ms', streamed), await cut('after: 300ms', streamed)]
  expect(late.tookMs - early.tookMs).toBe(200)
  expect(late.text.startsWith(early.text)).toBe(true)
  expect(late.text.length).toBeGreaterThan(early.text.length)
})

test('`after: 0 events` cuts a stream after its headers', async () => {
  expect(await cut('after: 0 events', streamed)).toMatchObject({ status: 200, events: [], bytes: 0 })
})

test('`after: inside frame` leaves half an event, which the app never gets', async () => {
  const seen = await cut('after: inside frame', streamed)

  expect(seen.body).not.toMatch(/\n\n$/)
  expect(seen.body.match(/^event: \w+$/gm)?.length).toBeGreaterThan(seen.events.length)
})

test('`after: inside code-point` leaves half a character', async () => {
  for (const stream of [false, true])
    expect((await cut('after: inside code-point', { stream })).body).toMatch(/\ufffd$/)
})

test('`after: inside tool-json` leaves the input of a tool unfinished', async () => {
  const seen = await cut('after: inside tool-json', { stream: true, tool: true })

  const input = [...seen.body.matchAll(/"partial_json":"((?:[^"\\]|\\.)*)"/g)].map(([, json = '']) =>
    JSON.parse(`"${json}"`),
  )
  expect(input.join('')).toMatch(/^\{"order":/)
  expect(() => JSON.parse(input.join(''))).toThrow(SyntaxError)
  expect(seen.events.at(-1)).toBe('content_block_delta')
})

test('a point past the end is moved before it, so that the cut is felt', async () => {
  for (const stream of [false, true]) {
    const seen = await cut('after: 1000000 bytes', { stream })
    expect(seen).toMatchObject({ settled: 'threw', bytes: (await good({ stream })).bytes - 1 })
  }
})

test('a point that is none, or no known end, is an error at its line', () => {
  const point = 'Expected a point in the answer such as "3 events", "120 bytes", "5s" or "inside frame"'

  expect(problemsOf('stream-cut', { after: '-3 events', by: 'end' })).toEqual([
    `10: ${point}, found the text "-3 events".`,
    '11: Expected one of fin, rst, clean, found the text "end".',
  ])
  expect(problemsOf('stream-cut', { after: '3' })).toEqual([`10: ${point}, found the number 3.`])
})
