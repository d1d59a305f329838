import type { JournalEvent, Outcome, TaskSettled } from '../journal/event.ts'
import { covers, surfaceName } from '../model/arrival.ts'
import { fullSurface, ownSurfaces, type Plan, phaseNameAt } from '../model/timeline.ts'
import { readInstant } from '../run/instants.ts'

/** One HTTP request of the app, as far as it has come. Times are ms since the first phase began. */
export interface Attempt {
  readonly id: string
  readonly call: string
  readonly task?: string
  /** `1` for the first of its call; retries count on. */
  readonly n: number
  /** `anthropic.api.messages`. */
  readonly surface: string
  readonly model?: string
  readonly streaming: boolean
  readonly phase: string
  readonly atMs: number
  /** The fault that hit it. */
  readonly fault?: string
  /** `pass`, `limited`, or what was done to it. */
  readonly effect: string
  readonly status?: number
  readonly retryAfterMs?: number
  readonly endedMs?: number
  /** `open` until it has ended. */
  readonly outcome: string
}

/** One model request that the app meant, with its attempts. */
export interface Call {
  readonly id: string
  readonly task?: string
  readonly surface: string
  readonly phase: string
  readonly atMs: number
  readonly attempts: readonly Attempt[]
}

/** One thing that the app was asked. */
export interface Task {
  readonly id: string
  readonly phase: string
  readonly atMs: number
  readonly settledMs?: number
  /** Absent while it is open. */
  readonly outcome?: Outcome
  readonly source?: TaskSettled['source']
  /** Class of what was thrown. */
  readonly error?: string
  readonly attempts: readonly Attempt[]
}

/** Which records are meant; all conditions must hold. */
export interface RecordFilter {
  /** A surface or what it is part of: `api`, `openai.api`. */
  readonly surface?: string
  /** A phase, all its laps where none is named. `steady-state` and `healed` are before and after. */
  readonly phase?: string
  /** From this instant on: `chat-up + 5m`, or ms since the first phase. */
  readonly since?: string | number
  readonly task?: string
}

/** What happened so far, in the order in which it began, the healthy time before the outage included. */
export interface Records {
  readonly attempts: readonly Attempt[]
  readonly calls: readonly Call[]
  readonly tasks: readonly Task[]
}

type Open<T> = { -readonly [K in keyof T]: T[K] }

/** Reads the records of a journal. */
export function recordsOf(events: readonly JournalEvent[], plan: Plan): Records {
  const attempts = new Map<string, Open<Attempt>>()
  const calls = new Map<string, Open<Call> & { attempts: Attempt[] }>()
  const tasks = new Map<string, Open<Task> & { attempts: Attempt[] }>()
  const phaseAt = (t: number) => phaseNameAt(plan.phases, t, plan.lengthMs)
  for (const event of events) {
    if (event.type === 'task-started')
      tasks.set(event.task, { id: event.task, phase: phaseAt(event.t), atMs: event.t, attempts: [] })
    else if (event.type === 'task-settled') {
      const { t, outcome, source, error } = event
      const task = tasks.get(event.task)
      if (task) Object.assign(task, { settledMs: t, outcome, ...(source && { source }), ...(error && { error }) })
    } else if (event.type === 'call-started') {
      const { call: id, task, provider, surface, t } = event
      const named = { id, ...(task !== undefined && { task }), surface: surfaceName(provider, surface) }
      calls.set(id, { ...named, phase: phaseAt(t), atMs: t, attempts: [] })
    } else if (event.type === 'attempt-started') {
      const { attempt: id, call, task, n, model, streaming, phase, t, fault, effect } = event
      const attempt: Open<Attempt> = {
        ...{ id, call, n, streaming, phase, effect, atMs: t, outcome: 'open' },
        surface: surfaceName(event.provider, event.surface),
        ...(task !== undefined && { task }),
        ...(model !== undefined && { model }),
        ...(fault !== undefined && { fault }),
      }
      attempts.set(id, attempt)
      calls.get(call)?.attempts.push(attempt)
      if (task !== undefined) tasks.get(task)?.attempts.push(attempt)
    } else if (event.type === 'attempt-headers') {
      const { status, retryAfterMs } = event
      const attempt = attempts.get(event.attempt)
      if (attempt) Object.assign(attempt, { status, ...(retryAfterMs !== undefined && { retryAfterMs }) })
    } else if (event.type === 'attempt-ended') {
      const attempt = attempts.get(event.attempt)
      if (attempt) Object.assign(attempt, { endedMs: event.t, outcome: event.outcome })
    }
  }
  return { attempts: [...attempts.values()], calls: [...calls.values()], tasks: [...tasks.values()] }
}

interface Filterable {
  readonly atMs: number
  readonly phase: string
  readonly surface?: string
  readonly id: string
  readonly task?: string
  readonly attempts?: readonly Attempt[]
}

/** Those records that `filter` means. Throws a `UsageError` for an instant that the scenario does not have. */
export function chosen<R extends Filterable>(records: readonly R[], filter: RecordFilter, plan: Plan): readonly R[] {
  const { surface, phase, since, task } = filter
  const { scenario } = plan
  const pattern = surface === undefined ? undefined : fullSurface(surface, scenario.provider, ownSurfaces(scenario))
  const sinceMs = typeof since === 'string' ? readInstant(since, plan) : since
  const isOn = (record: Filterable): boolean =>
    pattern === undefined ||
    (record.surface === undefined ? (record.attempts ?? []).some(isOn) : covers(pattern, record.surface))
  return records.filter(
    record =>
      isOn(record) &&
      (phase === undefined || record.phase === phase || record.phase.replace(/#\d+$/, '') === phase) &&
      (sinceMs === undefined || record.atMs >= sinceMs) &&
      (task === undefined || (record.task ?? record.id) === task),
  )
}
