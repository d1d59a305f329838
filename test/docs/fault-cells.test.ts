import { expect, test } from 'vitest'
import { outcomeCell, retriesCell } from '../../tools/fault-reference/cell.ts'
import { errorChain } from '../../tools/fault-reference/error-chain.ts'
import type { Observation } from '../../tools/fault-reference/observe.ts'

const whole = { text: '[q:1] All of it. [end:1]', finish: 'stop', told: undefined }
const good: Observation = {
  settled: 'returned',
  error: undefined,
  got: whole,
  state: 'complete',
  attempts: 1,
  tookMs: 900,
  unhandled: false,
}
const cell = (more: Partial<Observation>) => outcomeCell({ ...good, ...more }, good)

class _HttpError extends Error {
  readonly status = 529
}

test('what is thrown is its class with its status, or with the root of its causes', () => {
  const threw = (error: unknown, text: string | undefined = undefined) =>
    cell({ settled: 'threw', error, got: { ...whole, text }, state: 'none' })
  const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })

  expect(threw(new _HttpError('Overloaded'))).toBe('HttpError 529')
  expect(threw(new TypeError('terminated', { cause: reset }), '[q:1] All')).toBe('TypeError ← ECONNRESET, after text')
  expect(threw(new Error('no', { cause: new SyntaxError('no') }))).toBe('Error ← SyntaxError')
  expect(threw(Object.assign(new Error('late'), { name: 'TimeoutError' }))).toBe('TimeoutError')
  expect(threw({ type: 'overloaded_error' })).toBe('a plain object of type overloaded_error')
})

test('an error that has itself as its cause is told once', () => {
  const error = new Error('round')
  error.cause = error

  expect(errorChain(error).map(({ message }) => message)).toEqual(['round'])
})

test('what is returned is told by its marks, by its text, and by its finish where that is unusual', () => {
  expect(cell({})).toBe('ok')
  expect(cell({ got: { ...whole, finish: undefined } })).toBe('ok (finish: none)')
  expect(cell({ got: { ...whole, text: '[q:1] All [end:1]' } })).toBe('returns text with a gap')
  expect(cell({ got: { ...whole, text: '[q:1] All', finish: 'other' }, state: 'truncated' })).toBe(
    'returns truncated text (finish: other)',
  )
  expect(cell({ got: { ...whole, text: '', finish: undefined }, state: 'empty' })).toBe('returns no text')
  expect(cell({ got: { ...whole, text: undefined }, state: 'none' })).toBe('returns undefined')
  expect(cell({ got: { ...whole, text: '<html>' }, state: 'unmarked' })).toBe('returns the page as a string')
  expect(cell({ state: 'foreign' })).toBe("returns another question's answer")
})

test('what a callback alone is told is no throw, and what came of the text stands beside it', () => {
  const told = new _HttpError('Overloaded')

  expect(cell({ got: { ...whole, text: '', told }, state: 'empty' })).toBe('tells onError HttpError 529')
  expect(cell({ got: { ...whole, text: '[q:1] All', told }, state: 'truncated' })).toBe(
    'tells onError HttpError 529; returns truncated text',
  )
})

test('a wait worth telling is told, and so is one without end', () => {
  expect(cell({ tookMs: 15_897 })).toBe('ok, after 16 s')
  expect(cell({ settled: 'pending', tookMs: 660_000 })).toBe('hangs > 10 min, after text')
  expect(cell({ attempts: 0 })).toBe('—')
  expect(cell({ unhandled: true })).toBe('ok, and an unhandled rejection')
})

test('retries are a number and a rough time', () => {
  const retries = (more: Partial<Observation>) => retriesCell({ ...good, ...more })

  expect(retries({ attempts: 3, tookMs: 1_387 })).toBe('3 in 1.4 s')
  expect(retries({ attempts: 7, tookMs: 87_653 })).toBe('7 in 88 s')
  expect(retries({ attempts: 7, tookMs: 2_187_260 })).toBe('7 in 36 min')
  expect(retries({ attempts: 1, tookMs: 61 })).toBe('1 in < 1 s')
  expect(retries({ attempts: 1, settled: 'pending' })).toBe('1, hangs')
  expect(retries({ attempts: 0 })).toBe('—')
})
