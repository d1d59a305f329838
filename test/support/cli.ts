import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = new URL('../../', import.meta.url)
export const rootPath = fileURLToPath(root)
const bin = fileURLToPath(new URL('bin/blackstart.js', root))

export interface CliResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface CliOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Given the process id once `when` has shown up on stderr. */
  readonly interrupt?: { readonly when: string; readonly signal: NodeJS.Signals }
}

/** Runs the command line tool from its sources, as a user would start it. */
export function cli(
  args: readonly string[],
  { cwd = rootPath, env = {}, interrupt }: CliOptions = {},
): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...args], {
      cwd,
      env: { ...ambient(), BLACKSTART_FROM: 'src', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    let isInterrupted = false
    child.stdout.setEncoding('utf8').on('data', text => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', text => {
      stderr += text
      if (!interrupt || isInterrupted || !stderr.includes(interrupt.when)) return
      isInterrupted = true
      child.kill(interrupt.signal)
    })
    child.on('error', reject)
    child.on('close', code => resolve({ code, stdout, stderr }))
  })
}

/** The environment without what a test runner puts into it. */
function ambient(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_OPTIONS|FORCE_COLOR|BLACKSTART_)/.test(name)),
  )
}
