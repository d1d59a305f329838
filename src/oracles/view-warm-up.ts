import type { JournalEvent } from '../journal/event.ts'

/** A good answer of the healthy warm-up. */
export interface Answered {
  readonly provider: string
  readonly surface: string
  readonly model?: string
  /** Of the task that asked; absent when nobody known did. */
  readonly tenant?: string
  readonly question?: string
}

/** Collects the good answers to what was asked before t = 0. */
export class WarmUpReader {
  readonly answered: Answered[] = []
  private readonly tasks = new Map<string, Pick<Answered, 'tenant' | 'question'>>()
  private readonly open = new Map<string, Answered>()

  read(event: JournalEvent): void {
    if (event.type === 'attempt-ended') {
      const attempt = this.open.get(event.attempt)
      if (attempt && event.outcome === 'ok') this.answered.push(attempt)
      this.open.delete(event.attempt)
    }
    if (event.t >= 0) return
    if (event.type === 'task-started') this.tasks.set(event.task, { tenant: event.tenant, question: event.question })
    if (event.type === 'attempt-started')
      this.open.set(event.attempt, {
        ...{ provider: event.provider, surface: event.surface },
        ...(event.model !== undefined && { model: event.model }),
        ...this.tasks.get(event.task ?? ''),
      })
  }
}
