import { expect, test } from 'vitest'
import { faults } from '../../../src/faults/index.ts'
import { effectOf } from './support.ts'

const answering = [...faults.keys()].slice(0, 13)

test.each(answering)('%s answers with the error of its own name', id => {
  expect(effectOf(id)).toMatchObject({ type: 'answer', error: id })
})

test.each(answering)('%s carries its words, its advice on retries and its own time', id => {
  expect(effectOf(id, { message: 'Try later', should_retry: false, takes: 2_000 })).toMatchObject({
    options: { message: 'Try later', shouldRetry: false, afterMs: 2_000 },
  })
})

test.each(['overloaded', 'rate-limited', 'unavailable'])('%s can say when to come back, in three spellings', id => {
  for (const as of ['seconds', 'date', 'ms'])
    expect(effectOf(id, { retry_after: 90_000, retry_after_as: as })).toMatchObject({
      options: { retryAfter: { as, ms: 90_000 } },
    })
})

test('a retry_after of zero is sent as zero', () => {
  expect(effectOf('overloaded', { retry_after: 0 })).toMatchObject({
    options: { retryAfter: { as: 'seconds', ms: 0 } },
  })
})

test('overloaded and unavailable say nothing of when to come back unless told', () => {
  expect(effectOf('overloaded')).toEqual({ type: 'answer', error: 'overloaded', options: {} })
  expect(effectOf('unavailable')).toEqual({ type: 'answer', error: 'unavailable', options: {} })
})

test('rate-limited names a time to come back unless told to leave it out', () => {
  expect(effectOf('rate-limited')).toMatchObject({ options: { retryAfter: { as: 'seconds', ms: 30_000 } } })
  expect(effectOf('rate-limited', { retry_after_as: 'none' })).toEqual({
    type: 'answer',
    error: 'rate-limited',
    options: {},
  })
})

test('bad-gateway is a page of HTML unless another body is asked for', () => {
  expect(effectOf('bad-gateway')).toMatchObject({ options: { body: 'html' } })
  expect(effectOf('bad-gateway', { body: 'edge-json' })).toMatchObject({ options: { body: 'edge-json' } })
})

test('gateway-timeout comes only after the gateway has waited', () => {
  expect(effectOf('gateway-timeout')).toMatchObject({ options: { afterMs: 60_000 } })
})

test("origin-error has a status among the edge's own", () => {
  expect(effectOf('origin-error')).toMatchObject({ options: { status: 520 } })
  expect(effectOf('origin-error', { status: 522 })).toMatchObject({ options: { status: 522 } })
})

test('answer says exactly what it is told', () => {
  expect(
    effectOf('answer', { status: 418, headers: { 'content-type': 'text/plain' }, body: 'short and stout', takes: 50 }),
  ).toEqual({
    type: 'answer-raw',
    status: 418,
    headers: { 'content-type': 'text/plain' },
    body: 'short and stout',
    afterMs: 50,
  })
})
