import { existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { UsageError } from '../../lib/errors.ts'

export interface FileToWrite {
  readonly file: string
  readonly text: string
}

/**
 * Writes files that belong together: each whole beside its place first, then all are moved there, so that nobody ever
 * reads half of one. Throws a `UsageError` for what cannot be written, and then leaves all as they were.
 */
export function writeTogether(files: readonly FileToWrite[]): void {
  const staged: { from: string; to: string }[] = []
  try {
    for (const { file, text } of files) {
      // A device or a pipe is written as it is.
      if (existsSync(file) && !statSync(file).isFile()) attempt(file, () => writeFileSync(file, text))
      else {
        const from = join(dirname(file), `.${basename(file)}.${process.pid}.partial`)
        staged.push({ from, to: file })
        attempt(file, () => writeFileSync(from, text))
      }
    }
    for (const { from, to } of staged) attempt(to, () => renameSync(from, to))
  } finally {
    for (const { from } of staged) rmSync(from, { force: true })
  }
}

function attempt(file: string, write: () => void): void {
  try {
    write()
  } catch (error) {
    throw new UsageError(`Failed to write ${file}: ${error instanceof Error ? error.message : String(error)}.`)
  }
}
