import { expect, test } from 'vitest'
import { oneCall, problemsOf } from '../../support/one-call.ts'
import { good } from './good.ts'

test('the stream lacks its last event alone, and the SDK says nothing of it', async () => {
  const [seen, usual] = [await oneCall('no-message-stop', { stream: true }), await good({ stream: true })]

  expect(seen).toMatchObject({ settled: 'returned', text: usual.text, status: 200, attempt: { outcome: 'cut' } })
  expect(seen.events).toEqual(usual.events.slice(0, -1))
  expect(usual.events.at(-1)).toBe('message_stop')
  expect(usual.body.startsWith(seen.body)).toBe(true)
})

test('an answer that is not streamed does not meet it', async () => {
  expect(await oneCall('no-message-stop')).toMatchObject({ settled: 'returned', attempt: undefined })
})

test('it has no parameters', () => {
  expect(problemsOf('no-message-stop', { after: '1s' })).toEqual([
    '10: Unknown key "after" in the parameters of "no-message-stop".',
  ])
})
