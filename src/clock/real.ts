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
  private readonly timers = new Set<Timer>()
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
    const timer = new Timer(nativeNow() + Math.max(0, ms) / this.speed, callback, this.timers)
    timer.wait()
    return () => timer.cancel()
  }

  progress(): void {}

  /** Nobody sets the clock of the machine. */
  stepWall(): void {}

  /** No timer of it fires any more, and none that is set later does. */
  [Symbol.dispose](): void {
    this.isOver = true
    for (const timer of [...this.timers]) timer.cancel()
  }
}

/** One callback to come: a class, for there are tens of thousands of them, many times a second. */
class Timer {
  private readonly dueMs: number
  private readonly callback: () => void
  private readonly all: Set<Timer>
  private timeout: NodeJS.Timeout | undefined
  private immediate: NodeJS.Immediate | undefined

  constructor(dueMs: number, callback: () => void, all: Set<Timer>) {
    this.dueMs = dueMs
    this.callback = callback
    this.all = all
    all.add(this)
  }

  wait(): void {
    const leftMs = this.dueMs - nativeNow()
    if (leftMs < shortestMs) this.immediate = nativeSetImmediate(look, this)
    // What is longer than a timer can be is slept in parts.
    else this.timeout = nativeSetTimeout(look, Math.min(Math.ceil(leftMs), longestDelayMs), this)
  }

  look(): void {
    if (nativeNow() < this.dueMs) this.wait()
    else {
      this.all.delete(this)
      this.callback()
    }
  }

  cancel(): void {
    nativeClearTimeout(this.timeout)
    nativeClearImmediate(this.immediate)
    this.all.delete(this)
  }
}

function look(timer: Timer): void {
  timer.look()
}
