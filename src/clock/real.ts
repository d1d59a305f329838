import { type RunClock, sleepOn } from './clock.ts'
import { longestDelayMs } from './fakes.ts'
import {
  nativeClearImmediate,
  nativeClearTimeout,
  nativeEpochMs,
  nativeNow,
  nativeSetImmediate,
  nativeSetTimeout,
} from './native.ts'

/** No timer of Node's is shorter than 1 ms: what is due sooner than this is looked for at every turn of the event loop. */
const shortestMs = 0.1

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
    let timer: NodeJS.Timeout | undefined
    let immediate: NodeJS.Immediate | undefined
    const cancel = () => {
      nativeClearTimeout(timer)
      nativeClearImmediate(immediate)
      this.timers.delete(cancel)
    }
    const wait = () => {
      const leftMs = dueMs - nativeNow()
      if (leftMs < shortestMs) immediate = nativeSetImmediate(look)
      // What is longer than a timer can be is slept in parts.
      else timer = nativeSetTimeout(look, Math.min(Math.ceil(leftMs), longestDelayMs))
    }
    const look = () => {
      if (nativeNow() < dueMs) return wait()
      this.timers.delete(cancel)
      callback()
    }
    wait()
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
