import type { Outcome } from '../journal/event.ts'
import { formatDuration } from '../lib/duration.ts'
import type { StopCondition } from '../model/scenario.ts'

/** Fewer tasks in the window than this say nothing. */
const fewest = 5

/** What counts as the outcome that a condition names: an answer that is none has failed too, whoever noticed. */
const counted: Readonly<Record<StopCondition['outcome'], readonly Outcome[]>> = {
  failed: ['failed', 'truncated', 'not-an-answer'],
  degraded: ['degraded'],
  queued: ['queued'],
}

interface Window {
  readonly condition: StopCondition
  readonly settled: { readonly t: number; readonly counts: boolean }[]
}

/** Watches the outcomes of the last while, and tells when one of them is too frequent. */
export class StopWatch {
  private readonly windows: readonly Window[]

  constructor(conditions: readonly StopCondition[]) {
    this.windows = conditions.map(condition => ({ condition, settled: [] }))
  }

  /** A task settled at `t`. Returns the condition that is met now, in words. */
  settled(outcome: Outcome, t: number): string | undefined {
    // Before the outage the steady state is the judge.
    if (t < 0) return undefined
    for (const { condition, settled } of this.windows) {
      settled.push({ t, counts: counted[condition.outcome].includes(outcome) })
      while ((settled[0]?.t ?? t) < t - condition.over) settled.shift()
      const hits = settled.filter(task => task.counts).length
      if (settled.length >= fewest && hits / settled.length > condition.above)
        return say(condition, hits, settled.length)
    }
    return undefined
  }
}

function say({ outcome, above, over }: StopCondition, hits: number, of: number): string {
  const percent = (share: number) => `${Number((share * 100).toFixed(1))}%`
  return `${hits} of ${of} tasks (${percent(hits / of)}) ${outcome} within ${formatDuration(over)}; the run stops above ${percent(above)}.`
}
