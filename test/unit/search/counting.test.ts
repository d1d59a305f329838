import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { Distinct } from '../../../src/search/distinct.ts'
import { provedBy } from '../../../src/search/proves.ts'
import { isOwn, parseShard, split, whole } from '../../../src/search/shard.ts'

const hashes = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) =>
    createHash('sha256')
      .update(String(from + i))
      .digest('hex')
      .slice(0, 16),
  )

test('few different hashes are counted exactly, however often they come', () => {
  const distinct = new Distinct([...hashes(0, 3_000), ...hashes(0, 3_000)])

  expect(distinct).toMatchObject({ count: 3_000, isExact: true })
})

test('many are told to a few percent, in bounded memory', () => {
  const distinct = new Distinct(hashes(0, 60_000))

  expect(distinct.isExact).toBe(false)
  expect(distinct.hashes.length).toBeLessThanOrEqual(4_096)
  expect(Math.abs(distinct.count / 60_000 - 1)).toBeLessThan(0.06)
})

test('the sketches of two shards make the sketch of both', () => {
  const both = new Distinct(new Distinct(hashes(0, 20_000)).hashes)
  both.addAll(new Distinct(hashes(10_000, 30_000)).hashes)

  expect(both.hashes).toEqual(new Distinct(hashes(0, 30_000)).hashes)
})

test.for([
  [1, '95%'],
  [59, '5%'],
  [299, '1%'],
  [2_995, '0.1%'],
  [100, '3%'],
] as const)('%i clean outages prove less than %s', ([runs, share]) => {
  expect(provedBy(runs, 0).says).toContain(`fewer than ${share} of the outages`)
})

test('nothing is claimed where something failed, or nothing was drawn', () => {
  expect(provedBy(1_000, 1).below).toBeUndefined()
  expect(provedBy(0, 0).below).toBeUndefined()
})

test.for(['0/4', '5/4', '1', 'a/b', '1/0', '-1/3'])('%s is no shard', text => {
  expect(parseShard(text)).toBeUndefined()
})

test('shards, and the parts of a shard, are disjoint and together the whole', () => {
  const second = parseShard('2/3') ?? whole
  const numbers = Array.from({ length: 60 }, (_, i) => i)
  const own = numbers.filter(number => isOwn(second, number))
  const parts = split(second, 4).map(part => numbers.filter(number => isOwn(part, number)))

  expect(own).toHaveLength(20)
  expect(parts.flat().toSorted((a, b) => a - b)).toEqual(own)
})
