import { expect, test } from 'vitest'
import { oneCall, problemsOf } from '../../support/one-call.ts'
import { good } from './good.ts'

test('an answer that is not streamed is half of itself, and a bare SyntaxError', async () => {
  const [seen, usual] = [await oneCall('truncated-json'), await good()]

  expect(seen).toMatchObject({ settled: 'threw', error: 'SyntaxError', status: 200, attempt: { outcome: 'cut' } })
  expect(seen.message).toMatch(/^Unterminated|^Unexpected end/)
  expect(usual.body.startsWith(seen.body)).toBe(true)
  expect(seen.bytes).toBe(Math.floor(usual.bytes / 2))
})

test('a stream that ends inside an event throws nothing: the app has half an answer and no stop reason', async () => {
  const [seen, usual] = [await oneCall('truncated-json', { stream: true }), await good({ stream: true })]

  expect(seen).toMatchObject({ settled: 'returned', stopReason: undefined, attempt: { outcome: 'cut' } })
  expect(seen.text.length).toBeGreaterThan(50)
  expect(usual.text.startsWith(seen.text)).toBe(true)
  expect(seen.text).not.toBe(usual.text)
})

test('it has no parameters', () => {
  expect(problemsOf('truncated-json', { after: '3' })).toEqual([
    '10: Unknown key "after" in the parameters of "truncated-json".',
  ])
})
