import { formatDuration } from '../lib/duration.ts'
import type { Stage } from './stage.ts'

/** What `work` resolves to, if it does so within `patienceMs` of virtual time. */
export async function inTime<T>(stage: Stage, work: Promise<T>, patienceMs: number, what: string): Promise<T> {
  const inTime = new AbortController()
  const tooLate = stage.clock.sleep(patienceMs, inTime.signal).then(() => {
    if (!inTime.signal.aborted)
      throw new Error(`${what} did not come back within ${formatDuration(patienceMs)} of the run`)
    return work
  })
  try {
    return await Promise.race([work, tooLate])
  } finally {
    inTime.abort()
    // The loser of the race must not become an unhandled rejection.
    tooLate.catch(() => {})
  }
}
