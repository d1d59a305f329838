import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { oracles } from '../../src/oracles/index.ts'
import { oraclesPage } from '../../tools/oracle-reference/page.ts'

test('docs/oracles.md is what the oracles declare', () => {
  const file = resolve(import.meta.dirname, '../../docs/oracles.md')
  const page = oraclesPage()
  if (process.env['UPDATE_FIXTURES'] === '1') writeFileSync(file, page)

  expect(readFileSync(file, 'utf8') === page, 'docs/oracles.md is out of date: npm run docs').toBe(true)
})

test.each([...oracles.values()])('$id says what it needs, judges and advises, in sentences', ({ notes, says }) => {
  expect(says).toMatch(/^[A-Z].*\.$/)
  expect(notes?.needs).toMatch(/^(the wire|the hook `|`jobs` of the client module)/)
  expect(notes?.judges).toMatch(/^[A-Z].*\.$/)
  expect(notes?.source).toMatch(/^\S.*\.$/)
  expect(notes?.change).toMatch(/\.$/)
  expect(notes?.vacuous).not.toMatch(/\.$/)
})

test('ids are kebab-case, and a code stands for one oracle', () => {
  const all = [...oracles.values()]

  for (const { id } of all) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/)
  expect(new Set(all.map(({ code }) => code)).size).toBe(all.length)
})
