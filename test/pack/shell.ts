import { spawn } from 'node:child_process'
import { delimiter } from 'node:path'

export interface Done {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs a command as a stranger's shell would: without the variables and the PATH that npm and vitest gave this process,
 * so that nothing of the checkout is found by chance. `first` is a folder that is looked into before those of the PATH.
 */
export function run(command: string, args: readonly string[], cwd: string, first?: string): Promise<Done> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: strangersEnv(process.env, first),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [stdout, stderr]: [string[], string[]] = [[], []]
    child.stdout.setEncoding('utf8').on('data', chunk => stdout.push(chunk))
    child.stderr.setEncoding('utf8').on('data', chunk => stderr.push(chunk))
    child.on('error', reject)
    child.on('close', code => resolve({ code, stdout: stdout.join(''), stderr: stderr.join('') }))
  })
}

/** Like `run`, and fails with what was printed unless the command succeeds. */
export async function mustRun(command: string, args: readonly string[], cwd: string, first?: string): Promise<Done> {
  const done = await run(command, args, cwd, first)
  if (done.code === 0) return done
  throw new Error(`${command} ${args.join(' ')} exited ${done.code}\n${done.stdout}\n${done.stderr}`)
}

function strangersEnv(env: NodeJS.ProcessEnv, first?: string): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) =>
      /^npm_config_(?:registry|cache|userconfig)$/i.test(name) ||
      !/^(?:npm_|vitest|blackstart_|node_|vite_|test$|init_cwd$|force_color$|dev$|prod$|mode$)/i.test(name),
  )
  const path = (env['PATH'] ?? '').split(delimiter).filter(folder => !folder.includes('node_modules'))
  return { ...Object.fromEntries(kept), PATH: [...(first === undefined ? [] : [first]), ...path].join(delimiter) }
}
