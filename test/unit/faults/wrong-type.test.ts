import { expect, test } from 'vitest'
import { oneCall, problemsOf } from '../../support/one-call.ts'

test('a page with a 200 is what `create` resolves to: a string where the types say a message', async () => {
  const seen = await oneCall('wrong-type')

  expect(seen).toMatchObject({ settled: 'returned', status: 200, returned: seen.body, attempt: { outcome: 'garbled' } })
  expect(seen.headers['content-type']).toBe('text/html')
  expect(seen.body).toMatch(/^<!DOCTYPE html>/)
})

test('of a page in place of a stream the SDK makes no events, and no error', async () => {
  const seen = await oneCall('wrong-type', { stream: true })

  expect(seen).toMatchObject({ settled: 'returned', events: [], text: '', stopReason: undefined, status: 200 })
  expect(seen.bytes).toBe(Number(seen.headers['content-length']))
})

test('it has no parameters', () => {
  expect(problemsOf('wrong-type', { body: 'x' })).toEqual(['10: Unknown key "body" in the parameters of "wrong-type".'])
})
