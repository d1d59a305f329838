import { randomUUID } from 'node:crypto'
import { ambientClock, type Clock } from '../../clock/clock.ts'
import type { Environment } from './cache.ts'
import { type ServerChild, startChild } from './child.ts'
import { ToxiproxyControl } from './control.ts'
import type { Unavailable } from './find.ts'
import { findOrInstall } from './install.ts'
import { isOpen, quietPort } from './ports.ts'
import { isTrouble, ToxiproxyTrouble } from './trouble.ts'

export interface OpenOptions {
  /** Whether one may be built where there is none; it may not when absent. */
  readonly install?: boolean
  readonly env?: Environment
  readonly clock?: Clock
  /** Ends a build that goes on. */
  readonly signal?: AbortSignal
  /** Told, in a sentence, what takes long or had to be done again. */
  onNotice?(text: string): void
}

/** A Toxiproxy server that answers. Disposing of it ends one that is ours, and throws when that cannot be verified. */
export interface ToxiproxyServer extends AsyncDisposable {
  readonly type: 'server'
  /** Its API, `http://127.0.0.1:20000`. */
  readonly url: string
  /** `git` when it was built by Go. */
  readonly version: string
  /** Where it came from, in words. */
  readonly origin: string
  /** Of the process that we started; absent when somebody else did. */
  readonly pid?: number
  /** Resolves, in words, when a server of ours ends before we end it. Never for one that is not ours. */
  readonly died: Promise<string>
}

const startMs = 10_000
const pollMs = 20
const attempts = 3

/**
 * A server that runs already, or one that is started now on a free port of 127.0.0.1. `Unavailable` says why there is
 * none; a server that is there and does not work is a `ToxiproxyTrouble`.
 */
export async function openToxiproxy(options: OpenOptions = {}): Promise<ToxiproxyServer | Unavailable> {
  const { env = process.env, clock = ambientClock, install = false, signal, onNotice } = options
  const found = await findOrInstall(install, { env, clock, ...(signal && { signal }), ...(onNotice && { onNotice }) })
  switch (found.type) {
    case 'unavailable':
      return found
    case 'installable':
      return {
        type: 'unavailable',
        says: 'there is no Toxiproxy server on this machine',
        fix: 'Go is there to build one: blackstart doctor --install-toxiproxy',
      }
    case 'running':
      return join(found.url, clock)
    case 'program':
      // Processes are watched by a shell.
      return process.platform === 'win32'
        ? { type: 'unavailable', says: 'on Windows no server is started', fix: 'Start one, and set TOXIPROXY_URL' }
        : start(found.path, found.where, clock, onNotice)
  }
}

async function join(url: string, clock: Clock): Promise<ToxiproxyServer> {
  const version = await new ToxiproxyControl({ url, clock }).version()
  return {
    ...{ type: 'server', url, version, origin: `${url} (TOXIPROXY_URL)` },
    died: new Promise(() => {}),
    [Symbol.asyncDispose]: async () => {},
  }
}

async function start(
  path: string,
  where: 'path' | 'cache',
  clock: Clock,
  onNotice: ((text: string) => void) | undefined,
): Promise<ToxiproxyServer> {
  for (let attempt = 1; ; attempt++) {
    const port = await quietPort()
    const started = await startOn(port, path, clock)
    if ('url' in started)
      return { ...started, origin: `${path} (${where === 'path' ? 'PATH' : 'built by blackstart'})` }
    if (attempt === attempts)
      throw new ToxiproxyTrouble('unreachable', `Toxiproxy (${path}) does not come up: ${started.problem}.`)
    onNotice?.(`Toxiproxy did not come up on port ${port} (${started.problem}); trying another one.`)
  }
}

type Started = Omit<ToxiproxyServer, 'origin'> | { readonly problem: string }

async function startOn(port: number, path: string, clock: Clock): Promise<Started> {
  // A process without its port lives on, and another server may have it: only ours knows this name.
  const mark = `blackstart-${randomUUID()}`
  const proxies = JSON.stringify([{ name: mark, upstream: '127.0.0.1:1', enabled: false }])
  let child: ServerChild
  try {
    child = await startChild({ path, port, proxies, clock })
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
  let isEnding = false
  const died = new Promise<string>(resolve => {
    child.ended.then(ending => {
      if (!isEnding) resolve(ending)
    })
  })
  const url = `http://127.0.0.1:${port}`
  const control = new ToxiproxyControl({ url, clock })
  const version = await firstAnswer(control, mark, child, clock)
  if (typeof version !== 'string') {
    isEnding = true
    await child.end()
    return version
  }
  return {
    ...{ type: 'server', url, version, pid: child.pid, died },
    [Symbol.asyncDispose]: async () => {
      isEnding = true
      const isGone = await child.end()
      if (!isGone)
        throw new ToxiproxyTrouble(
          'difference',
          `Toxiproxy (process ${child.pid}) was told to end, and is still there.`,
        )
      if (await isOpen(port))
        throw new ToxiproxyTrouble('difference', `Toxiproxy has ended, and its port ${port} is still open.`)
    },
  }
}

/** Its version once the server that answers is the one that was started. */
async function firstAnswer(
  control: ToxiproxyControl,
  mark: string,
  child: ServerChild,
  clock: Clock,
): Promise<string | { readonly problem: string }> {
  let ending: string | undefined
  child.ended.then(text => {
    ending = text
  })
  for (let waited = 0; waited < startMs; waited += pollMs) {
    if (ending !== undefined) return { problem: `it ended with ${ending}` }
    try {
      const version = await control.version()
      if (!(await control.read(mark))) return { problem: 'another server has its port' }
      await control.remove(mark)
      return version
    } catch (error) {
      if (!isTrouble(error)) throw error
    }
    const refusal = child.log().find(line => line.includes('Server finished with error'))
    if (refusal !== undefined) return { problem: refusal }
    await clock.sleep(pollMs)
  }
  return { problem: `it did not answer ${control.url}/version within ${startMs / 1_000} s` }
}
