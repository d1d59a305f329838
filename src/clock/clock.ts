/** Time as blackstart's own code asks for it. Virtual in simulations, real in drills. */
export interface Clock {
  /** Ms since the epoch. */
  now(): number
  /** Resolves after `ms`; at once when `signal` aborts (never rejects). */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Calls `callback` after `ms`; the returned function cancels it. */
  after(ms: number, callback: () => void): () => void
}

/** The clock of a whole run, which parts of the run tell what they do. */
export interface RunClock extends Clock, Disposable {
  /** Something of the run moved (an attempt, a task). */
  progress(): void
  /** Sets the wall clock forth or back, where the clock has one of its own. */
  stepWall(byMs: number): void
  /** Whether real I/O took part. */
  readonly sawRealWork: boolean
}

/** A clock on whatever timers are in the globals when it is asked: real ones, or a test framework's fake ones. */
export const ambientClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => sleepOn(ambientClock, ms, signal),
  after(ms, callback) {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
}

/** `sleep` by way of `after`. */
export function sleepOn(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal?.aborted) return resolve()
    const wake = () => {
      cancel()
      signal?.removeEventListener('abort', wake)
      resolve()
    }
    const cancel = clock.after(ms, wake)
    signal?.addEventListener('abort', wake, { once: true })
  })
}
