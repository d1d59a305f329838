import type { AttemptRecord, JournalView, TaskRecord } from './view.ts'

/**
 * Whether an attempt may belong to another task of the same instance with the same question. A worker’s requests are told by
 * their question alone: then any that was open will do. Where the async context tells, one will do that had waited for its
 * first attempt: a bulkhead or a pool starts those in the context of whoever made room. A job is open until the app’s list
 * shows its end.
 */
export function ambiguity(view: JournalView): (attempt: AttemptRecord) => boolean {
  const ends = new Map(
    view.jobs.map(({ task, doneMs, deadMs, goneMs }) => [task, doneMs ?? deadMs ?? goneMs ?? view.endMs] as const),
  )
  const keyOf = ({ started }: TaskRecord) => `${started.instance} ${started.question}`
  const byQuestion = Map.groupBy(view.tasks, keyOf)
  const isOpenAt = (task: TaskRecord, t: number) =>
    task.startMs <= t && (ends.get(task) ?? task.settledMs ?? view.endMs) >= t
  const isWaitingAt = ({ startMs, settledMs = view.endMs, attempts: [first] }: TaskRecord, t: number) =>
    startMs < t && settledMs >= t && (first === undefined || first.startMs >= t)
  return ({ task, startMs, started }) => {
    if (!task || started.attributedBy === 'header') return false
    const isTold = started.attributedBy === 'context'
    return (byQuestion.get(keyOf(task)) ?? []).some(
      other => other !== task && (isTold ? isWaitingAt(other, startMs) : isOpenAt(other, startMs)),
    )
  }
}
