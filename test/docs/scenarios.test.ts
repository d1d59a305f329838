import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { scenariosPage } from '../../tools/scenario-table/page.ts'

test('docs/scenarios.md lists what ships', () => {
  const file = resolve(import.meta.dirname, '../../docs/scenarios.md')
  const page = scenariosPage()
  if (process.env['UPDATE_FIXTURES'] === '1') writeFileSync(file, page)

  const stored = readFileSync(file, 'utf8')
  const lines = new Set(stored.split('\n'))
  expect(
    page.split('\n').filter(line => !lines.has(line)),
    'these lines are not in docs/scenarios.md: npm run docs',
  ).toEqual([])
  expect(page === stored, 'docs/scenarios.md is out of date: npm run docs').toBe(true)
})
