import { type RunClock, sleepOn } from './clock.ts'
import { longestDelayMs } from './fakes.ts'
import { nativeClearTimeout, nativeEpochMs, nativeNow, nativeSetTimeout } from './native.ts'

/** Real time, in which a scenario goes `speed` times as fast: what it calls a minute takes `60 / speed` seconds. */
export class RealClock implements RunClock {
  readonly speed: number
  readonly sawRealWork = true
  private readonly startedMs = nativeNow()
  private readonly startEpochMs = nativeEpochMs()
  private readonly timers = new Set<() => void>()
  private isOver = false

  constructor(speed = 1) {
    this.speed = speed
  }

  /** Ms of the scenario since the epoch: real time when nothing is speeded. Never falls, whoever sets the machine's clock. */
  now(): number {
    return this.startEpochMs + (nativeNow() - this.startedMs) * this.speed
  }

  /** The real time of day, ms since the epoch, as everybody else's clock has it. */
  wall(): number {
    return nativeEpochMs()
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal)
  }

  /** `ms` are those of the scenario. A timer never fires early, however the division rounds. */
  after(ms: number, callback: () => void): () => void {
    if (this.isOver) return () => {}
    const dueMs = nativeNow() + Math.max(0, ms) / this.speed
    let timer: NodeJS.Timeout
    const cancel = () => {
      nativeClearTimeout(timer)
      this.timers.delete(cancel)
    }
    // What is longer than a timer can be is slept in parts.
    const wait = () => {
      const leftMs = dueMs - nativeNow()
      if (leftMs > 0) timer = nativeSetTimeout(wait, Math.min(Math.ceil(leftMs), longestDelayMs))
      else {
        this.timers.delete(cancel)
        callback()
      }
    }
    timer = nativeSetTimeout(wait, Math.min(Math.ceil(Math.max(0, ms) / this.speed), longestDelayMs))
    this.timers.add(cancel)
    return cancel
  }

  progress(): void {}

  /** Nobody sets the clock of the machine. */
  stepWall(): void {}

  /** No timer of it fires any more, and none that is set later does. */
  [Symbol.dispose](): void {
    this.isOver = true
    for (const cancel of [...this.timers]) cancel()
  }
}
