import type FakeTimers from '@sinonjs/fake-timers'
import { type RunClock, sleepOn } from './clock.ts'
import { type Fakes, installFakes, longestDelayMs, type Owner } from './fakes.ts'
import { claimTimers } from './foreign.ts'
import { nativeNow, nativeSetImmediate, nativeSetTimeout } from './native.ts'
import { type RealWork, watchRealWork } from './real-work.ts'
import { type Spin, SpinWatch } from './spin.ts'

export type { Spin } from './spin.ts'

export interface VirtualClockOptions {
  /** Where virtual time begins, ms since the epoch. */
  readonly startMs: number
  /** Real work that outlasted its cap, named once each. */
  onGaveUp?(what: string): void
  /** How many timers may fire within one virtual minute before it is called spinning; grows with `progress`. */
  readonly spinLimit?: number
  /** How long real work is waited for, real ms. */
  readonly capMs?: number
  /** Whose code sets a timer now; once its owner is over, a timer never fires. Nobody's when absent. */
  owner?(): Owner | undefined
}

/** With nothing left to wake anybody, real ms for what is not watched (a pipe, an HTTP/2 stream) to do it after all. */
const deadlockGraceMs = 250
/** Real work that takes longer than this is waited for without turning as fast as the machine can. */
const busyTurnsMs = 2

/**
 * Virtual time under our own driver. The globals are `@sinonjs/fake-timers`; the driver advances them only when the
 * event loop has come to rest and no real work is in flight, because the library's own automatic modes jump too early.
 */
export class VirtualClock implements RunClock {
  /**
   * Event-loop turns that must pass quietly before time may move. Promises and emulated sockets need one; Node itself hops
   * from turn to turn at times, as when it reads a `Blob`.
   */
  private readonly quietTurns = 3
  private readonly fakes: Fakes
  private readonly fake: FakeTimers.Clock
  private readonly work: RealWork
  private readonly spin: SpinWatch
  private readonly release: () => void
  private stopped = false

  constructor(options: VirtualClockOptions) {
    const { startMs, onGaveUp = () => {}, spinLimit = 50_000, capMs = 10_000, owner = () => undefined } = options
    this.release = claimTimers()
    this.spin = new SpinWatch(spinLimit, startMs)
    try {
      this.work = watchRealWork({ onGaveUp, capMs })
      try {
        this.fakes = installFakes({ startMs, spin: this.spin, owner })
      } catch (error) {
        this.work.stop()
        throw error
      }
    } catch (error) {
      this.release()
      throw error
    }
    this.fake = this.fakes.fake
  }

  now(): number {
    return this.fake.now - this.fakes.steppedMs
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal)
  }

  after(ms: number, callback: () => void): () => void {
    // What is longer than a timer can be is slept in parts.
    const part = Math.min(ms, longestDelayMs)
    const wait = (left: number) => () => {
      if (left <= 0) callback()
      else id = this.fake.setTimeout(wait(left - Math.min(left, longestDelayMs)), Math.min(left, longestDelayMs))
    }
    let id = this.fake.setTimeout(wait(ms - part), part)
    return () => this.fake.clearTimeout(id)
  }

  /** Whether real I/O took part: equality to the byte is then not promised. */
  get sawRealWork(): boolean {
    return this.work.seen
  }

  /** Holds time until the returned function is called. */
  hold(what: string): () => void {
    return this.work.begin(what)
  }

  /** Sets the wall clock (`Date`) forth or back, as NTP or a person does. Everything else goes on as if nothing had been. */
  stepWall(byMs: number): void {
    this.fakes.stepWall(byMs)
  }

  /** Something of the run moved (an attempt, a task): many timers are then no spin. */
  progress(): void {
    this.spin.progress()
  }

  /**
   * Lets time pass until `root` settles. Resolves to a `Spin` when timers fire without end, to `deadlock` when nothing
   * is left that could wake what is pending, else to `done`. Does not reject for what `root` rejects with; a timer
   * callback's throw rejects it when the process has no handler for uncaught exceptions.
   */
  drive(root: Promise<unknown>, signal?: AbortSignal): Promise<'done' | 'deadlock' | 'interrupted' | Spin> {
    let settled = false
    const settle = () => {
      settled = true
    }
    root.then(settle, settle)
    return new Promise((resolve, reject) => {
      let quiet = 0
      let busySince: number | undefined
      let idleSince: number | undefined
      const turn = () => {
        try {
          if (settled) return resolve('done')
          if (this.stopped || signal?.aborted) return resolve('interrupted')
          if (this.work.pending() > 0) {
            // What it wakes may take a turn more to show.
            quiet = -1
            busySince ??= nativeNow()
            if (nativeNow() - busySince > busyTurnsMs) return void nativeSetTimeout(turn, 1)
          } else {
            busySince = undefined
            quiet++
          }
          if (quiet >= this.quietTurns) {
            if (this.fake.countTimers() === 0) {
              idleSince ??= nativeNow()
              if (nativeNow() - idleSince > deadlockGraceMs) return resolve('deadlock')
            } else {
              quiet = 0
              idleSince = undefined
              const spin = this.step()
              if (spin) return resolve(spin)
            }
          }
        } catch (error) {
          return reject(error)
        }
        nativeSetImmediate(turn)
      }
      nativeSetImmediate(turn)
    })
  }

  [Symbol.dispose](): void {
    if (this.stopped) return
    this.stopped = true
    this.fakes.restore()
    this.work.stop()
    this.release()
  }

  /** Fires the next timer. A callback that throws does what it would do in Node: it reaches `uncaughtException`. */
  private step(): Spin | undefined {
    try {
      this.fake.next()
    } catch (error) {
      if (process.listenerCount('uncaughtException') === 0) throw error
      // Whatever was thrown, as Node hands it on.
      Reflect.apply(process.emit, process, ['uncaughtException', error, 'uncaughtException'])
    }
    return this.spin.fired(this.now())
  }
}
