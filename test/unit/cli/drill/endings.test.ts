import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const endings = new URL('../../../../src/cli/drill/endings.ts', import.meta.url).href

/** A process that asks itself to end twice, 20 ms apart, and hears nothing for `stalledMs` in between. Resolves to its exit code. */
async function asked(stalledMs: number, laterMs: number): Promise<number> {
  const script = `
    import { Endings } from '${endings}'
    const endings = new Endings(() => {})
    endings.handle(() => {
      setTimeout(() => {
        process.kill(process.pid, 'SIGINT')
        const from = performance.now()
        while (performance.now() - from < ${stalledMs}) {}
      }, ${laterMs})
    })
    process.kill(process.pid, 'SIGINT')
    setTimeout(() => process.exit(7), ${laterMs + stalledMs + 300})
  `
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
  return run.then(
    () => 0,
    ({ code }) => code,
  )
}

test('a second signal that came at once is the same request, however late a busy process hears it', async () => {
  expect(await asked(900, 20)).toBe(7)
})

test('one that comes a second later ends it at once', async () => {
  expect(await asked(0, 1_000)).toBe(130)
})
