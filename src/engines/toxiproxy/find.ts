import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { isLoopback } from '../loopback.ts'
import { cachedName, cacheFolder, type Environment } from './cache.ts'

/** Where a Toxiproxy server is to be had. */
export type Found =
  /** One runs already, and belongs to somebody else. */
  | { readonly type: 'running'; readonly url: string }
  | { readonly type: 'program'; readonly path: string; readonly where: 'path' | 'cache' }
  /** None, but `go` could build one. */
  | { readonly type: 'installable'; readonly go: string }
  | Unavailable

/** No server, why not, and what to do about it; neither ends in a full stop. */
export interface Unavailable {
  readonly type: 'unavailable'
  readonly says: string
  readonly fix: string
}

/** Looks for a server: `TOXIPROXY_URL`, then PATH, then the cache; else whether Go is there to build one. Starts nothing. */
export function findToxiproxy(env: Environment = process.env): Found {
  const url = env['TOXIPROXY_URL']
  if (url !== undefined && url !== '') return runningAt(url)
  const onPath = programOnPath('toxiproxy-server', env) ?? programOnPath('toxiproxy', env)
  if (onPath !== undefined) return { type: 'program', path: onPath, where: 'path' }
  const cached = join(cacheFolder(env), cachedName)
  if (isExecutable(cached)) return { type: 'program', path: cached, where: 'cache' }
  const go = programOnPath('go', env)
  if (go !== undefined) return { type: 'installable', go }
  return {
    type: 'unavailable',
    says: 'there is no Toxiproxy server on this machine, and no Go to build one',
    fix: 'Put toxiproxy-server in PATH, or set TOXIPROXY_URL, or install Go and run: blackstart doctor --install-toxiproxy',
  }
}

/** A server elsewhere would open its ports elsewhere, and whoever reaches its API can make it connect to anything. */
function runningAt(text: string): Found {
  const url = URL.parse(text)
  if (url?.protocol !== 'http:' || url.pathname !== '/')
    return {
      type: 'unavailable',
      says: `TOXIPROXY_URL=${text} is not the address of a Toxiproxy server`,
      fix: 'Spell it TOXIPROXY_URL=http://127.0.0.1:8474',
    }
  if (!isLoopback(url.hostname))
    return {
      type: 'unavailable',
      says: `TOXIPROXY_URL=${text} is not on this machine, and only a server on loopback is driven`,
      fix: 'Run one here, bound to 127.0.0.1, or unset TOXIPROXY_URL',
    }
  // The client puts paths behind it as they are.
  return { type: 'running', url: url.origin }
}

/** The first file of that name in PATH that can be run. */
export function programOnPath(name: string, env: Environment): string | undefined {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : ['']
  return (env['PATH'] ?? '')
    .split(delimiter)
    .filter(Boolean)
    .flatMap(folder => endings.map(ending => join(folder, name + ending)))
    .find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
