import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { importFile } from '../../src/cli/import-file.ts'
import { fencesOf } from '../support/markdown.ts'

const root = resolve(import.meta.dirname, '../..')

test('the scenario that docs/import.md shows is what import makes of the log whose rows it shows', () => {
  const file = resolve(root, 'docs/import.md')
  const page = readFileSync(file, 'utf8')
  const log = resolve(root, 'fixtures/import/friday.csv')
  const { yaml } = importFile(log, { id: 'our-worst-friday' })
  const shown = fencesOf(page).find(({ language }) => language === 'yaml')?.text ?? ''
  if (process.env['UPDATE_FIXTURES'] === '1') writeFileSync(file, page.replace(shown, yaml))

  expect(shown).toBe(yaml)
  const sample = fencesOf(page).find(({ language }) => language === 'csv')?.text ?? ''
  const rows = readFileSync(log, 'utf8').split('\n')
  expect(
    sample
      .trim()
      .split('\n')
      .every(row => rows.includes(row)),
  ).toBe(true)
})
