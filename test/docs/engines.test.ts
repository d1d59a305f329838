import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { supportOf } from '../../src/engines/supports.ts'
import { effectOf } from '../../tools/engine-reference/default-effect.ts'
import { enginesPage, shownFaults } from '../../tools/engine-reference/page.ts'
import { differences } from '../support/parity-differences.ts'

test('docs/engines.md is what the engines declare and how they differ', () => {
  const file = resolve(import.meta.dirname, '../../docs/engines.md')
  const page = enginesPage()
  if (process.env['UPDATE_FIXTURES'] === '1') writeFileSync(file, page)

  const stored = readFileSync(file, 'utf8')
  const lines = new Set(stored.split('\n'))
  expect(
    page.split('\n').filter(line => !lines.has(line)),
    'these lines are not in docs/engines.md: npm run docs',
  ).toEqual([])
  expect(page === stored, 'docs/engines.md is out of date: npm run docs').toBe(true)
})

test.for(['loopback', 'toxiproxy'] as const)('what %s declares to be near only is what differs there', engine => {
  const near = shownFaults.filter(({ fault, values }) => {
    const support = supportOf(fault, effectOf(fault, values))
    return support[engine] !== 'yes' || (fault.reusedOnly === true && support.msw !== 'yes')
  })
  const differing = differences.filter(({ engines }) => engines.includes(engine)).flatMap(({ faults: ids }) => ids)

  expect(new Set(near.map(({ fault }) => fault.id))).toEqual(new Set(differing))
})
