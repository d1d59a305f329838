import { faults } from '../../src/faults/index.ts'
import type {
  AttemptOutcome,
  AttemptStarted,
  CallStarted,
  JobEvent,
  JournalEvent,
  NoteKind,
  Outcome,
  SideEffectRecord,
  Spent,
  TaskSettled,
  TaskStarted,
} from '../../src/journal/event.ts'
import type { Json, Scenario } from '../../src/model/scenario.ts'
import { compilePlan, type Plan, phaseNameAt } from '../../src/model/timeline.ts'
import { type JournalView, viewJournal } from '../../src/oracles/view.ts'

export const second = 1_000
export const minute = 60_000

/** Ten minutes of nothing but 529 on the API, then health. What {@link outageText} says. */
export const outage: Scenario = {
  blackstart: 1,
  id: 'ten-minutes-down',
  provider: 'anthropic',
  phases: [
    {
      name: 'blackout',
      for: 10 * minute,
      faults: [{ surface: ['api'], fault: { id: 'overloaded', params: {} } }],
    },
  ],
}

export const outageText = `blackstart: 1
id: ten-minutes-down
provider: anthropic
phases:
  - { name: blackout, for: 10m, faults: [{ surface: api, fault: overloaded }] }
`

export function planOf(scenario: Scenario): Plan {
  return compilePlan(scenario, faults)
}

/** Writes a journal by hand: tasks, their calls and attempts at the times given. Ids count from 1 in order of creation. */
export class JournalBuilder {
  readonly plan: Plan
  readonly #events: JournalEvent[] = []
  readonly #ids = { task: 0, call: 0, attempt: 0 }

  constructor(scenario: Scenario = outage, text = outageText, engine = 'msw') {
    this.plan = planOf(scenario)
    this.add({
      ...{ type: 'run-started', t: 0, version: 1, blackstart: '0.1.0', scenario: text, scenarioId: scenario.id },
      ...{ seed: 1, engine, client: 'hand-made', versions: {}, workload: {} },
    })
    for (const { name, startMs } of this.plan.phases) this.add({ type: 'phase-entered', t: startMs, phase: name })
    this.add({ type: 'phase-entered', t: this.plan.lengthMs, phase: 'healed' })
  }

  task(t: number, options: Partial<TaskStarted> = {}): TaskBuilder {
    const n = ++this.#ids.task
    const started: TaskStarted = {
      ...{ type: 'task-started', t, task: `t${n}`, instance: 0, user: n - 1, tenant: 'tenant-1' },
      ...{ session: `s${n}`, class: 'standard', question: `q${n}`, streaming: false },
      ...options,
    }
    this.add(started)
    return new TaskBuilder(this, started)
  }

  /** A call of no task, as a queue's worker makes it. */
  call(t: number, options: Partial<CallStarted> = {}): CallBuilder {
    const n = ++this.#ids.call
    const started: CallStarted = {
      ...{ type: 'call-started', t, call: `c${n}`, provider: 'anthropic', surface: 'api.messages' },
      ...{ model: 'claude', streaming: false, bodyHash: `b${n}` },
      ...options,
    }
    this.add(started)
    return new CallBuilder(this, started)
  }

  note(t: number, kind: NoteKind, says: string, task?: string): this {
    this.add({ type: 'note', t, kind, says, ...(task !== undefined && { task }) })
    return this
  }

  /** Good answers of the warm-up. */
  warmUp(count: number, options: Partial<CallStarted> & Partial<TaskStarted> = {}): this {
    for (let i = 0; i < count; i++) {
      const { provider = 'anthropic', surface = 'api.messages', model = 'claude', ...of } = options
      const task = this.task(-minute + i, of)
      task.call(-minute + i, { provider, surface, model }).answered(-minute + i)
      task.settle(-minute + i + 1_500, 'ok')
    }
    return this
  }

  /** A task that the app's own queue takes in, and what its list shows of it later. */
  job(t: number, fate: JobFate = {}, options: Partial<TaskStarted> = {}): TaskBuilder {
    const task = this.task(t, options)
    const id = task.started.task
    const tell = (type: JobEvent['type'], at: number, detail: Json) => {
      this.add({ type, t: at, job: `j-${id}`, detail: { task: id, ...(typeof detail === 'object' && detail) } })
    }
    task.settle(t + 5, 'queued', { claimed: true, source: 'queue', jobId: `j-${id}` })
    tell('job-submitted', t + 5, {})
    for (const [state, at] of Object.entries(fate)) {
      tell('job-listed', at, { state })
      if (state === 'done') tell('job-done', at, {})
      if (state === 'dead') tell('job-dead', at, {})
    }
    return task
  }

  nextAttempt(): string {
    return `a${++this.#ids.attempt}`
  }

  add(event: JournalEvent): void {
    this.#events.push(event)
  }

