import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

let folder: string | undefined

/** A private folder for what this process keeps on disk while it runs; gone when it exits. Made when it is first asked for. */
export function scratchFolder(): string {
  folder ??= mkdtempSync(join(tmpdir(), 'blackstart-'))
  process.off('exit', removeScratch)
  process.once('exit', removeScratch)
  return folder
}

function removeScratch(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
}

/**
 * Sees to it that the scratch folder and the files `also` are gone even when this process is killed: a shell waits for the
 * end of a stream whose other end this process alone holds, and then removes them. To be called before anything of it is
 * there. Does nothing on Windows.
 */
export function guardScratch(also: readonly string[] = []): void {
  if (process.platform === 'win32' || folder !== undefined) return
  // Named before it is made: there is no moment at which it is there and nobody would remove it.
  const path = join(tmpdir(), `blackstart-${randomBytes(8).toString('hex')}`)
  const child = spawn('/bin/sh', ['-c', 'read -r line; command -p rm -rf -- "$@"', 'sh', path, ...also], {
    cwd: '/',
    // A terminal's signals are for us alone.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  // Without it we are no worse off than before.
  child.on('error', () => {})
  child.unref()
  if (child.stdin instanceof Socket) child.stdin.unref().on('error', () => {})
  mkdirSync(path, { mode: 0o700 })
  folder = path
  scratchFolder()
}
