import { expect, test } from 'vitest'
import { bothWays, oneCall, problemsOf } from '../../support/one-call.ts'

test('the answer is well-formed, at its end of its own accord, and has no content', async () => {
  const [plain, streamed] = await bothWays('empty-answer')

  for (const seen of [plain, streamed])
    expect(seen).toMatchObject({ settled: 'returned', text: '', stopReason: 'end_turn', attempt: { outcome: 'empty' } })
  expect(plain.returned).toMatchObject({ type: 'message', content: [] })
  expect(streamed.events).toEqual(['message_start', 'message_delta', 'message_stop'])
})

test('`how: no-body` is a 200 of no bytes: `create` resolves to undefined, a stream to no event at all', async () => {
  const [plain, streamed] = await bothWays('{ empty-answer: { how: no-body } }')

  for (const seen of [plain, streamed])
    expect(seen).toMatchObject({ settled: 'returned', status: 200, bytes: 0, text: '', events: [] })
  expect(plain.returned).toBeUndefined()
  expect(plain.headers['content-length']).toBe('0')
})

test('`how: no-content` is what it does unless told, and another `how` is an error at its line', async () => {
  expect((await oneCall('{ empty-answer: { how: no-content } }')).body).toBe((await oneCall('empty-answer')).body)
  expect(problemsOf('empty-answer', { how: 'none' })).toEqual([
    '10: Expected one of no-content, no-body, found the text "none".',
  ])
})
