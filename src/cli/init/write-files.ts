import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UsageError } from '../../lib/errors.ts'
import type { NewFile } from './words.ts'

export interface Written {
  readonly path: string
  readonly how: 'wrote' | 'overwrote' | 'kept'
}

/** Writes what is not there yet; what is there stays, unless `force`. */
export function writeFiles(
  folder: string,
  files: readonly NewFile[],
  { force }: { readonly force: boolean },
): readonly Written[] {
  return files.map(({ path, text }) => {
    const target = join(folder, path)
    const isThere = existsSync(target)
    if (isThere && !force) return { path, how: 'kept' }
    try {
      mkdirSync(dirname(target), { recursive: true })
      writeFileSync(target, text, { flag: force ? 'w' : 'wx' })
    } catch (error) {
      throw new UsageError(`${path} cannot be written: ${error instanceof Error ? error.message : String(error)}.`)
    }
    return { path, how: isThere ? 'overwrote' : 'wrote' }
  })
}
