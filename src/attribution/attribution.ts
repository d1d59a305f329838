import { AsyncLocalStorage } from 'node:async_hooks'
import type { AttributedBy } from '../journal/event.ts'

/** What the async context says: which instance's code runs, and for which task. */
export interface Context {
  readonly instance: number
  readonly task: string | undefined
}

/**
 * One storage for all copies of blackstart in this thread: a client that imports its own copy for `withCall` must reach
 * the run of the copy that drives it.
 */
const storageKey = Symbol.for('blackstart.context')
const shared = globalThis as typeof globalThis & { [storageKey]?: AsyncLocalStorage<Context> }
const storage = (shared[storageKey] ??= new AsyncLocalStorage<Context>())

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
  return storage.run({ instance: storage.getStore()?.instance ?? -1, task: id }, fn)
}

/** A task as attribution needs it. */
export interface OpenTask {
  readonly id: string
  readonly instance: number
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
 * that question with no attempt in flight.
 */
export class Attributor {
  private readonly tasks = new Map<string, OpenTask>()
  /** Open tasks by question, oldest first. */
  private readonly byQuestion = new Map<string, Set<OpenTask>>()
  private readonly traces = new Map<string, string>()
  private readonly fingerprints = new Map<string, OpenTask>()

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
    this.byQuestion.get(task.question)?.delete(task)
  }

  get openCount(): number {
    return this.tasks.size
  }

  openTasks(): Iterable<OpenTask> {
    return this.tasks.values()
  }

  find(clues: Clues): Attribution {
    const found = this.look(clues)
    if (found.task) {
      if (clues.trace !== undefined) this.traces.set(clues.trace, found.task.id)
      this.fingerprints.set(clues.fingerprint, found.task)
    }
    return found
  }

  private look(clues: Clues): Attribution {
    const byHeader = this.tasks.get(clues.header ?? '') ?? this.tasks.get(this.traces.get(clues.trace ?? '') ?? '')
    if (byHeader) return { task: byHeader, by: 'header' }

    const own = this.tasks.get(clues.context?.task ?? '')
    const agrees = own && (clues.question === undefined || own.question === clues.question)
    if (agrees) return { task: own, by: 'context' }

    const marked = this.byMark(clues)
    if (marked) return { task: marked, by: 'marker' }
    if (own) return { task: own, by: 'context' }

    const seen = this.fingerprints.get(clues.fingerprint)
    return seen && this.tasks.has(seen.id) ? { task: seen, by: 'fingerprint' } : { task: undefined, by: 'none' }
  }

  private byMark({ question, context, fingerprint }: Clues): OpenTask | undefined {
    if (question === undefined) return undefined
    const candidates = [...(this.byQuestion.get(question) ?? [])].filter(
      task => context === undefined || context.instance < 0 || task.instance === context.instance,
    )
    // A retry of the very same request stays with its task.
    const before = this.fingerprints.get(fingerprint)
    if (before && before.inFlight === 0 && candidates.includes(before)) return before
    return candidates.find(task => task.inFlight === 0) ?? candidates[0]
  }
}
