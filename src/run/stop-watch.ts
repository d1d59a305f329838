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

/** A condition, and how near it is. */
export interface StopShare {
  readonly condition: StopCondition
  /** The share of tasks that count for it, in [0, 1]; absent while too few have settled to tell. */
  readonly now?: number
}

/** Watches the outcomes of the last while, and tells when one of them is too frequent. */
export class StopWatch {
  private readonly windows: readonly Window[]

  constructor(conditions: readonly StopCondition[]) {
    this.windows = conditions.map(condition => new Window(condition))
  }

  /** A task settled at `t`. Returns the condition that is met now, in words. */
  settled(outcome: Outcome, t: number): string | undefined {
    // Before the outage the steady state is the judge.
    if (t < 0) return undefined
    for (const window of this.windows) {
      window.add(outcome, t)
      const { condition, hits, of } = window
      if (of >= fewest && hits / of > condition.above) return say(condition, hits, of)
    }
    return undefined
  }

  /** How near each condition is at `t`. */
  shares(t: number): readonly StopShare[] {
    return this.windows.map(window => {
      window.forget(t)
      const { condition, hits, of } = window
      return { condition, ...(of >= fewest && { now: hits / of }) }
    })
  }
}

/** What settled in the last while. */
class Window {
  readonly condition: StopCondition
  /** Tasks in it that count for the condition. */
  hits = 0
  private settled: { readonly t: number; readonly counts: boolean }[] = []
  /** Those before are forgotten. */
  private first = 0

  constructor(condition: StopCondition) {
    this.condition = condition
  }

  /** Tasks in it. */
  get of(): number {
    return this.settled.length - this.first
  }

  add(outcome: Outcome, t: number): void {
    const counts = counted[this.condition.outcome].includes(outcome)
    this.settled.push({ t, counts })
    if (counts) this.hits++
    this.forget(t)
  }

  forget(t: number): void {
    const { settled, condition } = this
    for (let one = settled[this.first]; one && one.t < t - condition.over; one = settled[this.first]) {
      if (one.counts) this.hits--
      this.first++
    }
    // Shifted one by one, a window of thousands would be copied for each of them.
    if (this.first * 2 <= settled.length) return
    this.settled = settled.slice(this.first)
    this.first = 0
  }
}

function say({ outcome, above, over }: StopCondition, hits: number, of: number): string {
  const percent = (share: number) => `${Number((share * 100).toFixed(1))}%`
  return `${hits} of ${of} tasks (${percent(hits / of)}) ${outcome} within ${formatDuration(over)}; the run stops above ${percent(above)}.`
}
