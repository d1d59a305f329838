import { expect, test } from 'vitest'
import { faults } from '../../../src/faults/index.ts'
import { effectOf } from './support.ts'

test('stream-cut ends after what it is told, by FIN or by RST', () => {
  expect(effectOf('stream-cut')).toEqual({ type: 'cut', after: { events: 3 }, by: 'fin' })
  expect(effectOf('stream-cut', { after: { inside: 'tool-json' }, by: 'rst' })).toEqual({
    type: 'cut',
    after: { inside: 'tool-json' },
    by: 'rst',
  })
})

test('stream-stall stands still for good, or for as long as it is told', () => {
  expect(effectOf('stream-stall')).toEqual({ type: 'stall', after: { events: 3 }, pings: false })
  expect(effectOf('stream-stall', { after: { bytes: 120 }, for: 40_000, pings: true })).toEqual({
    type: 'stall',
    after: { bytes: 120 },
    pings: true,
    forMs: 40_000,
  })
})

test('ping-only stalls with pings once the stream has opened', () => {
  expect(effectOf('ping-only')).toEqual({ type: 'stall', after: { events: 1 }, pings: true })
  expect(effectOf('ping-only', { for: 60_000 })).toMatchObject({ forMs: 60_000 })
})

test('stream-error carries the error it is told at the place it is told', () => {
  expect(effectOf('stream-error')).toEqual({ type: 'stream-error', after: { events: 3 }, error: 'overloaded_error' })
  expect(effectOf('stream-error', { after: { events: 0 }, error: 'api_error', message: 'Internal' })).toEqual({
    type: 'stream-error',
    after: { events: 0 },
    error: 'api_error',
    message: 'Internal',
  })
})

test.each([
  ['no-message-stop', 'no-stop'],
  ['odd-event', 'odd-event'],
  ['malformed-json', 'malformed-json'],
  ['truncated-json', 'truncated-json'],
  ['wrong-type', 'wrong-type'],
])('%s garbles a good answer', (id, how) => {
  expect(effectOf(id)).toEqual({ type: 'garble', how })
})

test('empty-answer lacks the content, or the whole body', () => {
  expect(effectOf('empty-answer')).toEqual({ type: 'empty', how: 'no-content' })
  expect(effectOf('empty-answer', { how: 'no-body' })).toEqual({ type: 'empty', how: 'no-body' })
})

test('lost-response is lost where it is told', () => {
  expect(effectOf('lost-response')).toEqual({ type: 'lose', at: 'headers' })
  expect(effectOf('lost-response', { at: 'body' })).toEqual({ type: 'lose', at: 'body' })
  expect(effectOf('lost-response', { at: 'end' })).toEqual({ type: 'lose', at: 'end' })
})

test('wrong-answer is a good answer to another question', () => {
  expect(effectOf('wrong-answer')).toEqual({ type: 'wrong' })
})

test('only faults that mean nothing outside a stream are for streams alone', () => {
  const streamingOnly = [...faults.values()].filter(fault => fault.streamingOnly).map(fault => fault.id)

  expect(streamingOnly).toEqual(['ping-only', 'no-message-stop', 'odd-event'])
})
