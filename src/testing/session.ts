import { nativeNow } from '../clock/native.ts'
import type { VirtualClock } from '../clock/virtual.ts'
import type { JournalEvent, RunEnded } from '../journal/event.ts'
import type { Scenario } from '../model/scenario.ts'
import { phaseNameAt } from '../model/timeline.ts'
import type { Injected, Injection, Injections } from '../run/injections.ts'
import type { Instances } from '../run/instances.ts'
import { readDuration, readInstant, sayInstant } from '../run/instants.ts'
import { judgePlayed, type Played } from '../run/judge-played.ts'
import { refusal } from '../run/refusal.ts'
import type { RunResult } from '../run/result.ts'
import type { Stage } from '../run/stage.ts'
import { changedSince, type Snapshot } from '../run/take-over.ts'
import { type Ask, Asking, patienceMs, type TaskOptions } from './asking.ts'
import type { Crowd } from './crowd.ts'
import { Flow, over } from './flow.ts'
import type { OutageTask } from './outage-task.ts'
import { type Attempt, type Call, chosen, type RecordFilter, type Records, recordsOf, type Task } from './records.ts'
import type { OpenWorld } from './world.ts'

/** Longer than HTTP clients keep an idle connection. */
const settlingMs = 10_000

/** The parts of a started outage. */
export interface SessionParts
  extends Pick<Played, 'catalogue' | 'thresholds' | 'client' | 'users' | 'file' | 'positions'> {
  readonly stage: Stage<VirtualClock>
  readonly world: OpenWorld
  readonly instances: Instances
  readonly injections: Injections
  readonly before: Snapshot
  readonly wallStart: number
}

/**
 * An outage that a test goes through, moment by moment. Time is virtual and stands still, except while `goto`,
 * `advance`, `run` or a task is awaited. Every global is given back by `finish` or `close`.
 */
export class OutageSession implements AsyncDisposable {
  private readonly parts: SessionParts
  private readonly flow: Flow
  private readonly asking: Asking
  private readonly closing = new AbortController()
  private crowd: Crowd | undefined
  private asked = 0
  /** Settles once nothing of it is left. */
  private end: Promise<unknown> | undefined

  constructor(parts: SessionParts) {
    this.parts = parts
    const { stage } = parts
    this.flow = new Flow(stage.clock, this.closing.signal, where => {
      stage.note('livelock', `Timers fire without end and nothing moves; they are set at ${where}.`)
    })
    this.asking = new Asking(stage, this.flow)
  }

  get seed(): number {
    return this.parts.stage.seed
  }

  /** Ms since the first phase began; negative in the healthy time before it. */
  get now(): number {
    return this.parts.stage.t()
  }

  /** `steady-state`, a phase (`up#2` for its second lap), then `healed`. */
  get phase(): string {
    const { plan } = this.parts.stage
    return phaseNameAt(plan.phases, this.now, plan.lengthMs)
  }

  get isOver(): boolean {
    return this.end !== undefined
  }

  /** What it goes through, with what was injected so far. */
  get scenario(): Scenario {
    return this.parts.injections.plan().scenario
  }

  /** Where it is and how to see it again, in a line. */
  get summary(): string {
    const { plan } = this.parts.stage
    const where = this.isOver ? 'over' : `at ${sayInstant(this.now, plan)}`
    return `outage ${plan.scenario.id}, seed ${this.seed}, ${where}`
  }

  /** The journal so far. */
  get journal(): readonly JournalEvent[] {
    return this.parts.stage.journal.events
  }

  /** Lets time pass until `instant`: `blackout + 10s`, `start`, `end`, `healed`, or ms since the first phase. */
  async goto(instant: string | number): Promise<void> {
    this.refuseWhenOver()
    const { plan } = this.parts.stage
    const t = typeof instant === 'number' ? instant : readInstant(instant, plan)
    if (t < this.now)
      throw refusal(
        `Failed to go to ${instant}: it is ${sayInstant(this.now, plan)} already, and time does not go back.`,
        'Start another outage, or go there first.',
      )
    await this.pass(t - this.now)
  }

  /** Lets `duration` pass: `30s`, or a number of ms. */
  async advance(duration: string | number): Promise<void> {
    this.refuseWhenOver()
    await this.pass(readDuration(duration, 'advance'))
  }

