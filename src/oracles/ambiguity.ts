import { oncePer } from '../lib/once-per.ts'
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
export const ambiguity = oncePer(ambiguityAnew)

function ambiguityAnew(view: JournalView): (attempt: AttemptRecord) => boolean {
  const ends = new Map(
    view.jobs.map(({ task, doneMs, deadMs, goneMs }) => [task, doneMs ?? deadMs ?? goneMs ?? view.endMs] as const),
  )
  const byQuestion = new Map<string, Others>()
  for (const [key, tasks] of Map.groupBy(view.tasks, keyOf)) byQuestion.set(key, othersOf(tasks, ends, view.endMs))
  return ({ task, startMs, started }) => {
    if (!task || started.attributedBy === 'header') return false
    const others = byQuestion.get(keyOf(task))
    if (!others) return false
    if (started.attributedBy !== 'context') return others.wasOpen(task, startMs - aMomentMs, startMs)
    const isOver = (task.settledMs ?? view.endMs) < startMs
    return others.isWaiting(task, startMs) || (isOver && others.isLeftToAWorker(task, startMs))
  }
}

function keyOf({ started }: TaskRecord): string {
  return `${started.instance} ${started.question}`
}

/** The tasks of one question, asked about those besides `but`: in a long journal there are very many. */
interface Others {
  /** Whether one was open in the stretch, both ends included. */
  wasOpen(but: TaskRecord, fromMs: number, toMs: number): boolean
  /** Whether one had been asked before `t`, and waited for its first attempt then. */
  isWaiting(but: TaskRecord, t: number): boolean
  /**
   * Whether one was queued by then and nothing was seen of it since. A worker that was set going by a task keeps that
   * task's context for all that it does later: then nobody else seems to do the work of the others.
   */
  isLeftToAWorker(but: TaskRecord, t: number): boolean
}

function othersOf(tasks: readonly TaskRecord[], ends: ReadonlyMap<TaskRecord, number>, endMs: number): Others {
  const inOrder = tasks.toSorted((a, b) => a.startMs - b.startMs)
  const starts = inOrder.map(({ startMs }) => startMs)
  const open = latestSoFar(inOrder, task => ends.get(task) ?? task.settledMs ?? endMs)
  const waiting = latestSoFar(inOrder, ({ settledMs = endMs, attempts: [first] }) =>
    Math.min(settledMs, first?.startMs ?? settledMs),
  )
  const left = inOrder
    .filter(task => !ends.has(task) && isLeft(task, endMs))
    .toSorted((a, b) => (a.settledMs ?? endMs) - (b.settledMs ?? endMs))
    .slice(0, 2)
  return {
    wasOpen: (but, fromMs, toMs) => besides(open[before(starts, toMs + 1) - 1], but, fromMs),
    isWaiting: (but, t) => besides(waiting[before(starts, t) - 1], but, t),
    isLeftToAWorker: (but, t) => left.some(other => other !== but && (other.settledMs ?? endMs) <= t),
  }
}

function isLeft({ settled, settledMs = Number.POSITIVE_INFINITY, attempts }: TaskRecord, endMs: number): boolean {
  return settled?.outcome === 'queued' && !attempts.some(({ startMs }) => startMs > Math.min(settledMs, endMs))
}

/** The latest of some instant among the tasks so far, and the latest but that. */
interface Latest {
  readonly task: TaskRecord
  readonly ms: number
  readonly nextMs: number
}

function latestSoFar(tasks: readonly TaskRecord[], msOf: (task: TaskRecord) => number): readonly Latest[] {
  let latest: Latest | undefined
  return tasks.map(task => {
    const ms = msOf(task)
    if (!latest) latest = { task, ms, nextMs: Number.NEGATIVE_INFINITY }
    else if (ms > latest.ms) latest = { task, ms, nextMs: latest.ms }
    else if (ms > latest.nextMs) latest = { ...latest, nextMs: ms }
    return latest
  })
}

function besides(latest: Latest | undefined, but: TaskRecord, t: number): boolean {
  return latest !== undefined && (latest.task === but ? latest.nextMs : latest.ms) >= t
}

/** How many of `starts`, which are in order, lie before `t`. */
function before(starts: readonly number[], t: number): number {
  let low = 0
  let high = starts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((starts[middle] ?? 0) < t) low = middle + 1
    else high = middle
  }
  return low
}
