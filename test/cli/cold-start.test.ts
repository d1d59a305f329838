import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cli } from '../support/cli.ts'

// The compiler of client modules keeps its cache in the temporary folder, and Node may keep one: empty ones are the first
// start on a machine.
test('the very first run is the same as the next one, and waits for nothing', async () => {
  const TMPDIR = mkdtempSync(join(tmpdir(), 'blackstart-cold-'))
  try {
    const env = { TMPDIR, NODE_COMPILE_CACHE: join(TMPDIR, 'compiled') }
    const run = () => cli(['run', 'global-down', '--report', 'json'], { env })
    const [cold, warm] = [JSON.parse((await run()).stdout), JSON.parse((await run()).stdout)]

    expect(cold.realIo).toBe(false)
    expect(cold.journalHash).toBe(warm.journalHash)
  } finally {
    rmSync(TMPDIR, { recursive: true, force: true })
  }
})
