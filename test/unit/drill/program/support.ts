import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Program, type ProgramOptions, startProgram } from '../../../../src/drill/program/program.ts'

/** An environment with nothing in it but where programs are. */
export const bareEnv = { PATH: process.env['PATH'] ?? '' }

export function start(argv: readonly string[], options: Partial<ProgramOptions> = {}): Promise<Program> {
  return startProgram({ argv, cwd: process.cwd(), env: bareEnv, ...options })
}

/** A program of Node's, as its text. */
export const node = (code: string): readonly string[] => [process.execPath, '-e', code]

/** The commands of all living processes that have `mark` in theirs. */
export function commandsWith(mark: string): readonly string[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ')
        return command.includes(mark) ? [command] : []
      } catch {
        return []
      }
    })
}

/** Waits until `holds`, at most so long; whether it came to hold. */
export async function soon(holds: () => boolean, withinMs = 5_000): Promise<boolean> {
  for (const startedMs = performance.now(); performance.now() - startedMs < withinMs; await sleep(5))
    if (holds()) return true
  return holds()
}
