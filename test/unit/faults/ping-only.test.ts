import { expect, test } from 'vitest'
import { oneCall, problemsOf } from '../../support/one-call.ts'
import { good } from './good.ts'

test('a stream opens, pings for good, and nothing in the SDK ever ends it', async () => {
  const seen = await oneCall('ping-only', { stream: true, patienceMs: 3_600_000 })

  expect(seen).toMatchObject({ settled: 'pending', status: 200, events: ['message_start'], text: '' })
  expect(seen.body.match(/^event: ping$/gm)?.length).toBe(3_600 / 15 - 1)
})

test('after `for` the rest of the answer comes', async () => {
  const [seen, usual] = [await oneCall('{ ping-only: { for: 60s } }', { stream: true }), await good({ stream: true })]

  expect(seen).toMatchObject({ settled: 'returned', stopReason: 'end_turn', text: usual.text })
  expect(seen.tookMs - usual.tookMs).toBe(60_000)
})

test('an answer that is not streamed does not meet it', async () => {
  expect(await oneCall('ping-only')).toMatchObject({ settled: 'returned', attempt: undefined, stopReason: 'end_turn' })
})

test('a `for` that is no duration is an error at its line', () => {
  expect(problemsOf('ping-only', { for: 'ever' })).toEqual([
    '10: Expected a duration such as 90s or 1h30m, found the text "ever".',
  ])
})
