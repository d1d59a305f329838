import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { examples, runExample, skipped, works } from './run-example.ts'

const isHere = works('python3', ['-c', 'import sys, pytest; sys.exit(sys.version_info < (3, 10))'])
const name = 'examples/pytest'
const pytest = (folder: string, ...words: readonly string[]) =>
  runExample('python3', ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', ...words], folder)

describe.skipIf(!isHere)(isHere ? name : skipped('there is no Python 3.10 with pytest here', name), () => {
  test('a sound app passes, a drill for each file of its tests', { timeout: 120_000 }, async () => {
    const { code, output } = await pytest(join(examples, 'pytest'))

    expect(output).toMatch(/\n(?:9 passed, 1 skipped|11 passed)\b/)
    expect(code).toBe(0)
  })

  test('an app that asks too often in a blackout fails', { timeout: 120_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'blackstart-pytest-'))
    try {
      cpSync(join(examples, 'pytest'), folder, { recursive: true })
      const app = join(folder, 'assistant.py')
      writeFileSync(app, readFileSync(app, 'utf8').replace('RETRIES = 2', 'RETRIES = 4'))

      const { code, output } = await pytest(folder, '-k', 'blackout')

      expect(output).toContain('assert [529, 529, 529, 529, 529] == [529, 529, 529]')
      expect(output).toMatch(/\n1 failed, /)
      expect(code).toBe(1)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
