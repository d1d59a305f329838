import type { AppReport } from '../journal/event.ts'
import type { Plan } from '../model/timeline.ts'
import { type JournalView, viewJournal } from '../oracles/view.ts'
import type { RunResult } from '../run/result.ts'
import { type Life, livesOf } from './life.ts'

/** One run, looked at once for everything that a search counts. */
export interface Seen {
  readonly view: JournalView
  readonly plan: Plan
  /** What the app told of itself, from t = 0 on. */
  readonly reports: readonly AppReport[]
  /** Where in the client's life each attempt came, by its id. */
  readonly lives: ReadonlyMap<string, Life>
}

export function seenIn({ journal, plan }: Pick<RunResult, 'journal' | 'plan'>): Seen {
  const view = viewJournal(journal)
  const reports = journal.flatMap(event => (event.type === 'app-report' && event.t >= 0 ? [event] : []))
  return { view, plan, reports, lives: livesOf(journal, view, plan.scenario.workload?.sessions !== undefined) }
}
