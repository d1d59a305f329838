import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'

const module = new URL('../../../src/lib/scratch.ts', import.meta.url).href

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scratch-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Runs `code` as a process that has `folder` for its temporary files; resolves when it says something, or ends. */
async function run(code: string, kill?: NodeJS.Signals): Promise<void> {
  const text = `const { scratchFolder, guardScratch } = await import(${JSON.stringify(module)})
    const { writeFileSync } = await import('node:fs')
    ${code}`
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise(resolve => child.once('close', resolve))
  if (kill) {
    await new Promise(resolve => child.stdout.once('data', resolve))
    expect(readdirSync(folder)).not.toEqual([])
    child.kill(kill)
  }
  await ended
}

const write = `writeFileSync(scratchFolder() + '/secret', 'x')`

test('what is in the scratch folder is gone when the process exits', async () => {
  await run(`${write}; if (!scratchFolder().startsWith(${JSON.stringify(folder)})) process.exit(1); process.exit(0)`)

  expect(readdirSync(folder)).toEqual([])
})

test('a guarded folder is gone after kill -9, with the files that were named beside it', async () => {
  const also = join(folder, 'control.json')
  writeFileSync(join(folder, 'kept'), '')

  await run(
    `guardScratch([${JSON.stringify(also)}]); ${write}; writeFileSync(${JSON.stringify(also)}, '')
    console.log('made'); setInterval(() => {}, 1e6)`,
    'SIGKILL',
  )

  for (let tries = 0; tries < 200 && (existsSync(also) || readdirSync(folder).length > 1); tries++) await sleep(10)
  expect(readdirSync(folder)).toEqual(['kept'])
})

test('a guarded folder keeps no process alive', async () => {
  await run(`guardScratch(); ${write}`)

  expect(readdirSync(folder)).toEqual([])
})
