import { execFileSync, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { toRest } from '../../../src/clock/real-work.ts'

test.skipIf(process.platform === 'win32')(
  'a file that the work left open is waited for on a slow disk too',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'to-rest-'))
    const path = join(folder, 'slow')
    execFileSync('mkfifo', [path])
    let read = ''

    // A pipe is as slow as its other end.
    const ended = delay(700).then(() => writeFile(path, 'all of it'))
    const result = await toRest(async () => {
      void readFile(path, 'utf8').then(text => {
        read = text
      })
      return 'done'
    })

    expect(result).toBe('done')
    expect(read).toBe('all of it')
    await ended
    await rm(folder, { recursive: true })
  },
)

test('a child process that stays on is not waited for', async () => {
  const child = await toRest(async () => spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']))

  expect(child.exitCode).toBeNull()
  child.kill('SIGKILL')
})
