import { expect, test } from 'vitest'
import { oneCall, problemsOf } from '../../support/one-call.ts'
import { good } from './good.ts'

test('a stream comes whole, token by token, so far apart', async () => {
  const [usual, seen] = [await good({ stream: true }), await oneCall('slow-tokens', { stream: true })]

  expect(seen).toMatchObject({ settled: 'returned', stopReason: 'end_turn', text: usual.text })
  const tokens = seen.events.filter(type => type === 'content_block_delta').length
  expect(tokens).toBeGreaterThan(60)
  expect(Math.round(seen.tookMs / tokens / 100)).toBe(10)
})

test('an answer that is not streamed comes when its last token is there', async () => {
  const [usual, slow, slower] = [
    await good(),
    await oneCall('{ slow-tokens: { per_token: 100ms } }'),
    await oneCall('{ slow-tokens: { per_token: 200ms } }'),
  ]

  expect(slow).toMatchObject({ settled: 'returned', body: usual.body })
  expect(slow.tookMs).toBeGreaterThan(5_000)
  // Twice as long but for the time to the first token.
  expect((slower.tookMs - usual.tookMs) / (slow.tookMs - usual.tookMs)).toBeGreaterThan(1.9)
})

test('tokens further apart than `fetch` bears break the stream', async () => {
  const seen = await oneCall('{ slow-tokens: { per_token: 301s } }', { stream: true })

  expect(seen).toMatchObject({ error: 'TypeError < BodyTimeoutError UND_ERR_BODY_TIMEOUT', status: 200 })
})

test('a `per_token` that is no duration is an error at its line', () => {
  expect(problemsOf('slow-tokens', { per_token: '-1ms' })).toEqual([
    '10: Expected a duration such as 90s or 1h30m, found the text "-1ms".',
  ])
})