  /** Asks the app something, and lets time pass until it is done. Gives what `ask` gave, and rejects as it does. */
  run<T>(ask: Ask<T>, options: TaskOptions<T> = {}): Promise<T> {
    return this.task(ask, options).then()
  }

  /** Asks the app something now. Time does not pass for it unless the test awaits it, or lets time pass otherwise. */
  task<T>(ask: Ask<T>, options: TaskOptions<T> = {}): OutageTask<T> {
    this.refuseWhenOver()
    return this.asking.ask(this.crowd?.next() ?? ++this.asked, this.parts.users, ask, options)
  }

  /** A fault from now on, without a scenario. Throws a `UsageError` for what a scenario could not say either. */
  inject(injection: Injection): Injected {
    this.refuseWhenOver()
    return this.parts.injections.add(injection)
  }

  /** Requests so far, in the order in which they began. */
  attempts(filter: RecordFilter = {}): readonly Attempt[] {
    return chosen(this.records().attempts, filter, this.parts.stage.plan)
  }

  calls(filter: RecordFilter = {}): readonly Call[] {
    return chosen(this.records().calls, filter, this.parts.stage.plan)
  }

  tasks(filter: RecordFilter = {}): readonly Task[] {
    return chosen(this.records().tasks, filter, this.parts.stage.plan)
  }

  /**
   * Lets the rest of the scenario pass, and the healthy time after it; gives every global back, and judges what the app
   * did by all oracles.
   */
  finish(): Promise<RunResult> {
    this.refuseWhenOver()
    const finishing = this.playOut()
    this.end = finishing.catch(() => {})
    return finishing
  }

  /** Ends it where it is, gives every global back, and judges nothing. May be called at any time, and again. */
  async close(): Promise<void> {
    if (this.end) {
      this.closing.abort()
      await this.end
      return
    }
    const shutting = this.shut('interrupted')
    this.end = shutting
    await shutting
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** The users of a client module come and go by themselves. */
  accompany(crowd: Crowd): void {
    this.crowd = crowd
  }

  /** Lets time pass until `root` settles. */
  until<T>(root: Promise<T>): Promise<T> {
    return this.flow.until(root)
  }

  private async pass(ms: number): Promise<void> {
    const { clock } = this.parts.stage
    if (ms > 0) await this.flow.until(clock.sleep(ms))
    await this.flow.rest()
    const problem = this.crowd?.problem
    if (problem !== undefined) throw new Error(`The client is not fit for an outage. ${problem}`)
  }

  private async playOut(): Promise<RunResult> {
    const { stage, instances } = this.parts
    const { clock } = stage
    const endMs = stage.plan.lengthMs + stage.plan.tailMs
    const users = this.crowd?.everyone ?? clock.sleep(Math.max(0, endMs - stage.t()))
    const everyone = Promise.all([users, this.asking.allSettled()])
    const patience = clock.sleep(Math.max(0, endMs + patienceMs - stage.t()))
    try {
      await this.flow.until(Promise.race([everyone, patience]))
      stage.close()
      await this.flow.until(instances.stop())
    } catch (error) {
      await this.shut('interrupted')
      throw error
    }
    return this.shut('complete')
  }

  private records(): Records {
    return recordsOf(this.journal, this.parts.stage.plan)
  }

  private refuseWhenOver(): void {
    if (this.isOver) throw over()
  }

  /** Ends everything, and judges what was complete. */
  private async shut(reason: RunEnded['reason']): Promise<RunResult> {
    const { stage, world, injections, instances, before, wallStart } = this.parts
    if (reason !== 'complete') {
      this.closing.abort()
      await this.flow.stopped()
    }
    stage.close()
    stage.end(this.crowd?.problem === undefined ? reason : 'steady-state')
    world.closeNet()
    await stage.clock.drive(stage.clock.sleep(settlingMs))
    this.asking.end()
    instances[Symbol.dispose]()
    world[Symbol.dispose]()
    stage[Symbol.dispose]()
    injections.markTouched()
    const { catalogue, thresholds, client, users, file, positions } = this.parts
    return judgePlayed({
      ...{ catalogue, thresholds, client, users, file, positions, seed: stage.seed, engine: 'msw' },
      plan: injections.plan(),
      world: stage.world,
      events: this.journal,
      ended: reason,
      problem: this.crowd?.problem,
      notRestored: changedSince(before),
      realIo: stage.clock.sawRealWork,
      wallMs: nativeNow() - wallStart,
      notices: [...stage.notices],
    })
  }
}
