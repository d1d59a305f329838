import type { DrillControls, DrillState, DrillVerdict } from '../../src/drill/controls.ts'
import type { JournalEvent } from '../../src/journal/event.ts'
import { UsageError } from '../../src/lib/errors.ts'
import type { Json } from '../../src/model/scenario.ts'
import type { Injection } from '../../src/run/injections.ts'

const minute = 60_000

export const fakeState: DrillState = {
  scenario: 'small-outage',
  title: 'A small outage',
  client: 'my-app',
  seed: 1,
  engine: 'loopback',
  speed: 20,
  stage: 'outage',
  t: 4 * minute,
  phase: 'down',
  phaseEndsAt: 10 * minute,
  nextPhase: 'half',
  lengthMs: 20 * minute,
  endMs: 25 * minute,
  held: false,
  tasks: { open: 3, settled: { ok: 120, failed: 41 } },
  attempts: { total: 1_204, open: 2, retries: 640, ended: { ok: 120, error: 1_080, cut: 2 } },
  faults: [
    {
      id: 'overloaded',
      entry: 'phases[0].faults[0]',
      phase: 'down',
      surface: ['anthropic.api'],
      line: 7,
      status: 'landed',
      eligible: 1_080,
      hits: 1_080,
      hint: undefined,
    },
  ],
  findings: [],
  notices: [],
}

export const fakeVerdict: DrillVerdict = {
  verdict: 'fail',
  exitCode: 1,
  reason: '1 finding of severity fail.',
  findings: [
    {
      oracle: 'retry-amplification',
      severity: 'fail',
      phase: 'down',
      message: '9 attempts a call, at most 3 are sound.',
      evidence: ['c1', 'c2'],
      advice: 'Retry less often.',
    },
  ],
}

/** A drill of which a test says where it stands. It remembers what it was told to do. */
export class FakeDrill implements DrillControls {
  now: DrillState = fakeState
  /** What it was told, in order. */
  readonly told: unknown[] = []
  readonly events: JournalEvent[] = []
  private readonly listeners = new Set<(event: JournalEvent, place: number) => void>()
  private readonly ended = Promise.withResolvers<DrillVerdict>()
  /** Thrown by the next thing it is told. */
  refusal: Error | undefined

  state(): DrillState {
    return this.now
  }

  journal(since = 0): readonly JournalEvent[] {
    return this.events.slice(since)
  }

  subscribe(listener: (event: JournalEvent, place: number) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** How many listen to its events. */
  get listening(): number {
    return this.listeners.size
  }

  write(event: JournalEvent): void {
    this.events.push(event)
    for (const listener of this.listeners) listener(event, this.events.length - 1)
  }

  end(verdict: DrillVerdict = fakeVerdict): void {
    this.now = { ...this.now, stage: 'ended' }
    this.ended.resolve(verdict)
  }

  /** It breaks off without a verdict. */
  breakOff(error: Error): void {
    this.ended.reject(error)
  }

  hold(): void {
    this.tell({ hold: true })
    this.now = { ...this.now, held: true }
  }

  release(): void {
    this.tell({ release: true })
    this.now = { ...this.now, held: false }
  }

  skip(): void {
    this.tell({ skip: true })
  }

  extend(ms: number): void {
    this.tell({ extend: ms })
  }

  goto(instant: string): void {
    this.tell({ goto: instant })
  }

  async abort(why: string): Promise<DrillVerdict> {
    this.tell({ abort: why })
    const verdict: DrillVerdict = { verdict: 'inconclusive', exitCode: 4, reason: `Aborted: ${why}`, findings: [] }
    this.end(verdict)
    return verdict
  }

  inject(injection: Injection): { readonly entry: string } {
    this.tell({ inject: injection })
    return { entry: 'faults[0]' }
  }

  stopInjected(entry: string): void {
    this.tell({ stop: entry })
  }

  mark(mark: string, says?: string, detail?: Json): void {
    const more = { ...(says !== undefined && { says }), ...(detail !== undefined && { detail }) }
    this.tell({ mark, ...more })
    this.write({ type: 'mark', t: this.now.t, mark, ...more })
  }

  verdict(): Promise<DrillVerdict> {
    return this.ended.promise
  }

  /** Lets the next thing it is told fail, as a drill that is over would. */
  refuseNext(message: string, hint?: string): void {
    this.refusal = new UsageError(message, hint)
  }

  private tell(what: unknown): void {
    const { refusal } = this
    this.refusal = undefined
    if (refusal) throw refusal
    this.told.push(what)
  }
}
