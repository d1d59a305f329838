import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const clockUrl = new URL('../../../src/clock/virtual.ts', import.meta.url).href
const root = fileURLToPath(new URL('../../../', import.meta.url))

// Vitest's imports go through its main process: a process without it tells how Node's own do.
for (const [name, args] of [
  ['Node', []],
  ['tsx', ['--import', 'tsx']],
] as const)
  test(`time stands still for a dynamic import under ${name}`, async () => {
    const dir = await mkdtemp(join(tmpdir(), 'import-'))
    try {
      await writeFile(
        join(dir, 'late.mts'),
        `import 'node:sqlite'\nconst { answer } = await import('./later.mts')\nexport default answer as number`,
      )
      await writeFile(
        join(dir, 'later.mts'),
        `import { readFile } from 'node:fs/promises'\nawait readFile(import.meta.filename)\nexport const answer: number = 42`,
      )
      await writeFile(
        join(dir, 'main.mts'),
        `import { VirtualClock } from ${JSON.stringify(clockUrl)}
        const clock = new VirtualClock({ startMs: 0 })
        const end = await clock.drive((async () => {
          let timedOut = false
          const timer = setTimeout(() => { timedOut = true }, 60_000)
          const { default: answer } = await import(${JSON.stringify(pathToFileURL(join(dir, 'late.mts')).href)})
          clearTimeout(timer)
          console.log(JSON.stringify([answer, timedOut, Date.now()]))
        })())
        clock[Symbol.dispose]()
        console.log(end)`,
      )
      const { stdout } = await run(process.execPath, [...args, join(dir, 'main.mts')], { cwd: root })

      expect(stdout).toBe('[42,false,0]\ndone\n')
    } finally {
      await rm(dir, { recursive: true })
    }
  })
