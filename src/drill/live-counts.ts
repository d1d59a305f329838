import type { AttemptOutcome, JournalEvent, Outcome } from '../journal/event.ts'

/** What happened so far, counted as it happens: from t = 0 on, as everything that is judged. */
export class LiveCounts {
  readonly settled: Partial<Record<Outcome, number>> = {}
  readonly ended: Partial<Record<AttemptOutcome, number>> = {}
  attempts = 0
  retries = 0
  tasksOpen = 0
  attemptsOpen = 0
  /** Of the healthy warm-up: requests that ended, and those of them that went well. */
  readonly warmUp = { ended: 0, well: 0 }
  /** What began before t = 0 and is open still. */
  private readonly early = new Set<string>()

  take(event: JournalEvent): void {
    switch (event.type) {
      case 'task-started':
        this.tasksOpen++
        if (event.t < 0) this.early.add(event.task)
        break
      case 'task-settled':
        this.tasksOpen--
        if (!this.early.delete(event.task)) this.settled[event.outcome] = (this.settled[event.outcome] ?? 0) + 1
        break
      case 'attempt-started':
        this.attemptsOpen++
        if (event.t < 0) {
          this.early.add(event.attempt)
          break
        }
        this.attempts++
        if (event.n > 1) this.retries++
        break
      case 'attempt-ended':
        this.attemptsOpen--
        if (!this.early.delete(event.attempt)) this.ended[event.outcome] = (this.ended[event.outcome] ?? 0) + 1
        else if (event.t < 0) {
          this.warmUp.ended++
          if (event.outcome === 'ok') this.warmUp.well++
        }
        break
      default:
        break
    }
  }
}
