import { expect, test } from 'vitest'
import { oneCall, problemsOf } from '../../support/one-call.ts'
import { good } from './good.ts'

test('the stream has one event more, which the SDK hands on, and is whole', async () => {
  const [seen, usual] = [await oneCall('odd-event', { stream: true }), await good({ stream: true })]

  expect(seen).toMatchObject({
    settled: 'returned',
    text: usual.text,
    stopReason: 'end_turn',
    attempt: { outcome: 'ok' },
  })
  expect(seen.events).toEqual([...usual.events.slice(0, -1), 'content_hint', 'message_stop'])
})

test('an answer that is not streamed does not meet it', async () => {
  expect(await oneCall('odd-event')).toMatchObject({ settled: 'returned', attempt: undefined })
})

test('it has no parameters', () => {
  expect(problemsOf('odd-event', { type: 'x' })).toEqual(['10: Unknown key "type" in the parameters of "odd-event".'])
})
