import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { rootPath } from '../support/cli.ts'

export const examples = join(rootPath, 'examples')

/** Whether a command of the machine works at all. */
export function works(command: string, args: readonly string[]): boolean {
  return spawnSync(command, [...args], { stdio: 'ignore', timeout: 20_000 }).status === 0
}

/** The name of tests that are left out, said aloud: a report of them alone is easily overlooked. */
export function skipped(why: string, tests: string): string {
  const name = `SKIPPED, ${why}: ${tests}`
  process.stderr.write(`${name}\n`)
  return name
}

export interface Ran {
  readonly code: number | null
  readonly output: string
}

/** Runs a command of an example in its folder, as a user would, with the blackstart of this checkout. */
export function runExample(command: string, args: readonly string[], folder: string): Promise<Ran> {
  const ambient = Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_OPTIONS|TEST$|FORCE_COLOR)/.test(name))
  const env = {
    ...Object.fromEntries(ambient),
    BLACKSTART: `${process.execPath} ${join(rootPath, 'bin/blackstart.js')}`,
    BLACKSTART_FROM: 'src',
    PYTHONDONTWRITEBYTECODE: '1',
    NO_COLOR: '1',
  }
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', text => {
        output += text
      })
    child.on('error', reject)
    child.on('close', code => resolve({ code, output }))
  })
}
