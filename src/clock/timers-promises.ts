import type { TimerOptions } from 'node:timers'

/** The timers that promises are made of. */
export interface PlainTimers {
  setTimeout(callback: () => void, ms?: number): unknown
  clearTimeout(timer: unknown): void
  setInterval(callback: () => void, ms?: number): unknown
  clearInterval(timer: unknown): void
  setImmediate(callback: () => void): unknown
  clearImmediate(timer: unknown): void
}

/**
 * `node:timers/promises` on the given timers. The timer library has one of its own, whose aborted waits reject with the
 * signal's reason; Node's reject with an `AbortError` whose cause that is, and apps look at the name.
 */
export function promisesOn(timers: PlainTimers) {
  const once = <T>(
    start: (callback: () => void) => unknown,
    stop: (timer: unknown) => void,
    value: T,
    { signal }: TimerOptions = {},
  ): Promise<T> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(abortError(signal))
      const abort = () => {
        stop(timer)
        reject(abortError(signal))
      }
      const timer = start(() => {
        signal?.removeEventListener('abort', abort)
        resolve(value)
      })
      signal?.addEventListener('abort', abort, { once: true })
    })

  const setTimeout = <T>(ms?: number, value?: T, options?: TimerOptions) =>
    once(callback => timers.setTimeout(callback, ms), timers.clearTimeout, value, options)

  async function* setInterval<T>(ms?: number, value?: T, { signal }: TimerOptions = {}) {
    if (signal?.aborted) throw abortError(signal)
    let due = 0
    let wake = () => {}
    const onAbort = () => wake()
    const timer = timers.setInterval(() => {
      due++
      wake()
    }, ms)
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      while (!signal?.aborted) {
        if (due === 0)
          await new Promise<void>(resolve => {
            wake = resolve
          })
        for (; due > 0 && !signal?.aborted; due--) yield value
      }
      throw abortError(signal)
    } finally {
      timers.clearInterval(timer)
      signal?.removeEventListener('abort', onAbort)
    }
  }

  return {
    setTimeout,
    setInterval,
    setImmediate: <T>(value?: T, options?: TimerOptions) =>
      once(timers.setImmediate, timers.clearImmediate, value, options),
    scheduler: {
      wait: (ms: number, options?: TimerOptions) => setTimeout(ms, undefined, options),
      yield: () => once(timers.setImmediate, timers.clearImmediate, undefined),
    },
  }
}

function abortError(signal: AbortSignal | undefined): Error {
  const error = new Error('The operation was aborted', { cause: signal?.reason })
  return Object.assign(error, { name: 'AbortError', code: 'ABORT_ERR' })
}
