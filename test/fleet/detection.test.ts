import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { checks } from '../../tools/detection/checks.ts'
import { failureClasses, matrixRows } from '../../tools/detection/classes.ts'
import { type Head, headOf, heads, unstoppable } from '../../tools/detection/heads.ts'
import { type Caught, headHoles, holesIn } from '../../tools/detection/holes.ts'
import { detectionPage } from '../../tools/detection/page.ts'
import { caughtOf, readRecorded } from '../../tools/detection/recorded.ts'
import { sampleOf } from '../../tools/detection/sample.ts'

// The runs themselves are in `pairs.test.ts` and `catalogue.test.ts`, which hold each against what is on record.
const all = [...heads.values()]
const recorded = readRecorded()
const outOfDate = 'it is out of date: npm run detection'

test('there is a broken client for each known failure and each row of the kill matrix', () => {
  expect(failureClasses.map(({ number }) => number)).toEqual(Array.from({ length: 27 }, (_, i) => i + 1))
  expect(headHoles(all)).toEqual([])
})

test('every broken client is on record as caught by its oracle, and as accused of nothing that it does not do', () => {
  expect(
    recorded.rows.map(({ name }) => name),
    outOfDate,
  ).toEqual(all.map(({ name }) => name))
  expect(holesIn(caughtOf(recorded.rows))).toEqual([])
})

test('heads and rows name oracles that there are', () => {
  const named = [...all.flatMap(({ meant, mayAlso }) => [meant, ...mayAlso]), ...matrixRows.flatMap(row => row.oracles)]

  expect(named.filter(id => id !== 'conduct' && !checks.has(id))).toEqual([])
})

test('a head owns up to no more than what its client was seen to do', () => {
  // How long one that blocks is waited for is real time.
  const timed = caughtOf(recorded.rows).filter(({ head }) => !unstoppable.includes(head.name))
  const idle = timed.flatMap(({ head, row }) =>
    head.mayAlso.filter(id => !row.failed.includes(id)).map(id => `${head.name} ${id}`),
  )

  expect(idle).toEqual([])
})

test('the page is of what is on record', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/detection.md'), 'utf8')

  expect(page === detectionPage(caughtOf(recorded.rows), recorded.soundness), outOfDate).toBe(true)
})

const head: Head = {
  ...{ name: 'some', file: 'some.ts', scenario: 'global-down', meant: 'settles', level: 'fail', breaks: 'Something.' },
  ...{ mayAlso: ['recovers'], classes: [1], rows: [] },
}
const caught: Caught = { head, row: { name: 'some', exitCode: 1, failed: ['recovers', 'settles'], warned: [] } }

test('a client that its oracle misses is a hole, and so is an accusation that its head does not name', () => {
  expect(holesIn([caught])).toEqual([])
  expect(holesIn([{ ...caught, row: { ...caught.row, failed: ['recovers'], warned: ['settles'] } }])).toEqual([
    'some is not caught by settles in global-down; found: recovers, settles (warns).',
  ])
  expect(holesIn([{ ...caught, row: { ...caught.row, failed: ['no-hot-loop', 'settles'] } }])).toEqual([
    'some is accused by no-hot-loop, which its head does not name.',
  ])
})

test('a failure or a row that nobody stands for is a hole', () => {
  const holes = headHoles([{ ...head, classes: [1, 28], rows: ['retries 400', 'retries 402'] }])

  expect(holes).toContain('No client for 2, truncated-is-success.')
  expect(holes).toContain('No client for the row "ignores retry-after".')
  expect(holes).toContain('some: there is no class 28.')
  expect(holes).toContain('some: there is no row "retries 402".')
  expect(holes).toContain('No client of the row "retries 400" is meant for no-retry-on-permanent-errors.')
})

test('a head is read from the first lines alone', () => {
  const text =
    '// scenario: a\n// warns: order\n// class: 3 4\n// row: x y\n// Breaks: one\n// and two.\nconst b = 1\n// class: 5\n'

  expect(headOf('x/y.ts', text)).toEqual({
    ...{ name: 'y', file: 'x/y.ts', scenario: 'a', meant: 'order', level: 'warn', mayAlso: [], classes: [3, 4] },
    ...{ rows: ['x y'], breaks: 'one and two.' },
  })
  expect(headOf('x/z.ts', '// Sound: all is well.\nexport {}\n')).toBeUndefined()
  expect(() => headOf('x/z.ts', '// scenario: a\nexport {}\n')).toThrow('x/z.ts: name the oracle that catches it')
})

test('the samples of some days in a row take every client', () => {
  const days = Array.from({ length: 30 }, (_, i) => new Date(Date.UTC(2026, 5, 1 + i)))
  const names = days.flatMap(day => sampleOf(all, day).map(({ name }) => name))

  expect(new Set(names).size).toBe(all.length)
})
