import { versionOf } from '../../clients/manifest.ts'
import { UsageError } from '../../lib/errors.ts'
import { isAtLeast } from '../doctor/packages.ts'
import { packageRoot } from '../registry.ts'

/** Packages that one flag alone needs, with the least version of each that will do. */
export interface Peers {
  readonly flag: string
  readonly least: Readonly<Record<string, string>>
}

/** Loads them late: who does not ask for it need not have them. Rejects with a `UsageError` where one is missing, or too old. */
export async function loadPeers<T>({ flag, least }: Peers, load: () => Promise<T>): Promise<T> {
  const names = Object.keys(least)
  const old = names.find(name => {
    const version = versionOf(name, packageRoot)
    return version !== undefined && !isAtLeast(version, least[name] ?? '0')
  })
  if (old !== undefined)
    throw new UsageError(
      `--${flag} needs ${old} ${least[old]} or later, and ${versionOf(old, packageRoot)} is installed.`,
      `Run npm install --save-dev ${names.map(name => `${name}@latest`).join(' ')}`,
    )
  try {
    return await load()
  } catch (error) {
    const missing = names.find(
      name => error instanceof Error && isMissing(error) && error.message.includes(`'${name}'`),
    )
    if (missing === undefined) throw error
    throw new UsageError(
      `--${flag} needs ${missing}, which is not installed: blackstart does not bring it.`,
      `Run npm install --save-dev ${names.join(' ')}`,
    )
  }
}

function isMissing(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
}
