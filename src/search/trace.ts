import { createHash } from 'node:crypto'
import { surfaceOf } from '../oracles/attempts.ts'
import type { AttemptRecord, CallRecord, TaskRecord } from '../oracles/view.ts'
import { detailOf } from './report-detail.ts'
import type { Seen } from './seen.ts'

/**
 * What a client did in a run, as 16 hex digits: equal for runs in which it behaved alike, whatever was done to it. It is
 * told by the shapes of its tasks (their calls, how many attempts each made where, about how long it waited between
 * them, and what became of the task), how often each shape came, and what was noted. Not in it: instants, ids, names of
 * faults and status codes, the order of tasks, and how many tasks went as they go on a good day.
 */
export function traceOf({ view, reports }: Seen, failed: readonly string[] = []): string {
  const shapes = new Map<string, number>()
  for (const task of view.tasks) add(shapes, shapeOf(task), isPlain(task))
  for (const call of view.calls) if (!call.task) add(shapes, `alone ${callShape(call)}`, isGood(call))
  for (const note of view.notes) add(shapes, `note ${note.kind}`, true)
  for (const report of reports)
    add(shapes, `${report.hook} ${detailOf(report, 'state') ?? detailOf(report, 'op') ?? ''}`, true)
  for (const { event } of view.sideEffects) add(shapes, `effect ${event.surface} ${event.times}`, event.times <= 1)
  const lines = [...shapes].map(([shape, times]) => (times === 0 ? shape : `${shape} ${rough(times)}`)).toSorted()
  return createHash('sha256')
    .update(JSON.stringify([lines, failed.toSorted()]))
    .digest('hex')
    .slice(0, 16)
}

/** How many of what is `everyday` there are depends on time alone, and is not counted. */
function add(shapes: Map<string, number>, shape: string, everyday: boolean): void {
  shapes.set(shape, everyday ? 0 : (shapes.get(shape) ?? 0) + 1)
}

function shapeOf({ calls, settled }: TaskRecord): string {
  const how = settled && [
    settled.outcome,
    settled.answer,
    settled.source ?? '',
    settled.labelled === true,
    settled.lostTo ?? '',
  ]
  return `${calls.map(callShape).join('; ')} -> ${how?.join(' ') ?? 'open'}`
}

function callShape({ attempts }: CallRecord): string {
  return attempts
    .map(
      (attempt, i) =>
        `${waited(attempts[i - 1], attempt)}${surfaceOf(attempt)} ${attempt.started.model ?? ''}${attempt.started.streaming ? ' streamed' : ''} ${fateOf(attempt)}`,
    )
    .join(', ')
}

/** Whether it got what it asked for, gave it up, or failed at it: not how. */
function fateOf({ ended }: AttemptRecord): string {
  if (ended?.outcome === 'ok' || ended?.outcome === 'aborted') return ended.outcome
  return ended && ended.outcome !== 'open' ? 'failed' : 'open'
}

/** The wait before a retry, by its order of magnitude. */
function waited(before: AttemptRecord | undefined, attempt: AttemptRecord): string {
  if (!before) return ''
  const ms = attempt.startMs - (before.endMs ?? attempt.startMs)
  return `${['at once', 'soon', 'later', 'much later'][[100, 2_000, 30_000].filter(limit => ms >= limit).length]}: `
}

function isGood({ attempts }: CallRecord): boolean {
  return attempts.length === 1 && attempts[0]?.ended?.outcome === 'ok'
}

function isPlain({ calls, settled }: TaskRecord): boolean {
  return settled?.outcome === 'ok' && calls.every(isGood)
}

/** 1, a few, many. */
function rough(times: number): string {
  return times === 1 ? 'once' : times < 5 ? 'a few' : 'many'
}
