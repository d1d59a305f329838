import { isBreak } from '../journal/breaks.ts'
import type {
  AttemptEnded,
  AttemptHeaders,
  AttemptStarted,
  CallStarted,
  ClientEventRecord,
  JournalEvent,
  Mark,
  Note,
  SideEffectRecord,
  TaskSettled,
  TaskStarted,
} from '../journal/event.ts'
import { type JobRecord, JobsReader } from './view-jobs.ts'
import { jobsOf } from './view-queue.ts'
import { ReportsReader, type ReportsView } from './view-reports.ts'
import { type Answered, WarmUpReader } from './view-warm-up.ts'

/** A journal indexed once for all oracles. Only what happened from t = 0 on: the warm-up is not judged. */
export interface JournalView {
  /** In order of their start. */
  readonly tasks: readonly TaskRecord[]
  readonly calls: readonly CallRecord[]
  readonly attempts: readonly AttemptRecord[]
  readonly notes: readonly Note[]
  /** In order of their time. */
  readonly sideEffects: readonly SideEffect[]
  /** Background jobs taken in from t = 0 on, in that order. */
  readonly jobs: readonly JobRecord[]
  readonly clientEvents: readonly ClientEventRecord[]
  /** What people, and monitoring, marked; in the warm-up too. */
  readonly marks: readonly Mark[]
  /** What carried the faults; `msw` is a simulation. Empty where the journal does not begin with its beginning. */
  readonly engine: string
  /** What the app told of itself through its hooks, in the warm-up too. */
  readonly reports: ReportsView
  /** Good answers that the app got in the warm-up: what its healthy life looks like. */
  readonly warmUp: readonly Answered[]
  /** When the run ended, ms. */
  readonly endMs: number
  /** Name of the phase at `t`. */
  phaseAt(t: number): string
}

export interface TaskRecord {
  readonly id: string
  readonly startMs: number
  readonly started: TaskStarted
  /** Absent when still open at the end of the run. */
  readonly settled?: TaskSettled
  readonly settledMs?: number
  readonly phase: string
  readonly calls: readonly CallRecord[]
  readonly attempts: readonly AttemptRecord[]
}

export interface CallRecord {
  readonly id: string
  readonly task?: TaskRecord
  readonly started: CallStarted
  readonly startMs: number
  readonly attempts: readonly AttemptRecord[]
}

export interface AttemptRecord {
  readonly id: string
  readonly call: CallRecord
  readonly task?: TaskRecord
  readonly startMs: number
  readonly headersMs?: number
  readonly endMs?: number
  readonly started: AttemptStarted
  readonly headers?: AttemptHeaders
  readonly ended?: AttemptEnded
}

/** What a request changed outside the conversation. */
export interface SideEffect {
  readonly event: SideEffectRecord
  readonly attempt: AttemptRecord
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Indexes `events` (in journal order). Linear in their number. */
export function viewJournal(events: readonly JournalEvent[]): JournalView {
  const tasks: (Mutable<TaskRecord> & { calls: CallRecord[]; attempts: AttemptRecord[] })[] = []
  const calls: (Mutable<CallRecord> & { attempts: AttemptRecord[] })[] = []
  const attempts: Mutable<AttemptRecord>[] = []
  const notes: Note[] = []
  const sideEffects: SideEffect[] = []
  const clientEvents: ClientEventRecord[] = []
  const marks: Mark[] = []
  let engine = ''
  const jobs = new JobsReader()
  const reports = new ReportsReader()
  const warmUp = new WarmUpReader()
  const taskOf = new Map<string, (typeof tasks)[number]>()
  const callOf = new Map<string, (typeof calls)[number]>()
  const attemptOf = new Map<string, Mutable<AttemptRecord>>()
  const starts: { t: number; name: string }[] = []
  const breaks: number[] = []
  let endMs = 0
  /** Calls that began while the app came up again for a tool that had died: what was sent then is not judged. */
  const early = new Set<CallRecord>()
  let isBroken = false
  for (const event of events) {
    endMs = Math.max(endMs, event.t)
    warmUp.read(event)
    if (isBreak(event)) {
      isBroken = event.mark === 'interrupted'
      breaks.push(event.t)
    }
    switch (event.type) {
      case 'phase-entered':
        starts.push({ t: event.t, name: event.phase })
        break
      case 'task-started': {
        if (event.t < 0) break
        const phase = starts.at(-1)?.name ?? ''
        const task = { id: event.task, startMs: event.t, started: event, phase, calls: [], attempts: [] }
        tasks.push(task)
        taskOf.set(event.task, task)
        break
      }
      case 'task-settled': {
        const task = taskOf.get(event.task)
        if (!task) break
        task.settled = event
        task.settledMs = event.t
        break
      }
      case 'call-started': {
        const task = event.task === undefined ? undefined : taskOf.get(event.task)
        // A call of a warm-up task, or of no task before t = 0, belongs to the warm-up.
        if (!task && (event.t < 0 || event.task !== undefined)) break
        const call = { id: event.call, started: event, startMs: event.t, attempts: [], ...(task && { task }) }
        calls.push(call)
        if (isBroken) early.add(call)
        callOf.set(event.call, call)
        task?.calls.push(call)
        break
      }
      case 'attempt-started': {
        const call = callOf.get(event.call)
        if (!call || isBroken) break
        const attempt = {
          id: event.attempt,
          call,
          startMs: event.t,
          started: event,
          ...(call.task && { task: call.task }),
        }
        attempts.push(attempt)
        attemptOf.set(event.attempt, attempt)
        call.attempts.push(attempt)
        if (call.task) taskOf.get(call.task.id)?.attempts.push(attempt)
        break
      }
      case 'attempt-headers': {
        const attempt = attemptOf.get(event.attempt)
        if (!attempt) break
        attempt.headers = event
        attempt.headersMs = event.t
        break
      }
      case 'attempt-ended': {
        const attempt = attemptOf.get(event.attempt)
        if (!attempt) break
        attempt.ended = event
        attempt.endMs = event.t
        break
      }
      case 'run-started':
        engine = event.engine
        break
      case 'note':
        notes.push(event)
        break
      case 'mark':
        marks.push(event)
        break
      case 'client-event':
        clientEvents.push(event)
        break
      case 'side-effect': {
        const attempt = attemptOf.get(event.attempt)
        if (attempt) sideEffects.push({ event, attempt })
        break
      }
      case 'job-submitted':
      case 'job-started':
      case 'job-listed':
      case 'job-done':
      case 'job-dead':
        jobs.read(event, taskOf)
        break
      case 'app-report':
        reports.read(event, taskOf)
        break
      default:
        break
    }
  }
  const queue = { events: reports.queues, tasks: taskOf, clientEvents, breaks, endMs }
  const more = { notes, sideEffects, clientEvents, marks, engine, reports, warmUp: warmUp.answered }
  const judged = early.size === 0 ? calls : calls.filter(call => !early.has(call) || call.attempts.length > 0)
  const all = { tasks, calls: judged, attempts, jobs: jobsOf(jobs.records, queue), ...more }
  return { ...all, endMs, phaseAt: t => nameAt(starts, t) }
}

function nameAt(starts: readonly { t: number; name: string }[], t: number): string {
  let low = 0
  let high = starts.length - 1
  let name = starts[0]?.name ?? ''
  while (low <= high) {
    const middle = (low + high) >> 1
    const start = starts[middle]
    if (!start) break
    if (start.t <= t) {
      name = start.name
      low = middle + 1
    } else high = middle - 1
  }
  return name
}
