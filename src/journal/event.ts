import type { Json } from '../model/scenario.ts'
import type { AttemptEnded, AttemptHeaders, AttemptStarted, CallStarted, SideEffectRecord } from './wire-event.ts'

export type {
  Asks,
  AttemptEnded,
  AttemptHeaders,
  AttemptOutcome,
  AttemptStarted,
  CallStarted,
  SideEffectRecord,
  Spent,
} from './wire-event.ts'

/**
 * The journal's events. `t` is integer milliseconds from the start of the first phase (negative in the warm-up).
 * Everything here is redacted when written: no keys, no prompts, no paths, ports, dates or real durations.
 */
export type JournalEvent =
  | RunStarted
  | PhaseEntered
  | TaskStarted
  | TaskSettled
  | CallStarted
  | AttemptStarted
  | AttemptHeaders
  | AttemptEnded
  | SideEffectRecord
  | JobEvent
  | AppReport
  | StatusChanged
  | ClientEventRecord
  | Note
  | Mark
  | RunEnded

export interface RunStarted {
  readonly type: 'run-started'
  readonly t: number
  readonly version: 1
  readonly blackstart: string
  /** The scenario's text, as parsed. */
  readonly scenario: string
  readonly scenarioId: string
  readonly seed: number
  readonly engine: string
  readonly client: string
  readonly versions: Readonly<Record<string, string>>
  readonly workload: Json
}

export interface PhaseEntered {
  readonly type: 'phase-entered'
  readonly t: number
  /** `steady-state` before t = 0, `healed` after the last phase, else the phase's name with its lap (`up#2`). */
  readonly phase: string
}

export interface TaskStarted {
  readonly type: 'task-started'
  readonly t: number
  readonly task: string
  readonly instance: number
  readonly user: number
  readonly tenant: string
  readonly session: string
  readonly class: string
  /** Id of the question, as in its marks. */
  readonly question: string
  readonly streaming: boolean
}

/** What the app claimed, or what its answer turned out to be where it claimed nothing. */
export type Outcome =
  | 'ok'
  | 'degraded'
  | 'queued'
  | 'failed'
  /** An answer with its opening mark and no closing one, returned as if whole. */
  | 'truncated'
  /** Something was returned that is no answer to the question. */
  | 'not-an-answer'

/** What the returned text really was, told by its marks. */
export type AnswerState = 'complete' | 'truncated' | 'foreign' | 'unmarked' | 'empty' | 'none'

export interface TaskSettled {
  readonly type: 'task-settled'
  readonly t: number
  readonly task: string
  readonly outcome: Outcome
  /** Whether the outcome is the app's own word (`settle`), or told by the marks. */
  readonly claimed: boolean
  readonly answer: AnswerState
  /** How often the text begins an answer to the question, where more than once. */
  readonly openings?: number
  readonly source?: 'live' | 'cache' | 'fallback' | 'queue'
  readonly complete?: boolean
  readonly labelled?: boolean
  readonly ageMs?: number
  readonly jobId?: string
  /** Class name of what was thrown. */
  readonly error?: string
  /**
   * What took the process away that was to do it, by the scenario's own wish: nobody's failure. `down` means that no
   * instance was there to take it.
   */
  readonly lostTo?: 'crash' | 'restart' | 'scale' | 'down'
}

/**
 * A background job, as the app's own list shows it: `job-listed` when what it shows of the job has changed. `detail`
 * holds the `task` that submitted it, or the `state` and `attempts` listed.
 */
export interface JobEvent {
  readonly type: 'job-submitted' | 'job-started' | 'job-done' | 'job-dead' | 'job-listed'
  readonly t: number
  readonly job: string
  readonly detail?: Json
}

/** What the app told of itself, through a hook; `health` is asked for. */
export interface AppReport {
  readonly type: 'app-report'
  readonly t: number
  readonly hook: 'breaker' | 'cache' | 'queue' | 'tool' | 'retry' | 'health'
  readonly instance: number
  readonly task?: string
  /** The hook's own fields; texts only by what their marks say. */
  readonly detail: Json
}

export interface StatusChanged {
  readonly type: 'status-changed'
  readonly t: number
  readonly incident?: string
  readonly components?: Readonly<Record<string, string>>
  readonly says?: string
}

/** What happened to the app's processes, its network or its traffic, by the scenario's wish or in its wake. */
export interface ClientEventRecord {
  readonly type: 'client-event'
  readonly t: number
  readonly event:
    | 'restart'
    | 'crash'
    | 'stopped'
    | 'started'
    | 'start-failed'
    | 'offline'
    | 'online'
    | 'scale'
    | 'traffic'
  readonly instance?: number
  readonly detail?: Json
}

export type NoteKind =
  | 'unhandled-rejection'
  | 'uncaught-exception'
  | 'process-exit'
  | 'host-refused'
  | 'key-leak'
  | 'real-io'
  | 'livelock'
  | 'deadlock'
  | 'blocked'
  | 'stop-failed'
  | 'start-failed'

export interface Note {
  readonly type: 'note'
  readonly t: number
  readonly kind: NoteKind
  readonly says: string
  readonly task?: string
  readonly instance?: number
}

export interface Mark {
  readonly type: 'mark'
  readonly t: number
  readonly mark: string
  readonly says?: string
  /** Of an `inject` and an `alert`: who and what, as data. */
  readonly detail?: Json
}

export interface RunEnded {
  readonly type: 'run-ended'
  readonly t: number
  /** `cut`: whoever asked for the run had seen enough. */
  readonly reason:
    | 'complete'
    | 'steady-state'
    | 'stopped'
    | 'cut'
    | 'livelock'
    | 'deadlock'
    | 'interrupted'
    | 'start-failed'
  readonly realIo: boolean
  /** What the providers did in all, warm-up included. */
  readonly ledger?: LedgerTotals
}

export interface LedgerTotals {
  readonly completions: number
  readonly lost: number
  readonly broken: number
  readonly inputTokens: number
  readonly outputTokens: number
  /** Side effects done, repetitions included. */
  readonly sideEffects: number
}
