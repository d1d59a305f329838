import { AsyncResource } from 'node:async_hooks'
import { syncBuiltinESMExports } from 'node:module'
import timersPromises from 'node:timers/promises'
import { promisify } from 'node:util'
import FakeTimers from '@sinonjs/fake-timers'
import { replace } from './chance.ts'
import { fakePerformance } from './performance.ts'
import { type SpinWatch, siteHere } from './spin.ts'
import { type PlainTimers, promisesOn } from './timers-promises.ts'

/** The largest delay that Node's timers know, ms. */
export const longestDelayMs = 2 ** 31 - 1

export interface Fakes {
  readonly fake: FakeTimers.Clock
  /** How far the wall clock was set away from the time that passes, ms. */
  readonly steppedMs: number
  /** Sets the wall clock (`Date`) forth or back; timers, `performance` and `hrtime` go on. */
  stepWall(byMs: number): void
  /** Gives every global back as it was. */
  restore(): void
}

/** Whose timers these are: once it is over, none of them fires. */
export interface Owner {
  readonly isOver: boolean
}

export interface FakesOptions {
  /** Where virtual time begins, ms since the epoch. */
  readonly startMs: number
  readonly spin: SpinWatch
  /** Whose code sets a timer now. */
  owner(): Owner | undefined
}

/** Puts virtual time in the place of every global and built-in that tells or measures time. */
export function installFakes({ startMs, spin, owner }: FakesOptions): Fakes {
  const fake = FakeTimers.install({
    now: startMs,
    toFake: [
      'setTimeout',
      'clearTimeout',
      'setInterval',
      'clearInterval',
      'setImmediate',
      'clearImmediate',
      'Date',
      'hrtime',
      ...('Temporal' in globalThis ? (['Temporal'] as FakeTimers.FakeMethod[]) : []),
    ],
    ignoreMissingTimers: true,
    // A timer set before the run may be cleared in it.
    shouldClearNativeTimers: true,
  })
  const undo: (() => void)[] = [() => fake.uninstall()]
  let steppedMs = 0
  const restore = () => {
    for (const back of undo.splice(0).reverse()) back()
    syncBuiltinESMExports()
  }
  try {
    likeNodes(fake, spin, owner)
    const promises = promisesOn(fake as unknown as PlainTimers) // the same functions, whose types tell of timers by number
    for (const name of ['setTimeout', 'setInterval', 'setImmediate'] as const)
      undo.push(replace(timersPromises, name, promises[name]))
    for (const name of ['wait', 'yield'] as const)
      undo.push(replace(timersPromises.scheduler, name, promises.scheduler[name]))
    // The fakes go as a whole when the run ends, and what is kept on them with them.
    for (const name of ['setTimeout', 'setImmediate'] as const)
      Object.defineProperty(globalThis[name], promisify.custom, { value: promises[name], configurable: true })
    undo.push(fakePerformance(() => fake.now - steppedMs, startMs))
    undo.push(replace(AbortSignal, 'timeout', (ms: number) => timeoutSignal(fake, ms)))
    syncBuiltinESMExports()
  } catch (error) {
    restore()
    throw error
  }
  return {
    ...{ fake, restore },
    get steppedMs() {
      return steppedMs
    },
    stepWall(byMs) {
      steppedMs += byMs
      fake.setSystemTime(fake.now + byMs)
    },
  }
}

