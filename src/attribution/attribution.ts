import { AsyncLocalStorage } from 'node:async_hooks'
import type { AttributedBy } from '../model/arrival.ts'
import type { Life } from './life.ts'
import { taskOfTrace } from './trace.ts'

/** What the async context says: which instance's code runs, and for which task. */
export interface Context {
  readonly instance: number
  readonly task: string | undefined
  /** The life of the instance that the code belongs to; absent in blackstart's own code. */
  readonly life?: Life
  /** Present in a health check: counts the requests that it makes. */
  readonly check?: { asks: number }
}

/**
 * One storage for all copies of blackstart in this thread: a client that imports its own copy for `withCall` must reach
 * the run of the copy that drives it.
 */
const storageKey = Symbol.for('blackstart.context')
const shared = globalThis as typeof globalThis & { [storageKey]?: AsyncLocalStorage<Context> }
const storage = shared[storageKey] ?? new AsyncLocalStorage<Context>()
shared[storageKey] = storage

/** Runs `fn` in the context of an instance, or of one of its tasks; everything it starts inherits that. */
export function inContext<T>(context: Context, fn: () => T): T {
  return storage.run(context, fn)
}

export function currentContext(): Context | undefined {
  return storage.getStore()
}

/**
 * Says that what `fn` does belongs to the task or job `id`. For queue workers, whose code runs outside the task that
 * filled the queue. Does nothing but call `fn` outside a run.
 */
export function withCall<T>(id: string, fn: () => T): T {
  return storage.run({ instance: -1, ...storage.getStore(), task: id }, fn)
}

/** Runs `fn` as nobody's: for what outlives the instance in whose code it happens to begin. */
export function inNoContext<T>(fn: () => T): T {
  return storage.run(nobody, fn)
}

const nobody: Context = { instance: -1, task: undefined }

/** Whether the code that runs now belongs to a process of the app that is gone: nothing it does may have an effect. */
export function isFenced(): boolean {
  return storage.getStore()?.life?.isOver === true
}

/** A task as attribution needs it. */
export interface OpenTask {
  readonly id: string
  readonly instance: number
  /** The instance whose user it is, where another one serves it: draws are keyed by it. */
  readonly home?: number
  readonly user: number
  readonly tenant: string
  readonly session: string
  readonly question: string
  /** Task number of its user, from 1. */
  readonly number: number
  /** Attempts so far, all calls together. */
  attempts: number
  /** Attempts under way. */
  inFlight: number
}

export interface Attribution {
  readonly task: OpenTask | undefined
  readonly by: AttributedBy
}

export interface Clues {
  /** `blackstart-call` header. */
  readonly header: string | undefined
  /** Trace id of a `traceparent` header. */
  readonly trace: string | undefined
  readonly context: Context | undefined
  /** Id in the question's mark. */
  readonly question: string | undefined
  readonly fingerprint: string
}

/**
 * Finds the task an attempt belongs to. Order: a header, the async context, the question's mark, a fingerprint seen
 * before. Where context and mark disagree (a shared queue, a batcher) the mark wins: it names the oldest open task of
 * that question with no attempt in flight, those that wait for an answer before those that have it. What a task does
 * after it settled (a hedge that lost, a refresh in the background) is still its own.
 */
export class Attributor {
  private readonly tasks = new Map<string, OpenTask>()
  private readonly settled = new Map<string, OpenTask>()
  /** Open tasks by question, oldest first. */
  private readonly byQuestion = new Map<string, Set<OpenTask>>()
  /** Whose trace it is; nobody's, once two tasks were at it at the same time. */
  private readonly traces = new Map<string, string | undefined>()
  /** Who last sent this very request. */
  private readonly fingerprints = new Map<string, OpenTask>()
  private readonly fingerprintsOf = new Map<OpenTask, Set<string>>()
  /** Requests that were answered whole, by their task. */
  private readonly answers = new WeakMap<OpenTask, Set<string>>()
  /** The task in whose context a worker was serving an open task, found by its mark. */
  private readonly servedIn = new WeakMap<OpenTask, string | undefined>()

  open(task: OpenTask): void {
    this.tasks.set(task.id, task)
    const same = this.byQuestion.get(task.question)
    if (same) same.add(task)
    else this.byQuestion.set(task.question, new Set([task]))
  }

