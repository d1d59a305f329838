import type { AttributedBy } from '../model/arrival.ts'
import type { Processed } from '../model/ledger.ts'

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
  /** What the request asks for besides words, where it asks for any of it. */
  readonly asks?: Asks
}

export interface Asks {
  /** How many tools it offers. */
  readonly tools?: number
  /** Whether the answer shall be JSON of a schema. */
  readonly schema?: true
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
  /** Of a good answer that is only slow: how long the whole of it takes. */
  readonly takesMs?: number
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
  /** Nothing is left of a limit of requests: how many it lets through a minute, and when it is whole again. */
  readonly spent?: Spent
}

export interface Spent {
  readonly limit: number
  /** Ms from now. */
  readonly resetMs: number
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
