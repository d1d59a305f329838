import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers'
import timersPromises from 'node:timers/promises'
import { promisify } from 'node:util'
import { replace } from './chance.ts'
import { fakePerformance } from './performance.ts'

/** The largest delay that Node's timers know, ms. */
const longestDelayMs = 2 ** 31 - 1

export interface Scale {
  /** How many times faster than real time it is to go. */
  readonly speed: number
  /** The real moment at which both times agree, ms since the epoch. */
  readonly fromMs: number
}

/**
 * Lets time go `speed` times as fast in this thread, for good: `setTimeout` and `setInterval` (in the globals, `node:timers`
 * and `node:timers/promises`, `scheduler.wait`), `AbortSignal.timeout`, `Date`, `performance` and `process.hrtime`. They
 * stay real timers of Node's, on the real event loop.
 */
export function scaleTime({ speed, fromMs }: Scale): void {
  const { timeOrigin } = performance
  const realNow = performance.now.bind(performance)
  const scaled = (realMs: number) => fromMs + (realMs - fromMs) * speed
  const now = () => scaled(timeOrigin + realNow())

  scaleTimers(ms => {
    const delay = Number(ms)
    // What is no delay, or too long for one, is Node's to refuse or to mend. Never early: up to the next whole ms.
    return delay >= 1 && delay <= longestDelayMs ? Math.min(Math.ceil(delay / speed), longestDelayMs) : (ms as number)
  })
  fakePerformance(now, scaled(timeOrigin))
  replace(
    globalThis,
    'Date',
    dateOn(() => Math.floor(now())),
  )
  replace(process, 'hrtime', hrtimeAt(speed))
  syncBuiltinESMExports()
}

/** `delay` is handed whatever stands for the delay, and answers with what Node's own timers are to be handed. */
function scaleTimers(delay: (ms: unknown) => number): void {
  const { setTimeout, setInterval, scheduler } = timersPromises
  const wait = scheduler.wait.bind(scheduler)
  const promises = {
    setTimeout: <T>(ms?: number, ...rest: [T?, object?]) => setTimeout(delay(ms), ...rest),
    setInterval: <T>(ms?: number, ...rest: [T?, object?]) => setInterval(delay(ms), ...rest),
  }
  for (const name of ['setTimeout', 'setInterval'] as const) {
    const start = timers[name]
    const scaled = (callback: () => void, ms?: number, ...rest: []) => start(callback, delay(ms), ...rest)
    if (name === 'setTimeout') Object.defineProperty(scaled, promisify.custom, { value: promises.setTimeout })
    replace(timersPromises, name, promises[name])
    replace(timers, name, scaled)
    replace(globalThis, name, scaled)
  }
  replace(scheduler, 'wait', (ms: number, options?: object) => wait(delay(ms), options))
  const timeout = AbortSignal.timeout.bind(AbortSignal)
  replace(AbortSignal, 'timeout', (ms: unknown) => timeout(typeof ms === 'number' ? delay(ms) : (ms as number)))
}

/** `Date` as it is, with another idea of now. */
function dateOn(now: () => number): DateConstructor {
  const real = Date
  const scaled = new Proxy(real, {
    apply: () => new real(now()).toString(),
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  })
  Object.defineProperty(real.prototype, 'constructor', { value: scaled, writable: true, configurable: true })
  return scaled
}

function hrtimeAt(speed: number): NodeJS.HRTime {
  const real = process.hrtime.bigint.bind(process.hrtime)
  const origin = real()
  const bigint = () => origin + BigInt(Math.round(Number(real() - origin) * speed))
  const hrtime = (since?: readonly [number, number]): [number, number] => {
    const then = since === undefined ? 0n : BigInt(since[0]) * 1_000_000_000n + BigInt(since[1])
    const passed = bigint() - then
    return [Number(passed / 1_000_000_000n), Number(passed % 1_000_000_000n)]
  }
  return Object.assign(hrtime, { bigint })
}
