import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ambientClock, type Clock } from '../../clock/clock.ts'
import { cachedName, cacheFolder, type Environment, toxiproxyVersion } from './cache.ts'
import { isAlive } from './child.ts'
import { type Found, findToxiproxy, programOnPath, type Unavailable } from './find.ts'

export interface InstallOptions {
  readonly env?: Environment
  readonly clock?: Clock
  /** Ends the build, which then counts as one that failed. */
  readonly signal?: AbortSignal
  onNotice?(text: string): void
}

const source = `github.com/Shopify/toxiproxy/v2/cmd/server@v${toxiproxyVersion}`
const waitMs = 100

/**
 * Builds a server with `go install` into the cache, where `findToxiproxy` finds it from then on. Of several at once, in
 * whatever process, one builds and the others wait for it.
 */
export async function installToxiproxy(
  options: InstallOptions = {},
): Promise<Found & { type: 'program' | 'unavailable' }> {
  const { env = process.env, clock = ambientClock, signal, onNotice } = options
  const go = programOnPath('go', env)
  if (go === undefined)
    return unavailable('Toxiproxy cannot be built: no Go is in PATH', 'Install Go, or put toxiproxy-server in PATH')
  const folder = cacheFolder(env)
  const path = join(folder, cachedName)
  mkdirSync(folder, { recursive: true })
  const turn = join(folder, 'building')
  while (!takesTurn(turn)) {
    await clock.sleep(waitMs, signal)
    if (signal?.aborted) return unavailable('Toxiproxy was not built: the wait for it was cut short', 'Try again')
    if (existsSync(path)) return { type: 'program', path, where: 'cache' }
  }
  try {
    onNotice?.(`Building Toxiproxy ${toxiproxyVersion} with ${go}; this is done once and may take a minute or two.`)
    return await build({ go, folder, path, env, signal })
  } finally {
    rmSync(turn, { force: true })
  }
}

interface Build {
  readonly go: string
  readonly folder: string
  readonly path: string
  readonly env: Environment
  readonly signal: AbortSignal | undefined
}

async function build({ go, folder, path, env, signal }: Build): Promise<Found & { type: 'program' | 'unavailable' }> {
  const made = mkdtempSync(join(folder, 'build-'))
  try {
    const problem = await run(go, ['install', source], { ...env, GOBIN: made }, signal)
    if (problem !== undefined)
      return unavailable(
        `go install ${source} failed: ${problem}`,
        'See that Go can reach its module proxy, and try again',
      )
    // `go install` names a program after its folder; under its own name it is there whole or not at all.
    renameSync(join(made, process.platform === 'win32' ? 'server.exe' : 'server'), path)
    return { type: 'program', path, where: 'cache' }
  } finally {
    rmSync(made, { recursive: true, force: true })
  }
}

/** Whether we are the one who builds. A turn whose owner died is free again. */
function takesTurn(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch {
    const owner = Number(readIfThere(file))
    if (owner > 0 && !isAlive(owner)) rmSync(file, { force: true })
    return false
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** A server that is there, or one that is built now if it may be. */
export async function findOrInstall(install: boolean, options: InstallOptions = {}): Promise<Found> {
  const found = findToxiproxy(options.env)
  return found.type === 'installable' && install ? installToxiproxy(options) : found
}

function unavailable(says: string, fix: string): Unavailable {
  return { type: 'unavailable', says, fix }
}

/** `undefined`, or the last of what it said. */
function run(
  program: string,
  words: readonly string[],
  env: Environment,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  return new Promise(resolve => {
    const child = spawn(program, words, {
      env: { ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(signal && { signal }),
      windowsHide: true,
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', text => {
      said = (said + text).slice(-2_000)
    })
    child.once('error', error => resolve(error.message))
    child.once('close', (code, killedBy) => {
      if (code === 0) resolve(undefined)
      else resolve(said.trim().split('\n').slice(-3).join(' ') || `it ended with ${killedBy ?? `code ${code}`}`)
    })
  })
}
