import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { comparisonPage } from '../../tools/comparison/page.ts'
import { precedentsPage } from '../../tools/precedents/page.ts'
import { scenarioReferencePage } from '../../tools/scenario-reference/page.ts'
import { scenariosPage } from '../../tools/scenario-table/page.ts'

test.for([
  ['docs/scenarios.md', scenariosPage],
  ['docs/precedents.md', precedentsPage],
  ['docs/scenario-reference.md', scenarioReferencePage],
  ['docs/comparison.md', comparisonPage],
] as const)('%s is what its generator writes', ([name, written]) => {
  const file = resolve(import.meta.dirname, '../..', name)
  const page = written()
  if (process.env['UPDATE_FIXTURES'] === '1') writeFileSync(file, page)

  const stored = readFileSync(file, 'utf8')
  const lines = new Set(stored.split('\n'))
  expect(
    page.split('\n').filter(line => !lines.has(line)),
    `these lines are not in ${name}: npm run docs`,
  ).toEqual([])
  expect(page === stored, `${name} is out of date: npm run docs`).toBe(true)
})
