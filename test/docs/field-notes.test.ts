import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { oracles } from '../../src/oracles/index.ts'
import { claims } from '../../tools/field-notes/claims.ts'
import { cellOf, failedIn, scenariosFor } from '../../tools/field-notes/observe.ts'
import { subjects, versionsOf } from '../../tools/field-notes/subjects.ts'

const page = readFileSync(resolve(import.meta.dirname, '../../docs/field-notes.md'), 'utf8')

// Some of the libraries print what they meet.
beforeAll(() => {
  for (const method of ['error', 'warn', 'log'] as const) vi.spyOn(console, method).mockImplementation(() => {})
})

test.for(subjects)('the page is about the installed version of $name', subject => {
  expect(page, 'the page is out of date: npm run field-notes').toContain(
    `\n${versionsOf(subject).join(', ')}. Used as: `,
  )
})

describe('what the page claims is seen again', () => {
  test.for(claims)('$subject, $fault, streamed $streamed: $kind', async claim => {
    const cell = await cellOf(claim)

    expect(claim.holds(cell), JSON.stringify(cell)).toBe(true)
    expect(page.includes(`- ${claim.says(cell)} (`), `npm run field-notes: ${claim.says(cell)}`).toBe(true)
  })
})

test('every subject is told good of or ill of', () => {
  for (const { name } of subjects)
    expect(claims.filter(({ subject }) => subject === name).length, name).toBeGreaterThan(1)
})

/** Every cell of the table is run in five weeks; `npm run field-notes` runs all. */
const day = Math.floor(Date.now() / 86_400_000)
const cells = subjects
  .flatMap(subject => scenariosFor(subject).map(shipped => ({ subject, shipped, id: shipped.scenario.id })))
  .filter((_, i) => (i + day) % 35 === 0)

describe('a cell of the table is what a run shows', () => {
  test.for(cells)('$subject.name in $id', { timeout: 60_000 }, async ({ subject, shipped, id }) => {
    const failed = await failedIn(subject, shipped)
    const row = page.split('\n').find(line => line.startsWith(`| ${id} | `)) ?? ''
    const told = row.split(' | ')[1 + subjects.indexOf(subject)]?.replace(/ \|$/, '').trim()
    const seen =
      failed === undefined ? '-' : failed.map(oracle => oracles.get(oracle)?.code ?? oracle).join(' ') || 'passes'

    expect(told).toBe(seen)
  })
})
