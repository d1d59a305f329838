import type { JournalEvent, NoteKind } from '../journal/event.ts'
import type { Integration } from '../model/integration.ts'
import type { Injected, Injection } from '../run/injections.ts'
import { refusal } from '../run/refusal.ts'
import type { RunResult } from '../run/result.ts'
import type { Ask, TaskOptions } from '../testing/asking.ts'
import { isIntegration } from '../testing/client-of.ts'
import type { OutageTask } from '../testing/outage-task.ts'
import type { Attempt, Call, RecordFilter, Task } from '../testing/records.ts'
import type { OutageSession } from '../testing/session.ts'
import type { ScenarioSpec } from '../testing/spec.ts'
import { type StartOutageOptions, startOutage } from '../testing/start-outage.ts'

export interface OutageOfTestOptions {
  /** Aborts when the test runs out of time. */
  readonly signal: AbortSignal | undefined
  /** Told of each outage before it starts. */
  onStart(seen: { readonly scenario: string; readonly seed: number }): Promise<void>
}

/** The outage of one test: started by it, and gone when it ends, whatever happened. */
export class OutageOfTest {
  private readonly options: OutageOfTestOptions
  private session: OutageSession | undefined
  private isFinished = false

  constructor(options: OutageOfTestOptions) {
    this.options = options
  }

  /**
   * Starts an outage: of a scenario (the id of one that ships, a path, YAML), or a quiet hour into which faults are
   * injected. With a client module its users ask by themselves meanwhile. Time stands in the healthy stretch before the
   * first phase, and moves with `goto`, `advance` and `run`.
   */
  async start(scenario?: ScenarioSpec, options?: StartOutageOptions): Promise<void>
  async start(client: Integration, scenario?: ScenarioSpec, options?: StartOutageOptions): Promise<void>
  async start(
    first?: ScenarioSpec | Integration,
    second?: ScenarioSpec | StartOutageOptions,
    third?: StartOutageOptions,
  ): Promise<void> {
    const options = isIntegration(first) ? third : (second as StartOutageOptions | undefined) // by the overloads
    const scenario = isIntegration(first) ? (second as ScenarioSpec | undefined) : first // by the overloads
    const { signal } = this.options
    const session = await startOutage(scenario, {
      ...(signal && { signal }),
      ...options,
      ...(isIntegration(first) && { client: first }),
    })
    this.session = session
    this.isFinished = false
    await this.options.onStart({ scenario: session.scenario.id, seed: session.seed })
  }

  /** Ms since the first phase began; negative in the healthy time before it. */
  get now(): number {
    return this.started.now
  }

  /** `steady-state`, a phase, then `healed`. */
  get phase(): string {
    return this.started.phase
  }

  get seed(): number {
    return this.started.seed
  }

  get journal(): readonly JournalEvent[] {
    return this.started.journal
  }

  /** Lets time pass until `instant`: `blackout + 10s`, `start`, `end`, `healed`, or ms since the first phase. */
  async goto(instant: string | number): Promise<void> {
    await this.started.goto(instant)
  }

  /** Lets `duration` pass: `30s`, or a number of ms. */
  async advance(duration: string | number): Promise<void> {
    await this.started.advance(duration)
  }

  /** Asks the app something, and lets time pass until it is done. Gives what `ask` gave, and rejects as it does. */
  async run<T>(ask: Ask<T>, options?: TaskOptions<T>): Promise<T> {
    return this.started.run(ask, options)
  }

  /** Asks the app something now; time passes for it only where the test lets it, or awaits the task. */
  task<T>(ask: Ask<T>, options?: TaskOptions<T>): OutageTask<T> {
    return this.started.task(ask, options)
  }

  /** A fault from now on: `{ surface: 'api', fault: 'overloaded', share: '30%', for: '5m' }`. */
  inject(injection: Injection): Injected {
    return this.started.inject(injection)
  }

  /** Requests so far. */
  attempts(filter?: RecordFilter): readonly Attempt[] {
    return this.started.attempts(filter)
  }

  /** Model requests that the app meant, each with its attempts. */
  calls(filter?: RecordFilter): readonly Call[] {
    return this.started.calls(filter)
  }

  /** What the app was asked so far. */
  tasks(filter?: RecordFilter): readonly Task[] {
    return this.started.tasks(filter)
  }

  /** Lets the rest of the scenario pass, and judges what the app did by all oracles. */
  async finish(): Promise<RunResult> {
    const { started } = this
    this.isFinished = true
    return started.finish()
  }

  /** Where it is, and its seed, in a line; nothing when it never started. */
  get summary(): string | undefined {
    return this.session?.summary
  }

  /** Gives every global back. Throws for what the app did that no test saw. */
  async end(): Promise<void> {
    const { session, options } = this
    if (!session) return
    const waits = options.signal?.aborted ? forgotten(session) : undefined
    await session.close()
    const stray = this.isFinished ? [] : session.journal.flatMap(event => (isStray(event) ? [event.says] : []))
    if (waits) throw waits
    if (stray.length > 0) throw new Error(`In the ${session.summary}: ${[...new Set(stray)].join('; ')}`)
  }

  private get started(): OutageSession {
    if (this.session) return this.session
    throw refusal(
      'There is no outage yet.',
      "Start one: await outage.start('global-down'), or await outage.start() for a quiet hour.",
    )
  }
}

const strays: readonly NoteKind[] = ['unhandled-rejection', 'uncaught-exception', 'process-exit']

/** What a test runner itself would have complained about, had the outage not stood in front of it. */
function isStray(event: JournalEvent): event is JournalEvent & { readonly type: 'note' } {
  return event.type === 'note' && strays.includes(event.kind)
}

/** A request that nobody lets time pass for is what most tests wait for in vain. */
function forgotten(session: OutageSession): Error | undefined {
  const lost = session.attempts().find(({ task, outcome }) => task === undefined && outcome === 'open')
  if (!lost) return undefined
  return refusal(
    `Time stood still while the test waited: ${lost.id} (${lost.surface}) was sent outside of any task.`,
    'Ask inside of one: await outage.run(() => app.answer(question)).',
  )
}
