import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

export type Environment = Readonly<Record<string, string | undefined>>

/** What is installed, and under which name it is kept: another version is another file. */
export const toxiproxyVersion = '2.12.0'
export const cachedName = `toxiproxy-server-${toxiproxyVersion}`

const root = join(import.meta.dirname, '../../..')

/** Where a server that blackstart installed is kept: with the sources in a checkout, else with the person's caches. */
export function cacheFolder(env: Environment): string {
  if (env['BLACKSTART_CACHE']) return env['BLACKSTART_CACHE']
  if (existsSync(join(root, 'src', 'engines'))) return join(root, '.cache', 'toxiproxy')
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'blackstart')
}