  /** All events in order of time, closed at `endMs`. */
  events(endMs: number = this.plan.lengthMs + this.plan.tailMs): readonly JournalEvent[] {
    const inOrder = this.#events.toSorted((a, b) => a.t - b.t)
    return [
      ...inOrder,
      { type: 'run-ended', t: Math.max(endMs, inOrder.at(-1)?.t ?? 0), reason: 'complete', realIo: false },
    ]
  }

  view(endMs?: number): JournalView {
    return viewJournal(this.events(endMs))
  }
}

/** When the list first shows a job in each of these states. */
export interface JobFate {
  readonly running?: number
  readonly done?: number
  readonly dead?: number
  /** No longer in the list. */
  readonly gone?: number
}

export class TaskBuilder {
  readonly #journal: JournalBuilder
  readonly started: TaskStarted

  constructor(journal: JournalBuilder, started: TaskStarted) {
    this.#journal = journal
    this.started = started
  }

  call(t: number = this.started.t, options: Partial<CallStarted> = {}): CallBuilder {
    return this.#journal.call(t, { task: this.started.task, streaming: this.started.streaming, ...options })
  }

  settle(t: number, outcome: Outcome, options: Partial<TaskSettled> = {}): this {
    const answer = outcome === 'ok' ? 'complete' : outcome === 'truncated' ? 'truncated' : 'none'
    this.#journal.add({
      ...{ type: 'task-settled', t, task: this.started.task, outcome, claimed: false, answer },
      ...options,
    })
    return this
  }
}

export interface AttemptOptions extends Partial<AttemptStarted> {
  /** Absent when no headers came. */
  readonly status?: number
  /** Ms from the attempt's start to its headers. */
  readonly headersAfter?: number
  /** Ms from its start to its end; the headers' time when absent, `null` for an attempt that never ends. */
  readonly endAfter?: number | null
  readonly retryAfterMs?: number
  readonly shouldRetry?: boolean
  readonly spent?: Spent
  readonly outcome?: AttemptOutcome
  readonly bytes?: number
}

export class CallBuilder {
  readonly #journal: JournalBuilder
  readonly #started: CallStarted
  #n = 0
  #attempt = ''

  constructor(journal: JournalBuilder, started: CallStarted) {
    this.#journal = journal
    this.#started = started
  }

  attempt(t: number, options: AttemptOptions = {}): this {
    const {
      status,
      headersAfter = 200,
      endAfter = headersAfter,
      retryAfterMs,
      shouldRetry,
      spent,
      outcome,
      bytes,
      ...own
    } = options
    const { type: _, t: __, asks: ___, ...call } = this.#started
    const attempt = this.#journal.nextAttempt()
    this.#attempt = attempt
    const phase = phaseNameAt(this.#journal.plan.phases, t, this.#journal.plan.lengthMs)
    this.#journal.add({
      ...{ type: 'attempt-started', t, attempt, n: ++this.#n, instance: 0, key: 'canary' },
      ...{ attributedBy: 'context', phase, effect: status === 200 ? 'pass' : 'answer' },
      ...call,
      ...own,
    })
    if (status !== undefined)
      this.#journal.add({
        ...{ type: 'attempt-headers', t: t + headersAfter, attempt, status },
        ...(retryAfterMs !== undefined && { retryAfterMs }),
        ...(shouldRetry !== undefined && { shouldRetry }),
        ...(spent && { spent }),
      })
    if (endAfter !== null)
      this.#journal.add({
        ...{ type: 'attempt-ended', t: t + endAfter, attempt, bytes: bytes ?? (status === 200 ? 400 : 90) },
        outcome: outcome ?? (status === undefined ? 'refused' : status < 400 ? 'ok' : 'error'),
      })
    return this
  }

  /** What the last attempt changed outside, at its start. */
  changed(t: number, options: Partial<SideEffectRecord> = {}): this {
    const { task, surface } = this.#started
    this.#journal.add({
      ...{ type: 'side-effect', t, attempt: this.#attempt, surface: `http.${surface}`, key: 'k1', named: false },
      ...{ done: true, times: 1 },
      ...(task !== undefined && { task }),
      ...options,
    })
    return this
  }

  /** One attempt that gets its answer after `tookMs`. */
  answered(t: number, tookMs = 1_500): this {
    return this.attempt(t, { status: 200, headersAfter: tookMs })
  }

  /** One attempt that gets a 529. */
  overloaded(t: number): this {
    return this.attempt(t, { status: 529 })
  }
}

/** A task with one call and one good answer. */
export function healthyTask(journal: JournalBuilder, t: number, options: Partial<TaskStarted> = {}): void {
  const task = journal.task(t, options)
  task.call().answered(t)
  task.settle(t + 1_500, 'ok')
}

/** A task whose one attempt gets a 529, and which says so. */
export function failedTask(journal: JournalBuilder, t: number, options: Partial<TaskStarted> = {}): void {
  const task = journal.task(t, options)
  task.call().overloaded(t)
  task.settle(t + 200, 'failed', { error: 'APIError' })
}
