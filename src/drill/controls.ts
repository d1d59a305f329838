import type { AttemptOutcome, JournalEvent, Outcome } from '../journal/event.ts'
import type { EntryLanding } from '../model/landing.ts'
import type { Json } from '../model/scenario.ts'
import type { Finding } from '../oracles/oracle.ts'
import type { Injection } from '../run/injections.ts'
import type { ExitCode, Verdict } from '../run/result.ts'

/** Where a drill is: before anything is asked, in the healthy warm-up, in the phases, healthy again, over. */
export type DrillStage = 'starting' | 'steady-state' | 'outage' | 'healed' | 'ended'

/** What somebody who watches a drill wants to see. Times are ms of the scenario since t = 0, whatever the speed. */
export interface DrillState {
  readonly scenario: string
  readonly title: string | undefined
  readonly client: string
  readonly seed: number
  readonly engine: string
  /** How many times faster than real time the scenario goes. */
  readonly speed: number
  readonly stage: DrillStage
  readonly t: number
  /** `steady-state`, a phase (`up#2` for its second lap), then `healed`. */
  readonly phase: string
  /** When the phase ends; absent while it is held, and in the last stretch. */
  readonly phaseEndsAt?: number
  readonly nextPhase?: string
  /** When the last phase ends, and when the healthy stretch after it does. */
  readonly lengthMs: number
  readonly endMs: number
  /** The phase goes on, with its faults, until somebody lets it end. */
  readonly held: boolean
  readonly tasks: { readonly open: number; readonly settled: Readonly<Partial<Record<Outcome, number>>> }
  readonly attempts: {
    readonly total: number
    readonly open: number
    readonly retries: number
    readonly ended: Readonly<Partial<Record<AttemptOutcome, number>>>
  }
  readonly faults: readonly EntryLanding[]
  /** What oracles of the kind `safety` have found so far, worst first. */
  readonly findings: readonly Finding[]
  /** Things worth a line: hosts that were refused, what could not be judged. */
  readonly notices: readonly string[]
}

/** How a drill ended. */
export interface DrillVerdict {
  readonly verdict: Verdict
  readonly exitCode: ExitCode
  readonly reason: string
  readonly findings: readonly Finding[]
}

/**
 * A live drill, as a console, a key, or the control API steers it. What cannot be done now (a skip when all is over, an
 * unknown phase, an invalid fault) throws a `UsageError` that says why, and changes nothing.
 */
export interface DrillControls {
  state(): DrillState
  /** The journal from the `since`-th event on; 0 is the first. */
  journal(since?: number): readonly JournalEvent[]
  /** Calls `listener` with each event to come, and its place; the returned function ends that. */
  subscribe(listener: (event: JournalEvent, place: number) => void): () => void
  /** The phase goes on until `release`; its faults stay. */
  hold(): void
  release(): void
  /** The phase ends now. */
  skip(): void
  /** The phase ends so much later, ms of the scenario. */
  extend(ms: number): void
  /** The timeline moves on to `instant` (`blackout + 10s`, `end`, `healed`); it never goes back. */
  goto(instant: string): void
  /** Every fault ends now, and so does the drill, without waiting for its end. Resolves when clean-up is verified. */
  abort(why: string): Promise<DrillVerdict>
  /** A fault from now on, spelled as in a scenario. Gives the path under which it is counted. */
  inject(injection: Injection): { readonly entry: string }
  /** Ends a fault that was injected. */
  stopInjected(entry: string): void
  /** A line of the journal for people: `detected`, `declared`, `mitigated`, a note. */
  mark(mark: string, says?: string, detail?: Json): void
  /** Resolves when the drill has ended and was judged. */
  verdict(): Promise<DrillVerdict>
}
