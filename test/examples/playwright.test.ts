import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { examples, runExample, skipped } from './run-example.ts'

const folder = join(examples, 'playwright')
const chromium = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const name = 'examples/playwright'

describe.skipIf(!existsSync(chromium) || !has('playwright-core'))(
  existsSync(chromium)
    ? has('playwright-core')
      ? name
      : skipped('playwright-core is not installed', name)
    : skipped(`there is no ${chromium} here`, name),
  () => {
    test('without a runner: what users read in each stretch of the outage', { timeout: 120_000 }, async () => {
      const { code, output } = await runExample(process.execPath, ['run.mjs'], folder)

      expect(output).toBe(`quiet: live, after 200
one overload: live, after 529 200
blackout: fallback, after 529 529 529
healed: live, after 200
pass: Every expectation that can be judged at this speed held.
`)
      expect(code).toBe(0)
    })
  },
)

describe.skipIf(!existsSync(chromium) || !has('@playwright/test'))(
  has('@playwright/test')
    ? `${name}, its fixtures`
    : skipped('@playwright/test is not installed', `${name}, its fixtures`),
  () => {
    test('the fixtures give a test the drill and the page', { timeout: 120_000 }, async () => {
      const cli = createRequire(join(folder, 'run.mjs')).resolve('@playwright/test/cli')
      const { code, output } = await runExample(process.execPath, [cli, 'test', '--reporter=line'], folder)

      expect(output).toContain('5 passed')
      expect(code).toBe(0)
    })
  },
)

/** Whether the example finds a package, in its own folder or further up. */
function has(name: string): boolean {
  try {
    createRequire(join(folder, 'run.mjs')).resolve(name)
    return true
  } catch {
    return false
  }
}
