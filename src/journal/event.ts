import type { AttributedBy } from '../model/arrival.ts'
import type { Processed } from '../model/ledger.ts'
import type { Json } from '../model/scenario.ts'

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

export interface CallStarted {
  readonly type: 'call-started'
  readonly t: number
  readonly call: string
  /** Absent when no task could be found for it. */
  readonly task?: string
  readonly provider: string
  readonly surface: string
  readonly model?: string
  readonly streaming: boolean
  readonly bodyHash: string
}

export interface AttemptStarted {
  readonly type: 'attempt-started'
  readonly t: number
  readonly attempt: string
  readonly call: string
  readonly task?: string
  /** 1 for the call's first. */
  readonly n: number
  readonly instance: number
  readonly provider: string
  readonly surface: string
  readonly model?: string
  readonly streaming: boolean
  readonly key: string
  readonly bodyHash: string
  readonly retryCount?: number
  readonly attributedBy: AttributedBy
  readonly phase: string
  /** What was decided: `pass`, an effect's type, `limited`, or `rejected` for want of capacity. */
  readonly effect: string
  /** The fault's id, when one hit. */
  readonly fault?: string
  /** Path of the scenario's entry that hit: `phases[0].faults[1]`. */
  readonly entry?: string
  /** How long it waits for a slot before anything is done about it. */
  readonly waitMs?: number
  /** What became of it on the provider's side, when it was worked on at all. */
  readonly processed?: Processed
}

export interface AttemptHeaders {
  readonly type: 'attempt-headers'
  readonly t: number
  readonly attempt: string
  readonly status: number
  /** Valid and positive `retry-after` in ms from now. */
  readonly retryAfterMs?: number
  readonly shouldRetry?: boolean
}

/**
 * How an attempt ended for the client: `ok` (2xx, whole), `error` (a status of 400 or more), or what went wrong on the
 * wire. `aborted` is the client's own doing.
 */
export type AttemptOutcome =
  | 'ok'
  | 'error'
  | 'refused'
  | 'dns'
  | 'tls'
  | 'reset'
  | 'connect-timeout'
  | 'headers-timeout'
  | 'body-timeout'
  | 'cut'
  | 'stream-error'
  | 'garbled'
  | 'empty'
  | 'wrong'
  | 'aborted'
  /** The process that sent it ended while it was under way. */
  | 'process-gone'
  /** Still open when the run ended. */
  | 'open'

export interface AttemptEnded {
  readonly type: 'attempt-ended'
  readonly t: number
  readonly attempt: string
  readonly outcome: AttemptOutcome
  readonly bytes: number
}

/** Something was changed outside the conversation, or found changed already: the provider's own record. */
export interface SideEffectRecord {
  readonly type: 'side-effect'
  readonly t: number
  readonly attempt: string
  readonly task?: string
  readonly surface: string
  /** Hash of the client's own name for it, else its call. */
  readonly key: string
  /** Whether the client named it (`idempotency-key`), so that it is done but once. */
  readonly named: boolean
  /** Whether this request did it. */
  readonly done: boolean
  /** How often it has been done so far. */
  readonly times: number
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
}

export interface RunEnded {
  readonly type: 'run-ended'
  readonly t: number
  readonly reason: 'complete' | 'steady-state' | 'stopped' | 'livelock' | 'deadlock' | 'interrupted' | 'start-failed'
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
