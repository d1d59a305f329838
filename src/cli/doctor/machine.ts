import { accessSync, constants, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import { packageRoot } from '../registry.ts'
import { type Check, fail, ok, warn } from './check.ts'
import { isAtLeast } from './packages.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** What the machine is and has. */
export async function machineChecks(cwd: string, env: Environment): Promise<readonly Check[]> {
  return [nodeCheck(), coresCheck(), writeCheck(cwd), terminalCheck(env), await loopbackCheck()]
}

function nodeCheck(): Check {
  const { engines = {} }: { engines?: { node?: string } } = JSON.parse(
    readFileSync(join(packageRoot, 'package.json'), 'utf8'),
  )
  const least = engines.node?.replace(/^\D+/, '') ?? '0'
  const here = process.versions.node
  return isAtLeast(here, least)
    ? ok('node', `Node ${here}`)
    : fail(
        'node',
        `Node ${here}, but ${least} or later is needed`,
        'Install a current Node, and see that it comes first in PATH.',
      )
}

function coresCheck(): Check {
  const cores = availableParallelism()
  const gigabytes = (totalmem() / 2 ** 30).toFixed(1)
  return ok(
    'cores',
    `${cores} core${cores === 1 ? '' : 's'}, ${gigabytes} GB of memory: as many runs side by side (--jobs)`,
  )
}

function writeCheck(cwd: string): Check {
  try {
    accessSync(cwd, constants.W_OK)
    return ok('write', 'this folder can be written')
  } catch {
    return warn('write', 'this folder cannot be written', 'Give --out and --report files a folder that can.')
  }
}

function terminalCheck(env: Environment): Check {
  const ci = ['GITHUB_ACTIONS', 'GITLAB_CI', 'CI'].find(name => env[name] !== undefined && env[name] !== 'false')
  if (ci !== undefined)
    return ok(
      'terminal',
      `in CI (${ci}): no progress line, no questions${ci === 'GITHUB_ACTIONS' ? '; --report github annotates' : ''}`,
    )
  return ok(
    'terminal',
    process.stdout.isTTY ? 'at a terminal' : 'no terminal: no colour, no progress line, no questions',
  )
}

function loopbackCheck(): Promise<Check> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', error =>
      resolve(
        fail(
          'loopback',
          `no port of 127.0.0.1 can be opened (${error.message})`,
          'Allow it in the sandbox: a run watches its process over one.',
        ),
      ),
    )
    server.listen(0, '127.0.0.1', () => server.close(() => resolve(ok('loopback', 'ports of 127.0.0.1 can be opened'))))
  })
}