  close(id: string): void {
    const task = this.tasks.get(id)
    if (!task) return
    this.tasks.delete(id)
    this.settled.set(id, task)
    this.byQuestion.get(task.question)?.delete(task)
    for (const fingerprint of this.fingerprintsOf.get(task) ?? [])
      if (this.fingerprints.get(fingerprint) === task) this.fingerprints.delete(fingerprint)
    this.fingerprintsOf.delete(task)
  }

  /** The task of this id, open or settled. */
  known(id: string): OpenTask | undefined {
    return this.tasks.get(id) ?? this.settled.get(id)
  }

  get openCount(): number {
    return this.tasks.size
  }

  openTasks(): Iterable<OpenTask> {
    return this.tasks.values()
  }

  find(clues: Clues): Attribution {
    if (clues.context?.check) clues.context.check.asks++
    const found = this.look(clues)
    if (found.task && this.tasks.has(found.task.id)) this.remember(found.task, found.by, clues)
    return found
  }

  /** The task got a whole answer to this very request. */
  answered(task: OpenTask, fingerprint: string): void {
    const known = this.answers.get(task)
    if (known) known.add(fingerprint)
    else this.answers.set(task, new Set([fingerprint]))
  }

  private remember(task: OpenTask, by: AttributedBy, { trace, fingerprint, context }: Clues): void {
    if (trace !== undefined) this.traces.set(trace, this.isShared(trace, task) ? undefined : task.id)
    if (by === 'marker') this.servedIn.set(task, context?.task)
    this.fingerprints.set(fingerprint, task)
    const known = this.fingerprintsOf.get(task)
    if (known) known.add(fingerprint)
    else this.fingerprintsOf.set(task, new Set([fingerprint]))
  }

  private isShared(trace: string, task: OpenTask): boolean {
    if (!this.traces.has(trace)) return false
    const before = this.traces.get(trace)
    return before === undefined || (before !== task.id && this.tasks.has(before))
  }

  private look(clues: Clues): Attribution {
    const agrees = (task: OpenTask | undefined): task is OpenTask =>
      task !== undefined && (clues.question === undefined || task.question === clues.question)

    const byHeader = this.tasks.get(clues.header ?? '')
    if (byHeader) return { task: byHeader, by: 'header' }
    const named = this.tasks.get(taskOfTrace(clues.trace ?? '') ?? '')
    if (named) return { task: named, by: 'header' }
    // One trace may span many tasks (a process, a session): it counts where nothing speaks against it.
    const byTrace = this.tasks.get(this.traces.get(clues.trace ?? '') ?? '')
    if (agrees(byTrace)) return { task: byTrace, by: 'header' }

    const own = this.tasks.get(clues.context?.task ?? '')
    if (agrees(own)) return { task: own, by: 'context' }

    const marked = this.byMark(clues)
    const late = this.settled.get(clues.context?.task ?? '')
    if (agrees(late) && !(marked && this.isServedIn(marked, late))) return { task: late, by: 'context' }
    if (marked) return { task: marked, by: 'marker' }
    if (own) return { task: own, by: 'context' }

    const seen = this.fingerprints.get(clues.fingerprint)
    return seen && this.tasks.has(seen.id) ? { task: seen, by: 'fingerprint' } : { task: undefined, by: 'none' }
  }

  /** Whether the open task still waits for its first attempt, or has had its attempts in that settled task's context. */
  private isServedIn(task: OpenTask, settled: OpenTask): boolean {
    return task.attempts === 0 || this.servedIn.get(task) === settled.id
  }

  private byMark({ question, context, fingerprint }: Clues): OpenTask | undefined {
    if (question === undefined) return undefined
    const candidates = [...(this.byQuestion.get(question) ?? [])].filter(
      task => context === undefined || context.instance < 0 || task.instance === context.instance,
    )
    const idle = candidates.filter(task => task.inFlight === 0)
    // Who has been answered this has no reason to ask it again, unless nobody else is left.
    const waiting = idle.filter(task => !this.answers.get(task)?.has(fingerprint))
    const likely = waiting.length > 0 ? waiting : idle
    // A retry of the very same request stays with its task.
    const before = this.fingerprints.get(fingerprint)
    if (before && likely.includes(before)) return before
    return likely[0] ?? candidates[0]
  }
}
