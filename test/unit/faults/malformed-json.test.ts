import { expect, test } from 'vitest'
import { oneCall, problemsOf } from '../../support/one-call.ts'
import { good } from './good.ts'

test('an answer that is not streamed is a bare SyntaxError, and no error of the API', async () => {
  const [seen, usual] = [await oneCall('malformed-json'), await good()]

  expect(seen).toMatchObject({ settled: 'threw', error: 'SyntaxError', status: 200, attempt: { outcome: 'garbled' } })
  expect(seen.bytes).toBe(usual.bytes - 1)
})

test('one event of a stream does not parse: what came before is there, what comes after is lost', async () => {
  const [seen, usual] = [await oneCall('malformed-json', { stream: true }), await good({ stream: true })]

  expect(seen).toMatchObject({ settled: 'threw', error: 'SyntaxError', status: 200 })
  expect(seen.events).toEqual(usual.events.slice(0, seen.events.length))
  expect(seen.text.length).toBeGreaterThan(50)
  expect(usual.text.startsWith(seen.text)).toBe(true)
})

test('it has no parameters', () => {
  expect(problemsOf('malformed-json', { at: '3' })).toEqual([
    '10: Unknown key "at" in the parameters of "malformed-json".',
  ])
})
