import { formatDuration } from '../../lib/duration.ts'
import type { StopCondition } from '../../model/scenario.ts'
import { percent } from './percent.ts'

/** Fewer requests in the window than this say nothing. */
const fewest = 5

interface Window {
  readonly condition: StopCondition
  readonly ended: { readonly t: number; readonly failed: boolean }[]
}

/**
 * Watches how the upstream itself does, whatever faults are put on its answers, and tells when it fails too often. What
 * becomes of tasks (`degraded`, `queued`) cannot be told from requests: conditions on that are left to who sees tasks.
 */
export class TroubleWatch {
  private readonly windows: readonly Window[]

  constructor(conditions: readonly StopCondition[]) {
    const watched = conditions.filter(({ outcome }) => outcome === 'failed')
    this.windows = watched.map(condition => ({ condition, ended: [] }))
  }

  /** A forwarded request ended at `t`, ms. Returns the condition that is met now, in words. */
  ended(failed: boolean, t: number): string | undefined {
    for (const { condition, ended } of this.windows) {
      ended.push({ t, failed })
      while ((ended[0]?.t ?? t) < t - condition.over) ended.shift()
      const failures = ended.filter(one => one.failed).length
      if (ended.length >= fewest && failures / ended.length > condition.above)
        return say(condition, failures, ended.length)
    }
    return undefined
  }
}

function say({ above, over }: StopCondition, failures: number, of: number): string {
  return (
    `The upstream itself fails: ${failures} of ${of} forwarded requests (${percent(failures / of)}) within ` +
    `${formatDuration(over)}, without a fault of ours; the run stops above ${percent(above)}.`
  )
}
