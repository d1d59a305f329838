import { VirtualClock, type VirtualClockOptions } from '../../../src/clock/virtual.ts'

export const startMs = Date.UTC(2026, 2, 2, 11)

export interface Drove<T> {
  readonly end: Awaited<ReturnType<VirtualClock['drive']>>
  /** What `act` gave, or what it threw. */
  readonly value: T | undefined
  readonly error: unknown
  /** Virtual time that passed, ms. */
  readonly passedMs: number
  readonly realIo: boolean
  readonly gaveUp: readonly string[]
}

/** Drives `act` on virtual time and gives the globals back. */
export async function onVirtualTime<T>(
  act: (clock: VirtualClock) => Promise<T>,
  options: Partial<VirtualClockOptions> = {},
): Promise<Drove<T>> {
  const gaveUp: string[] = []
  using clock = new VirtualClock({ startMs, onGaveUp: what => gaveUp.push(what), ...options })
  let value: T | undefined
  let error: unknown
  const root = (async () => {
    try {
      value = await act(clock)
    } catch (thrown) {
      error = thrown
    }
  })()
  const end = await clock.drive(root)
  return { end, value, error, passedMs: clock.now() - startMs, realIo: clock.sawRealWork, gaveUp }
}

/** Virtual and real time side by side: how far the one went while `work` was under way. */
export async function whileWaitingFor(work: () => Promise<unknown>, options: Partial<VirtualClockOptions> = {}) {
  return onVirtualTime(async () => {
    let timedOut = false
    const timer = setTimeout(() => {
      timedOut = true
    }, 60_000)
    const before = Date.now()
    const value = await work()
    clearTimeout(timer)
    return { value, timedOut, tookMs: Date.now() - before }
  }, options)
}
