import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const sample = join(import.meta.dirname, 'samples/outage.node-test.ts')

test('under node --test everything passes, and its reports come through whole', { timeout: 60_000 }, async () => {
  const { code, output } = await nodeTest(['--test', '--test-reporter=tap', sample])

  expect(code, output).toBe(0)
  expect(output).toContain('# pass 3\n# fail 0')
  expect(output).toContain('# after the outage')
  expect(output).toContain('# printed by the test itself')
})

function nodeTest(args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV|NODE_OPTIONS|TEST$)/.test(name)),
  )
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
    const parts: string[] = []
    child.stdout.setEncoding('utf8').on('data', part => parts.push(part))
    child.on('error', reject)
    child.on('close', code => resolve({ code, output: parts.join('') }))
  })
}
