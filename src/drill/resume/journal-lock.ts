import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { UsageError } from '../../lib/errors.ts'

/** Where a process says that it is at a journal. */
export function lockOf(journal: string): string {
  return `${journal}.lock`
}

/** Throws a `UsageError` when a living process writes the journal. */
export function refuseInUse(journal: string): void {
  const pid = holderOf(journal)
  if (pid === undefined) return
  throw new UsageError(
    `${journal} is being written by process ${pid}.`,
    `Wait until that has ended. If it is no blackstart (a machine that was switched off gives numbers anew), remove ${lockOf(journal)}.`,
  )
}

/** Says that this process is at the journal, until it is disposed of. */
export class JournalLock implements Disposable {
  private readonly path: string | undefined

  /** `journal`: absent for memory alone. Throws a `UsageError` when another process has it. */
  constructor(journal: string | undefined) {
    if (journal === undefined) return
    const path = lockOf(journal)
    if (!madeFile(path)) {
      refuseInUse(journal)
      // Of a process that is gone.
      rmSync(path, { force: true })
      // Where that fails as well, whoever opens the journal says why it cannot be written.
      if (!madeFile(path)) return
    }
    this.path = path
  }

  [Symbol.dispose](): void {
    if (this.path !== undefined) rmSync(this.path, { force: true })
  }
}

/** Makes the file, unless anything is there: neither another's word nor what a link leads to is written over. */
function madeFile(path: string): boolean {
  try {
    writeFileSync(path, `${process.pid}\n`, { mode: 0o600, flag: 'wx' })
    return true
  } catch {
    return false
  }
}

function holderOf(journal: string): number | undefined {
  const pid = pidIn(lockOf(journal))
  return pid !== undefined && pid !== process.pid && isAlive(pid) ? pid : undefined
}

function pidIn(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, 'utf8'))
    return Number.isInteger(pid) && pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's is alive, too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
