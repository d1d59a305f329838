import type { Clock } from '../clock/clock.ts'

interface Sleeper {
  /** Ms left at factor 1. */
  left: number
  sinceMs: number
  /** The latest time to wake, whatever the factor. */
  readonly untilMs: number
  cancel(): void
  wake(): void
}

/** How often users come, as a multiple of what the workload says; a change is felt at once, by those who wait too. */
export class Traffic {
  private readonly clock: Clock
  private readonly sleepers = new Set<Sleeper>()
  private factor = 1

  /** Everyone wakes for good when `signal` aborts. */
  constructor(clock: Clock, signal: AbortSignal) {
    this.clock = clock
    const wakeAll = () => {
      for (const sleeper of [...this.sleepers]) sleeper.wake()
    }
    signal.addEventListener('abort', wakeAll, { once: true })
  }

  /** Resolves when `ms` have passed, at factor 1; at factor 3 in a third of it. Never takes longer than `atMostMs`. */
  sleep(ms: number, atMostMs: number): Promise<void> {
    return new Promise(resolve => {
      const now = this.clock.now()
      const sleeper: Sleeper = {
        left: ms,
        sinceMs: now,
        untilMs: now + atMostMs,
        cancel: () => {},
        wake: () => {
          sleeper.cancel()
          this.sleepers.delete(sleeper)
          resolve()
        },
      }
      this.sleepers.add(sleeper)
      this.arm(sleeper)
    })
  }

  setFactor(factor: number): void {
    const now = this.clock.now()
    for (const sleeper of this.sleepers) {
      sleeper.cancel()
      sleeper.left -= (now - sleeper.sinceMs) * this.factor
      sleeper.sinceMs = now
    }
    this.factor = factor
    for (const sleeper of this.sleepers) this.arm(sleeper)
  }

  private arm(sleeper: Sleeper): void {
    // With no traffic at all nobody comes until there is some again.
    const ms = this.factor > 0 ? Math.max(0, sleeper.left / this.factor) : Number.POSITIVE_INFINITY
    sleeper.cancel = this.clock.after(Math.ceil(Math.min(ms, sleeper.untilMs - sleeper.sinceMs)), sleeper.wake)
  }
}
