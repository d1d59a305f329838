import type { Clock } from '../clock/clock.ts'

/** Something that is to happen when the scenario comes to what is written for `s`, ms. */
export interface Item {
  readonly s: number
  /** `t`: ms since t = 0. */
  run(t: number): void
  /** Left out where the timeline jumped over it. */
  isMoot?(): boolean
}

export interface AgendaOptions {
  readonly clock: Clock
  /** Ms since t = 0. */
  t(): number
  /** The drill's time for what is written for `s`. */
  live(s: number): number
}

/** What is to come, on a timeline that can be moved under it. */
export class Agenda implements Disposable {
  private readonly options: AgendaOptions
  private readonly items: Item[]
  private cancel = () => {}

  constructor(items: readonly Item[], options: AgendaOptions) {
    this.options = options
    this.items = [...items].sort((a, b) => a.s - b.s)
  }

  /** Does all that is due, and waits for the next. To be called whenever the timeline was moved. */
  proceed(): void {
    this.cancel()
    const { clock, t, live } = this.options
    for (let next = this.items[0]; next; next = this.items[0]) {
      const dueMs = live(next.s)
      const now = t()
      if (dueMs > now) {
        this.cancel = clock.after(dueMs - now, () => this.proceed())
        return
      }
      this.items.shift()
      // Timers are late by a little; a journal's times never fall.
      if (next.isMoot?.() !== true) next.run(Math.round(now))
    }
  }

  [Symbol.dispose](): void {
    this.cancel()
    this.items.length = 0
  }
}
