import { expect, test } from 'vitest'
import { effectOf } from './support.ts'

test('network faults end the connection where their names say', () => {
  expect(effectOf('refused')).toEqual({ type: 'refuse' })
  expect(effectOf('dns')).toEqual({ type: 'dns' })
  expect(effectOf('tls')).toEqual({ type: 'tls' })
  expect(effectOf('idle-close')).toEqual({ type: 'reset', afterMs: 0 })
})

test('a reset can wait', () => {
  expect(effectOf('reset')).toEqual({ type: 'reset', afterMs: 0 })
  expect(effectOf('reset', { after: 3_000 })).toEqual({ type: 'reset', afterMs: 3_000 })
})

test('a black hole accepts the connection and a connect stall does not', () => {
  expect(effectOf('black-hole')).toEqual({ type: 'hold', connect: false })
  expect(effectOf('connect-stall')).toEqual({ type: 'hold', connect: true })
})
