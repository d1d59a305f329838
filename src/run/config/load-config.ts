import { existsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { shownPath } from '../../clients/find-client.ts'
import { UsageError } from '../../lib/errors.ts'
import type { Accepted } from '../../model/accepted.ts'
import type { Addresses } from '../../providers/addressed.ts'
import type { ConfigAnswers, ConfigData, Threshold } from '../../scenario/index.ts'
import type { Additions } from '../catalogue.ts'

/** A config as it holds: read, checked, its paths absolute. Without a file everything is empty. */
export interface LoadedConfig
  extends Omit<
    ConfigData,
    'users' | 'instances' | 'thresholds' | 'addresses' | 'scenarios' | 'tags' | 'reports' | 'accepted'
  > {
  /** Its file; absent when there is none. */
  readonly path?: string
  /** Parameters of oracles, by id; `off` for one that is not judged. */
  readonly thresholds: Readonly<Record<string, Threshold>>
  readonly addresses: Addresses
  readonly answers?: ConfigAnswers
  /** What `run` runs when it is given nothing; paths are absolute. */
  readonly scenarios: readonly string[]
  readonly tags: readonly string[]
  readonly reports: readonly string[]
  /** Its own faults and oracles, for {@link catalogueWith}. */
  readonly additions: Additions
  readonly accepted: readonly Accepted[]
}

/** The config that is no config. */
export const noConfig: LoadedConfig = {
  thresholds: {},
  addresses: {},
  scenarios: [],
  tags: [],
  reports: [],
  additions: {},
  accepted: [],
}

export const configNames: readonly string[] = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs', 'json', 'yaml', 'yml'].map(
  extension => `blackstart.config.${extension}`,
)

/**
 * Loads the config that holds in a folder: `flag` names a file, and `false` says that there is to be none; else it is
 * looked for from `cwd` upwards. Rejects with a `UsageError` that tells all that is wrong with it at once.
 */
export async function loadConfig(cwd: string, flag?: string | false): Promise<LoadedConfig> {
  const path = flag === false ? undefined : flag === undefined ? findConfig(cwd) : namedConfig(cwd, flag)
  if (path === undefined) return noConfig
  // Most folders have none: what reads one is imported late.
  const { openConfig } = await import('./read-config.ts')
  return openConfig(path, cwd)
}

/** The nearest config, from a folder upwards. */
export function findConfig(cwd: string): string | undefined {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const here = configNames.map(name => join(folder, name)).filter(path => existsSync(path))
    const [first, second] = here
    if (first !== undefined && second !== undefined)
      throw new UsageError(
        `There are two configs: ${shownPath(first, cwd)} and ${shownPath(second, cwd)}.`,
        'Keep one.',
      )
    if (first !== undefined) return first
    if (folder === dirname(folder)) return undefined
  }
}

function namedConfig(cwd: string, flag: string): string {
  const path = resolve(cwd, flag)
  if (!existsSync(path))
    throw new UsageError(`Failed to load config "${flag}": there is no such file.`, 'Check the path behind --config.')
  if (statSync(path).isDirectory())
    throw new UsageError(`Failed to load config "${flag}": it is a folder.`, 'Name the file in it.')
  return path
}
