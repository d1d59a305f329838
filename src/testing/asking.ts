import { runInThisContext } from 'node:vm'
import { inContext } from '../attribution/attribution.ts'
import { Life } from '../attribution/life.ts'
import type { Settlement } from '../model/integration.ts'
import { readDuration, sayInstant } from '../run/instants.ts'
import type { Stage } from '../run/stage.ts'
import { nameOf, type Settled } from '../workload/perform-task.ts'
import { type Flow, over } from './flow.ts'
import { OutageTask } from './outage-task.ts'
import { outcomeOf } from './outcome.ts'
import { recordsOf } from './records.ts'

/** What is asked is given up this long after the healthy time that follows the scenario. */
export const patienceMs = 15 * 60_000

/** Jest and Vitest's vm pools run tests in a context of its own, whose imports of Node's modules are copies. */
const isInVm = runInThisContext('Array') !== Array
const inVmHint =
  " This runner keeps its tests in a vm context, where what is imported from node:timers/promises stays on real time: use the global timers, or Vitest's pools forks and threads."

export interface TaskOptions<T> {
  /** The app's own word on what it returned, as in a client module. */
  settle?(answer: T): Settlement
  readonly class?: string
  readonly tenant?: string
  /** How much virtual time it may take; it is waited for that long. */
  readonly within?: string | number
}

/** What a function of a test is told. */
export interface TaskContext {
  readonly id: string
  /** Aborted when the outage ends. */
  readonly signal: AbortSignal
}

export type Ask<T> = (context: TaskContext) => T | Promise<T>

/** What a test itself asks the app in an outage. */
export class Asking {
  private readonly stage: Stage
  private readonly flow: Flow
  private readonly life = new Life(0, 0)
  /** By task: what rejects it. */
  private readonly open = new Map<string, (reason: unknown) => void>()
  private waiting: (() => void)[] = []

  constructor(stage: Stage, flow: Flow) {
    this.stage = stage
    this.flow = flow
  }

  /** `number`: the how-manieth task it is. `user`: whose; users are told apart by it. */
  ask<T>(number: number, user: number, ask: Ask<T>, options: TaskOptions<T>): OutageTask<T> {
    const within = options.within === undefined ? undefined : readDuration(options.within, 'wait')
    const { stage } = this
    const id = `t${number}`
    const { class: kind = 'normal', tenant = 'tenant-1' } = options
    const asked = { instance: 0, user, tenant, session: 'test', question: id }
    const context = { id, signal: stage.stopper.signal }
    stage.journal.write({ type: 'task-started', t: stage.t(), task: id, ...asked, class: kind, streaming: false })
    stage.attributor.open({ id, ...asked, number, attempts: 0, inFlight: 0 })
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    // Whoever awaits it is told; a test may well look at its requests alone.
    promise.catch(() => {})
    this.open.set(id, reject)
    void inContext({ instance: 0, task: id, life: this.life }, async () => ask(context)).then(
      async value => {
        this.settled(id, await outcomeOf(value, context, options.settle))
        resolve(value)
      },
      error => {
        this.settled(id, { outcome: 'failed', claimed: false, answer: 'none', error: nameOf(error) })
        reject(error)
      },
    )
    return new OutageTask(id, promise, () => this.wait(id, promise, within))
  }

  /** Resolves when nothing is open. */
  async allSettled(): Promise<void> {
    while (this.open.size > 0) await new Promise<void>(resolve => this.waiting.push(resolve))
  }

  /** Nothing that the app still does has an effect, and nobody waits for it in vain. */
  end(): void {
    for (const reject of this.open.values()) reject(over())
    this.open.clear()
    this.life.end('crash')
  }

  private settled(id: string, how: Settled): void {
    const { stage } = this
    if (!stage.over) stage.journal.write({ type: 'task-settled', t: stage.t(), task: id, ...how })
    stage.attributor.close(id)
    this.open.delete(id)
    const { waiting } = this
    this.waiting = []
    for (const go of waiting) go()
  }

  private wait<T>(id: string, work: Promise<T>, withinMs: number | undefined): Promise<T> {
    if (!this.open.has(id)) return work
    const { clock, plan } = this.stage
    const limitMs = withinMs ?? Math.max(patienceMs, plan.lengthMs + plan.tailMs + patienceMs - this.stage.t())
    const tooLate = Promise.withResolvers<never>()
    const cancel = clock.after(limitMs, () => tooLate.reject(this.stillOpen(id, limitMs)))
    return this.flow.until(Promise.race([work, tooLate.promise])).finally(cancel)
  }

  private stillOpen(id: string, ms: number): Error {
    const { journal, plan } = this.stage
    const last = recordsOf(journal.events, plan).attempts.findLast(attempt => attempt.task === id)
    const at = last ? `: its last request, ${last.id} at ${sayInstant(last.atMs, plan)}, is ${last.outcome}` : ''
    return new Error(`${id} was still open after ${ms / 1_000} s of virtual time${at}.${isInVm ? inVmHint : ''}`)
  }
}
