import type { JournalEvent } from '../journal/event.ts'
import { authorOf } from '../journal/people-note.ts'
import { type ResponderMark, responderMarks } from '../model/game-day.ts'
import type { Plan } from '../model/timeline.ts'
import { StopWatch } from '../run/stop-watch.ts'
import { ChartBook } from './chart-book.ts'
import { isForLog, type LogLine } from './entry.ts'

/** So many different notices of the app and the drill; what is repeated is kept once. */
const noticesAtMost = 200

/** What the console remembers of a show: the log, the charts, the marks. Folded from the journal, event by event. */
export class ShowBook {
  readonly log: LogLine[] = []
  readonly charts: ChartBook
  readonly stops: StopWatch
  /** The first of each. */
  readonly marks: Partial<Record<ResponderMark, { readonly t: number; readonly author?: string }>> = {}
  /** Since when the phase is held, ms of the scenario; absent while it is not. */
  heldSinceMs: number | undefined
  /** Attempts by surface. */
  readonly asked = new Map<string, { readonly provider: string; readonly surface: string; attempts: number }>()
  private readonly noticed = new Set<string>()

  constructor({ warmUpMs, lengthMs, tailMs, scenario }: Plan) {
    this.charts = new ChartBook({ startMs: -warmUpMs, endMs: lengthMs + tailMs })
    this.stops = new StopWatch(scenario.stop_when ?? [])
  }

  /** Whether people are told of it. */
  take(event: JournalEvent, place: number): boolean {
    this.charts.take(event)
    if (event.type === 'task-settled') this.stops.settled(event.outcome, event.t)
    if (event.type === 'mark') this.takeMark(event)
    if (event.type === 'attempt-started') this.takeAttempt(event)
    if (!isForLog(event) || this.isRepeated(event)) return false
    this.log.push({ place, event })
    return true
  }

  private takeMark(event: Extract<JournalEvent, { type: 'mark' }>): void {
    const { t, mark } = event
    if (mark === 'held') this.heldSinceMs = t
    // Moving on lets a held phase go, too.
    if (mark === 'released' || mark === 'skipped' || mark === 'moved-on') this.heldSinceMs = undefined
    const own = responderMarks.find(one => one === mark)
    if (own === undefined || this.marks[own]) return
    const author = authorOf(event)
    this.marks[own] = { t, ...(author !== '' && { author }) }
  }

  private takeAttempt({ provider, surface }: Extract<JournalEvent, { type: 'attempt-started' }>): void {
    const key = `${provider} ${surface}`
    const one = this.asked.get(key) ?? { provider, surface, attempts: 0 }
    one.attempts++
    this.asked.set(key, one)
  }

  private isRepeated(event: JournalEvent): boolean {
    if (event.type !== 'note') return false
    const key = `${event.kind} ${event.says}`
    if (this.noticed.has(key) || this.noticed.size >= noticesAtMost) return true
    this.noticed.add(key)
    return false
  }
}
