import { type Clock, sleepOn } from '../../../../src/clock/clock.ts'

/** Time that moves when the test says so. */
export class HandClock implements Clock {
  private ms = 0
  private timers: { readonly dueMs: number; readonly callback: () => void }[] = []

  now(): number {
    return this.ms
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal)
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { dueMs: this.ms + ms, callback }
    this.timers.push(timer)
    return () => {
      this.timers = this.timers.filter(one => one !== timer)
    }
  }

  /** Every timer that is due by then fires, at its time; what waits for it goes on before the next. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.ms + ms
    for (;;) {
      await rest()
      const [next] = this.timers.filter(({ dueMs }) => dueMs <= untilMs).toSorted((a, b) => a.dueMs - b.dueMs)
      if (!next) break
      this.timers = this.timers.filter(one => one !== next)
      this.ms = Math.max(this.ms, next.dueMs)
      next.callback()
    }
    this.ms = untilMs
    await rest()
  }

  get waiting(): number {
    return this.timers.length
  }
}

/** Everything that can go on without time has gone on. */
export async function rest(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise(resolve => setImmediate(resolve))
}
