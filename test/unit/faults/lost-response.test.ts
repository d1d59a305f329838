import { expect, test } from 'vitest'
import { oneCall, problemsOf } from '../../support/one-call.ts'
import { good } from './good.ts'

test('lost before its headers it is a reset, after all the time that the work took', async () => {
  for (const stream of [false, true]) {
    const [seen, usual] = [await oneCall('lost-response', { stream }), await good({ stream })]

    expect(seen).toMatchObject({
      error: 'APIConnectionError < TypeError < Error ECONNRESET',
      status: undefined,
      bytes: 0,
      tookMs: usual.tookMs,
    })
  }
})

test('`at: body` loses the second half, and the first has been received', async () => {
  for (const stream of [false, true]) {
    const [seen, usual] = [await oneCall('{ lost-response: { at: body } }', { stream }), await good({ stream })]

    expect(seen).toMatchObject({ error: 'TypeError < Error ECONNRESET', message: 'terminated', status: 200 })
    expect(seen.bytes).toBe(Math.floor(usual.bytes / 2))
    expect(usual.body.startsWith(seen.body)).toBe(true)
  }
})

test('`at: end` loses the last bytes: a stream has every word of its text, and no end', async () => {
  const [seen, usual] = [
    await oneCall('{ lost-response: { at: end } }', { stream: true }),
    await good({ stream: true }),
  ]

  expect(seen).toMatchObject({ settled: 'threw', error: 'TypeError < Error ECONNRESET', text: usual.text })
  expect(seen.events).toEqual(usual.events.slice(0, -1))
  expect(seen.bytes).toBe(usual.bytes - 5)
})

test('another place is an error at its line', () => {
  expect(problemsOf('lost-response', { at: 'start' })).toEqual([
    '10: Expected one of headers, body, end, found the text "start".',
  ])
})
