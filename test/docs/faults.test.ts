import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { faultsPage } from '../../tools/fault-reference/page.ts'

test('docs/faults.md is what the faults declare and the SDKs do', { timeout: 300_000 }, async () => {
  const file = resolve(import.meta.dirname, '../../docs/faults.md')
  const page = await faultsPage()
  if (process.env['UPDATE_FIXTURES'] === '1') writeFileSync(file, page)

  const stored = readFileSync(file, 'utf8')
  const lines = new Set(stored.split('\n'))
  expect(
    page.split('\n').filter(line => !lines.has(line)),
    'these lines are not in docs/faults.md: npm run docs',
  ).toEqual([])
  expect(page === stored, 'docs/faults.md is out of date: npm run docs').toBe(true)
})
