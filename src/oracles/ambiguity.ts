import type { AttributedBy } from '../model/arrival.ts'
import type { AttemptRecord, JournalView, TaskRecord } from './view.ts'

const told: ReadonlySet<AttributedBy> = new Set<AttributedBy>(['header', 'context'])

/**
 * Whether an attempt may belong to another task: a worker’s requests are told by their question alone, and another task
 * of the same instance with the same question was open when it began. A job is open until the app’s list shows its end.
 */
export function ambiguity(view: JournalView): (attempt: AttemptRecord) => boolean {
  const ends = new Map(
    view.jobs.map(({ task, doneMs, deadMs, goneMs }) => [task, doneMs ?? deadMs ?? goneMs ?? view.endMs] as const),
  )
  const keyOf = ({ started }: TaskRecord) => `${started.instance} ${started.question}`
  const byQuestion = Map.groupBy(view.tasks, keyOf)
  return attempt => {
    const { task, startMs, started } = attempt
    if (!task || told.has(started.attributedBy)) return false
    return (byQuestion.get(keyOf(task)) ?? []).some(
      other =>
        other !== task && other.startMs <= startMs && (ends.get(other) ?? other.settledMs ?? view.endMs) >= startMs,
    )
  }
}
