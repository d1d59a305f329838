import type { AttemptRecord, JournalView, TaskRecord } from './view.ts'

/** What settles with another's answer leaves its own under way for about as long. */
const aMomentMs = 2_000

/**
 * Whether an attempt may belong to another task of the same instance with the same question. A worker’s requests are told by
 * their question alone: then any that was open will do, or had settled a moment before, for once two are mixed up the last takes
 * place of the first. Where the async context tells, one will do that had waited for its
 * first attempt: a bulkhead or a pool starts those in the context of whoever made room. A job is open until the app’s list
 * shows its end.
 */
export function ambiguity(view: JournalView): (attempt: AttemptRecord) => boolean {
  const ends = new Map(
    view.jobs.map(({ task, doneMs, deadMs, goneMs }) => [task, doneMs ?? deadMs ?? goneMs ?? view.endMs] as const),
  )
  const keyOf = ({ started }: TaskRecord) => `${started.instance} ${started.question}`
  const byQuestion = Map.groupBy(view.tasks, keyOf)
  const wasOpenIn = (task: TaskRecord, fromMs: number, toMs: number) =>
    task.startMs <= toMs && (ends.get(task) ?? task.settledMs ?? view.endMs) >= fromMs
  const isWaitingAt = ({ startMs, settledMs = view.endMs, attempts: [first] }: TaskRecord, t: number) =>
    startMs < t && settledMs >= t && (first === undefined || first.startMs >= t)
  // A worker that was set going by a task keeps that task's context for all that it does later: then nobody else seems to do
  // the work of the others.
  const isLeftToAWorker = ({ settled, settledMs = view.endMs, attempts }: TaskRecord, t: number) =>
    settled?.outcome === 'queued' && settledMs <= t && !attempts.some(({ startMs }) => startMs > settledMs)
  return ({ task, startMs, started }) => {
    if (!task || started.attributedBy === 'header') return false
    const isTold = started.attributedBy === 'context'
    const isOver = (task.settledMs ?? view.endMs) < startMs
    return (byQuestion.get(keyOf(task)) ?? []).some(other => {
      if (other === task) return false
      if (!isTold) return wasOpenIn(other, startMs - aMomentMs, startMs)
      return isWaitingAt(other, startMs) || (isOver && !ends.has(other) && isLeftToAWorker(other, startMs))
    })
  }
}
