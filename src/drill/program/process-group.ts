import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { nativeNow, nativeSetTimeout } from '../../clock/native.ts'

/** Sends a signal to every process of a group; `false` when there is none left. Signal 0 only asks. */
export function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, signal)
    return true
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    // Somebody else's, or (on macOS) dead and not yet buried: only a look at the process table tells.
    if (code === 'EPERM') return true
    if (code === 'ESRCH') return false
    throw error
  }
}

/** Real ms until a group that does not answer a signal any more is looked for in the process table. */
const askedAloneMs = 100
const pollMs = 10

/** Kills a group and waits until it is gone; the processes that are still there after `patienceMs` of real time. */
export async function endGroup(group: number, patienceMs: number): Promise<readonly number[]> {
  const startedMs = nativeNow()
  for (;;) {
    // Again and again: one of it may have been between two processes.
    if (!signalGroup(group, 'SIGKILL')) return []
    const waitedMs = nativeNow() - startedMs
    if (waitedMs > askedAloneMs) {
      const left = await membersOf(group)
      if (left.length === 0 || waitedMs > patienceMs) return left
    }
    await new Promise<void>(resolve => nativeSetTimeout(resolve, pollMs))
  }
}

/**
 * The living processes of a group. A dead one stays in the table until its parent asks for it, for good where nobody
 * does (a container whose first process is an ordinary program): it holds nothing and counts as gone.
 */
export async function membersOf(group: number): Promise<readonly number[]> {
  const table = process.platform === 'linux' ? fromProc() : await fromPs()
  return table.filter(one => one.group === group && !/^[ZX]/.test(one.state)).map(({ pid }) => pid)
}

interface Listed {
  readonly pid: number
  readonly group: number
  readonly state: string
}

/** Slim images have no `ps`. */
function fromProc(): readonly Listed[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => {
      try {
        // The name of the program comes second, in brackets, and may hold anything.
        const [, state = '', group] = /.*\) (\S) \d+ (\d+)/s.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? []
        return [{ pid: Number(name), group: Number(group), state }]
      } catch {
        return []
      }
    })
}

async function fromPs(): Promise<readonly Listed[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,pgid=,stat='])
  return stdout.split('\n').flatMap(line => {
    const [pid, group, state] = line.trim().split(/\s+/)
    return state === undefined ? [] : [{ pid: Number(pid), group: Number(group), state }]
  })
}
