import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { bareEnv, commandsWith, soon } from './support.ts'

const module = pathToFileURL(fileURLToPath(new URL('../../../../src/drill/program/program.ts', import.meta.url))).href

/** A process as ours, which starts a stubborn program with children and grandchildren. */
const parent = (mark: string) => `
const { startProgram } = await import(${JSON.stringify(module)})
const program = "trap '' TERM HUP INT; sleep ${mark} & (sleep ${mark} & sleep ${mark}) & while :; do sleep ${mark}; done"
console.log('starting')
await startProgram({ argv: ['sh', '-c', program], cwd: '/', env: ${JSON.stringify(bareEnv)} })
console.log('started')
setInterval(() => {}, 1e6)
`

interface Moment {
  /** What it has said when it is killed, */
  readonly after: 'starting' | 'started'
  /** and so many ms later. */
  readonly ms: number
}

const moments: readonly Moment[] = [
  ...[0, 0.5, 1, 1.5, 2, 3, 4, 6, 10].map(ms => ({ after: 'starting', ms }) as const),
  ...[0, 5, 50].map(ms => ({ after: 'started', ms }) as const),
]

test('a process that is killed at any moment takes its program and all that this started with it', async () => {
  const lives: string[] = []
  for (const [i, { after, ms }] of moments.entries()) {
    const mark = `${9_000_000 + process.pid * 100 + i}`
    const child = spawn(process.execPath, ['--input-type=module', '-e', parent(mark)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    const ready = new Promise<void>((resolve, reject) => {
      child.once('exit', () => reject(new Error('it ended by itself')))
      child.stdout.setEncoding('utf8').on('data', text => {
        said += text
        if (said.includes(`${after}\n`)) resolve()
      })
    })
    await ready
    for (const sinceMs = performance.now(); performance.now() - sinceMs < ms; );
    // At the last moment all of it runs.
    const living = () => commandsWith(`sleep ${mark}`).filter(command => command.startsWith('sleep'))
    if (ms === 50) await soon(() => living().length > 3)
    if (ms === 50) lives.push(...living())
    child.kill('SIGKILL')

    expect([after, ms, await soon(() => commandsWith(mark).length === 0)]).toEqual([after, ms, true])
    // Nor does anything come up that was only being started.
    await sleep(60)
    expect([after, ms, commandsWith(mark)]).toEqual([after, ms, []])
  }
  // Or there was nothing to take along.
  expect(lives.length).toBeGreaterThan(3)
})
