import { readFileSync } from 'node:fs'

/**
 * How long the main thread of a process has waited for a processor since it began, ms: on a busy machine that is no
 * silence of its own. Linux tells it (`/proc/PID/schedstat`, second number, ns); elsewhere 0.
 */
export function waitedForCpuMs(pid: number | undefined): number {
  if (pid === undefined || process.platform !== 'linux') return 0
  try {
    const [, waitedNs] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')
    return Number(waitedNs) / 1e6 || 0
  } catch {
    return 0
  }
}
