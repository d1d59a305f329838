import type { Clock } from '../clock/clock.ts'
import type { JournalEvent } from '../journal/event.ts'

/** Something that is to happen when the scenario comes to what is written for `s`, ms. */
export interface Item {
  readonly s: number
  /** `t`: ms since t = 0. */
  run(t: number): void
  /** Left out where the timeline jumped over it. */
  isMoot?(): boolean
  /** Whether that line of the journal is its doing. */
  isToldBy?(event: JournalEvent): boolean
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

  /** Leaves out what has happened already, by the journal of an earlier process: what was due, and is told in it where it tells of itself. */
  leaveOutDone(events: readonly JournalEvent[]): void {
    const now = this.options.t()
    const isDone = (item: Item) => {
      const dueMs = this.options.live(item.s)
      if (dueMs > now) return false
      const told = item.isToldBy?.bind(item)
      return !told || item.isMoot?.() === true || events.some(event => event.t >= dueMs && told(event))
    }
    this.items.splice(0, this.items.length, ...this.items.filter(item => !isDone(item)))
  }

  [Symbol.dispose](): void {
    this.cancel()
    this.items.length = 0
  }
}
