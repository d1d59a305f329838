import { AsyncResource } from 'node:async_hooks'
import { syncBuiltinESMExports } from 'node:module'
import FakeTimers from '@sinonjs/fake-timers'
import { UsageError } from '../lib/errors.ts'
import { replace } from './chance.ts'
import { type Clock, sleepOn } from './clock.ts'
import { nativeSetImmediate } from './native.ts'
import { type RealWork, watchRealWork } from './real-work.ts'

export interface VirtualClockOptions {
  /** Where virtual time begins, ms since the epoch. */
  readonly startMs: number
  /** Real work that outlasted its cap, named once each. */
  onGaveUp?(what: string): void
  /** How many timers may fire within one virtual minute before it is called spinning; grows with `progress`. */
  readonly spinLimit?: number
}

/** What ended a drive other than its own end. */
export interface Spin {
  /** Where the spinning timers are set: a stack line of the app's code. */
  readonly where: string
  readonly atMs: number
}

/**
 * Virtual time under our own driver. The globals are `@sinonjs/fake-timers`; the driver advances them only when the
 * event loop has come to rest and no real work is in flight, because the library's own automatic modes jump too early.
 */
export class VirtualClock implements Clock, Disposable {
  /** Event-loop turns that must pass quietly before time may move; sockets need more than an in-process tap. */
  quietTurns = 1
  private readonly fake: FakeTimers.Clock
  private readonly work: RealWork
  private readonly undo: (() => void)[] = []
  private readonly spinLimit: number
  private windowStart: number
  private firedInWindow = 0
  private progressInWindow = 0
  private suspect: string | undefined
  private stopped = false

  constructor(options: VirtualClockOptions) {
    refuseForeignTimers()
    this.spinLimit = options.spinLimit ?? 50_000
    this.fake = FakeTimers.install({
      now: options.startMs,
      toFake: [
        'setTimeout',
        'clearTimeout',
        'setInterval',
        'clearInterval',
        'setImmediate',
        'clearImmediate',
        'Date',
        'hrtime',
        'performance',
        ...('Temporal' in globalThis ? (['Temporal'] as FakeTimers.FakeMethod[]) : []),
      ],
      ignoreMissingTimers: true,
    })
    this.windowStart = options.startMs
    this.keepContext()
    this.undo.push(replace(AbortSignal, 'timeout', (ms: number) => this.timeoutSignal(ms)))
    syncBuiltinESMExports()
    this.work = watchRealWork(options.onGaveUp ?? (() => {}))
  }

  now(): number {
    return this.fake.now
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal)
  }

  after(ms: number, callback: () => void): () => void {
    const id = this.fake.setTimeout(callback, ms)
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

  /** Something of the run moved (an attempt, a task): many timers are then no spin. */
  progress(): void {
    this.progressInWindow++
  }

  /**
   * Lets time pass until `root` settles. Resolves to a `Spin` when timers fire without end, to `deadlock` when nothing
   * is left that could wake what is pending, else to `done`. Never rejects for what `root` rejects with.
   */
  drive(root: Promise<unknown>, signal?: AbortSignal): Promise<'done' | 'deadlock' | 'interrupted' | Spin> {
    let settled = false
    const settle = () => {
      settled = true
    }
    root.then(settle, settle)
    return new Promise((resolve, reject) => {
      let quiet = 0
      const turn = () => {
        try {
          if (settled) return resolve('done')
          if (this.stopped || signal?.aborted) return resolve('interrupted')
          quiet = this.work.pending() === 0 ? quiet + 1 : 0
          if (quiet >= this.quietTurns) {
            quiet = 0
            if (this.fake.countTimers() === 0) return resolve('deadlock')
            const spin = this.step()
            if (spin) return resolve(spin)
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
    this.work.stop()
    for (const restore of this.undo.reverse()) restore()
    this.fake.uninstall()
    syncBuiltinESMExports()
  }

  /** Fires the next timer. A callback that throws does what it would do in Node: it reaches `uncaughtException`. */
  private step(): Spin | undefined {
    try {
      this.fake.next()
    } catch (error) {
      process.emit('uncaughtException', error instanceof Error ? error : new Error(String(error)))
    }
    const now = this.fake.now
    if (now - this.windowStart >= 60_000) {
      this.windowStart = now
      this.firedInWindow = 0
      this.progressInWindow = 0
      this.suspect = undefined
    }
    const limit = this.spinLimit + 500 * this.progressInWindow
    return ++this.firedInWindow > limit ? { where: this.suspect ?? 'unknown code', atMs: now } : undefined
  }

  /** Timer callbacks keep the async context that set them, as Node's own do, and take at least 1 ms, as Node's own do. */
  private keepContext(): void {
    const { fake } = this
    const { setTimeout, setInterval, setImmediate } = fake
    const watch = (name: string) => {
      if (this.firedInWindow > this.spinLimit * 0.9 && !this.suspect) this.suspect = callerOf(name)
    }
    // The fakes in the globals call these own properties of the clock by name; what the library keeps on the functions stays.
    Object.assign(fake, {
      setTimeout: Object.assign((callback: unknown, ms?: unknown, ...rest: unknown[]) => {
        watch('setTimeout')
        return Reflect.apply(setTimeout, fake, [bind(callback), atLeastOne(ms), ...rest])
      }, setTimeout),
      setInterval: Object.assign((callback: unknown, ms?: unknown, ...rest: unknown[]) => {
        watch('setInterval')
        return Reflect.apply(setInterval, fake, [bind(callback), atLeastOne(ms), ...rest])
      }, setInterval),
      setImmediate: Object.assign((callback: unknown, ...rest: unknown[]) => {
        watch('setImmediate')
        return Reflect.apply(setImmediate, fake, [bind(callback), ...rest])
      }, setImmediate),
    })
  }

  /** `AbortSignal.timeout` on virtual time; the library leaves it alone. */
  private timeoutSignal(ms: number): AbortSignal {
    const controller = new AbortController()
    this.after(ms, () =>
      controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
    )
    return controller.signal
  }
}

/** The callback in the async context of now. Destroyed by hand (never): waiting for the collector costs more than it tells. */
function bind(callback: unknown): unknown {
  if (typeof callback !== 'function') return callback
  const resource = new AsyncResource('VirtualTimer', { requireManualDestroy: true })
  return (...args: unknown[]) => Reflect.apply(resource.runInAsyncScope, resource, [callback, undefined, ...args])
}

/** Node turns what is no number, or less than 1, into 1 ms; a delay that does not fit 32 bits too (with a warning). */
function atLeastOne(ms: unknown): number {
  const value = Number(ms)
  return value >= 1 && value <= 2 ** 31 - 1 ? value : 1
}

/** The first line of the stack that is not ours, the library's or Node's. */
function callerOf(name: string): string {
  const lines = (new Error(name).stack ?? '').split('\n').slice(1)
  const line = lines.find(text => !/fake-timers|node:|[\\/]clock[\\/]/.test(text))
  return line?.trim().replace(/^at /, '') ?? `a callback of ${name}`
}

function refuseForeignTimers(): void {
  const current = globalThis.setTimeout as typeof setTimeout & { clock?: unknown }
  if (current.clock === undefined && !('isFake' in Date)) return
  throw new UsageError(
    'Failed to start virtual time: fake timers are installed already (vi.useFakeTimers, jest.useFakeTimers or sinon).',
    'Call vi.useRealTimers() first; blackstart brings its own clock, which also waits for real work.',
  )
}