/** Makes the timers of `fake` behave as Node's do where the library's differ. */
function likeNodes(fake: FakeTimers.Clock, spin: SpinWatch, owner: FakesOptions['owner']): void {
  const { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate } = fake
  const look = (name: string) => {
    if (spin.wantsSuspect) spin.blame(siteHere(name))
  }
  const start = (set: unknown, callback: Bound, rest: unknown[], extras: object) => {
    const timer = Object.assign(Reflect.apply(set as typeof setTimeout, fake, [callback.run, ...rest]), extras)
    callback.timer = timer
    return timer
  }
  const clears = {
    clearTimeout: quietly(clearTimeout),
    clearInterval: quietly(clearInterval),
    clearImmediate: quietly(clearImmediate),
  }
  const timerExtras = {
    [Symbol.dispose](this: never) {
      clears.clearTimeout(this)
    },
    close(this: never) {
      clears.clearTimeout(this)
      return this
    },
  }
  const immediateExtras = {
    [Symbol.dispose](this: never) {
      clears.clearImmediate(this)
    },
  }
  const sets = {
    setTimeout(callback: unknown, ms?: unknown, ...rest: unknown[]) {
      look('setTimeout')
      const isTick = isUndiciTick(callback)
      // The tick is of the whole process, whoever's request it was that made it.
      const bound = bind(callback, isTick ? undefined : owner())
      const timer = start(setTimeout, bound, [delayOf(ms), ...rest], timerExtras)
      // undici refreshes the one timer it made first for as long as the process lives, and a clock lives no longer than
      // its run. Where it cannot refresh, undici makes a new one.
      if (isTick) Reflect.deleteProperty(timer, 'refresh')
      return timer
    },
    setInterval(callback: unknown, ms?: unknown, ...rest: unknown[]) {
      // Set once and firing for ever: when it spins, there is no other trace of where it was set.
      const site = siteHere('setInterval')
      const blame = () => {
        if (spin.wantsSuspect) spin.blame(site)
      }
      const bound = bind(callback, owner(), { before: blame, orphaned: timer => clears.clearInterval(timer) })
      return start(setInterval, bound, [delayOf(ms), ...rest], timerExtras)
    },
    setImmediate(callback: unknown, ...rest: unknown[]) {
      look('setImmediate')
      return start(setImmediate, bind(callback, owner()), rest, immediateExtras)
    },
  }
  // The fakes in the globals call these own properties of the clock by name; what the library keeps on them for
  // uninstalling stays.
  const own = fake as unknown as Record<string, object> // by name, as the library does
  for (const [name, ours] of Object.entries({ ...clears, ...sets })) own[name] = Object.assign(ours, own[name])
}

/** A callback as the timer library is given it. `timer` becomes its `this`, as in Node. */
interface Bound {
  readonly run: unknown
  timer: unknown
}

interface Binding {
  before?(): void
  /** Called in place of the callback when its owner is no more. */
  orphaned?(timer: never): void
}

/**
 * The callback in the async context of now, as Node's own timers keep it. The resource is destroyed by hand (never):
 * waiting for the collector costs more than it tells.
 */
function bind(callback: unknown, owner: Owner | undefined, { before, orphaned }: Binding = {}): Bound {
  if (typeof callback !== 'function') return { run: callback, timer: undefined }
  const resource = new AsyncResource('VirtualTimer', { requireManualDestroy: true })
  const bound: Bound = {
    timer: undefined,
    run: (...args: unknown[]) => {
      if (owner?.isOver) return orphaned?.(bound.timer as never) // whatever the library made of it
      before?.()
      Reflect.apply(resource.runInAsyncScope, resource, [callback, bound.timer, ...args])
    },
  }
  return bound
}

/** Told by its name, in `lib/util/timers.js` of undici 6 to 8. */
function isUndiciTick(callback: unknown): boolean {
  return typeof callback === 'function' && callback.name === 'onTick'
}

/** The library throws when a timer is cleared by the wrong function; Node does nothing. */
function quietly(clear: (timer: never) => void): (timer: never) => void {
  return timer => {
    try {
      clear(timer)
    } catch {}
  }
}

/** Node turns what is no number, or less than 1, into 1 ms; a delay that does not fit 32 bits too (with a warning). */
function delayOf(ms: unknown): number {
  const value = Number(ms)
  return value >= 1 && value <= longestDelayMs ? Math.trunc(value) : 1
}

/** `AbortSignal.timeout` on virtual time; the library leaves it alone. */
function timeoutSignal(fake: FakeTimers.Clock, ms: number): AbortSignal {
  if (typeof ms !== 'number') throw new TypeError(`The "delay" argument must be of type number. Received ${typeof ms}`)
  if (!Number.isInteger(ms) || ms < 0 || ms > 2 ** 32 - 1)
    throw new RangeError(
      `The value of "delay" is out of range. It must be an integer >= 0 && <= 4294967295. Received ${ms}`,
    )
  const controller = new AbortController()
  fake.setTimeout(
    () => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
    ms,
  )
  return controller.signal
}
