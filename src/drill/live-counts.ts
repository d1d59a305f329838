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

  take(event: JournalEvent): void {
    switch (event.type) {
      case 'task-started':
        this.tasksOpen++
        break
      case 'task-settled':
        this.tasksOpen--
        if (event.t >= 0) this.settled[event.outcome] = (this.settled[event.outcome] ?? 0) + 1
        break
      case 'attempt-started':
        this.attemptsOpen++
        if (event.t < 0) break
        this.attempts++
        if (event.n > 1) this.retries++
        break
      case 'attempt-ended':
        this.attemptsOpen--
        if (event.t >= 0) this.ended[event.outcome] = (this.ended[event.outcome] ?? 0) + 1
        else {
          this.warmUp.ended++
          if (event.outcome === 'ok') this.warmUp.well++
        }
        break
      default:
        break
    }
  }
}
