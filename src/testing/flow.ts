import { nativeSetImmediate } from '../clock/native.ts'
import type { VirtualClock } from '../clock/virtual.ts'
import { refusal } from '../run/refusal.ts'

interface Wait {
  readonly settled: Promise<unknown>
  fail(error: unknown): void
}

/** Turns of the event loop; promises and emulated sockets need one each. */
const restTurns = 10

/** How time passes in a test: only while somebody waits, and for all who wait together. */
export class Flow {
  private readonly clock: VirtualClock
  private readonly signal: AbortSignal
  private readonly waits = new Set<Wait>()
  private readonly virtualSetTimeout = globalThis.setTimeout
  private driving: Promise<void> | undefined
  private readonly onSpin: (where: string) => void

  /** To be made once the clock has the globals. Nobody waits any more when `signal` aborts. */
  constructor(clock: VirtualClock, signal: AbortSignal, onSpin: (where: string) => void) {
    this.onSpin = onSpin
    this.clock = clock
    this.signal = signal
  }

  /** Lets time pass until `root` settles, and settles as it does. Rejects when the outage ends before. */
  until<T>(root: Promise<T>): Promise<T> {
    if (globalThis.setTimeout !== this.virtualSetTimeout)
      return Promise.reject(
        refusal(
          'Failed to let time pass: the timers were replaced after the outage began (vi.useFakeTimers, sinon).',
          'Take them away: an outage brings its own clock, which goto, advance and run move.',
        ),
      )
    return new Promise((resolve, reject) => {
      const done = () => void this.waits.delete(wait)
      const wait: Wait = { settled: root.then(done, done), fail: reject }
      root.then(resolve, reject)
      this.waits.add(wait)
      this.driving ??= this.drive()
    })
  }

  /** Lets everything happen that needs no time: what was asked is sent, what was answered is read. */
  async rest(): Promise<void> {
    for (let turn = 0; turn < restTurns; turn++) await new Promise(resolve => nativeSetImmediate(resolve))
  }

  /** Resolves when time stands still. */
  async stopped(): Promise<void> {
    await this.driving
  }

  private async drive(): Promise<void> {
    try {
      while (this.waits.size > 0) {
        const drove = await this.clock.drive(Promise.race([...this.waits].map(wait => wait.settled)), this.signal)
        if (drove === 'interrupted') this.failAll(over())
        else if (drove === 'deadlock') this.failAll(stuck('nothing is left that could wake what is waited for'))
        else if (drove !== 'done') {
          this.onSpin(drove.where)
          this.failAll(stuck(`timers fire without end; they are set at ${drove.where}`))
        }
      }
    } catch (error) {
      this.failAll(error)
    } finally {
      this.driving = undefined
    }
  }

  private failAll(error: unknown): void {
    for (const wait of this.waits) wait.fail(error)
    this.waits.clear()
  }
}

/** What whoever still waits is told when the outage ends. */
export function over(): Error {
  return refusal('The outage is over: it was finished or closed.', 'Start another one.')
}

function stuck(why: string): Error {
  return new Error(`Time cannot go on: ${why}.`)
}
