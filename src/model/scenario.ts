import type { GameDay } from './game-day.ts'

/**
 * A scenario as plain data: what the YAML says, with durations in milliseconds, shares in [0, 1] and rates per minute.
 * `parse(print(s))` gives `s` again, so nothing here is derived.
 */
export interface Scenario {
  readonly blackstart: 1
  readonly id: string
  readonly title?: string
  /** Default provider of bare surface names. */
  readonly provider: string
  readonly seed?: number
  readonly basis?: Basis
  readonly tags?: readonly string[]
  readonly needs?: { readonly client?: string }
  /** Own surfaces, by host and path (HTTP) or by address (TCP). */
  readonly surfaces?: Readonly<Record<string, OwnSurface>>
  readonly capacity?: readonly CapacityEntry[]
  readonly phases: readonly PhaseItem[]
  /** Faults across phases. */
  readonly faults?: readonly Track[]
  readonly status_page?: readonly StatusUpdate[]
  /** What the model says in place of its own words, or the file that tells it. */
  readonly answers?: readonly AnswerEntry[] | AnswersFile
  readonly tokens?: TokensSpec
  readonly events?: readonly ClientEvent[]
  readonly workload?: WorkloadSpec
  readonly steady_state?: SteadyStateSpec
  readonly stop_when?: readonly StopCondition[]
  readonly expect?: readonly Expectation[]
  readonly matrix?: Readonly<Record<string, readonly Json[]>>
  readonly game_day?: GameDay
  readonly found?: Found
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

export interface Basis {
  readonly precedent?: string
  readonly sources?: readonly string[]
  /** What is documented about the incident. */
  readonly facts?: readonly string[]
  /** What nobody published and this file made up. */
  readonly assumed?: readonly string[]
}

export type PhaseItem = Phase | Repeat

export interface Phase {
  readonly name: string
  /** Length in ms. */
  readonly for: number
  readonly note?: string
  readonly faults?: readonly FaultEntry[]
  readonly limits?: readonly LimitEntry[]
  readonly capacity?: readonly CapacityEntry[]
}

export interface Repeat {
  readonly repeat: { readonly times: number; readonly phases: readonly Phase[] }
}

/** A value that stays, or moves linearly over the phase. */
export type Level = number | { readonly from: number; readonly to: number }

export type ParamValue = string | number | boolean | Json
export interface FaultRef {
  readonly id: string
  /** Parsed by the fault's own declaration: durations in ms, shares in [0, 1]. */
  readonly params: Readonly<Record<string, ParamValue>>
}

export type Sticky = 'call' | 'user' | 'key' | 'session'

export interface FaultEntry {
  readonly surface: readonly string[]
  readonly fault?: FaultRef
  readonly mix?: readonly { readonly fault: FaultRef; readonly share: number }[]
  /** Share of eligible arrivals that are hit; 1 when absent. */
  readonly share?: Level
  readonly sticky?: Sticky
  readonly when?: When
}

export interface Track extends FaultEntry {
  readonly from: Instant
  readonly until: Instant
}

/** A phase's name (`NAME#3` is the third lap) with an offset in ms, which may be negative. `start` and `end` name the scenario's own ends. */
export interface Instant {
  readonly phase: string
  readonly offset: number
}

/** All given conditions must hold. */
export interface When {
  /** Patterns with `*`. */
  readonly model?: readonly string[]
  readonly streaming?: boolean
  readonly tenant?: readonly string[]
  readonly region?: readonly string[]
  readonly key?: readonly string[]
  /** Counts of this entry's eligible arrivals since the phase began. */
  readonly first?: number
  readonly nth?: number
  readonly every?: number
  readonly per?: 'run' | 'call' | 'key'
}

export type LimitScope = 'key' | 'tenant' | 'model' | 'org'

export interface LimitEntry {
  readonly surface: readonly string[]
  /** Per minute. */
  readonly requests?: Level
  readonly input_tokens?: Level
  readonly output_tokens?: Level
  readonly per?: LimitScope
  /** Bucket size in the limit's own unit; one minute's worth when absent. */
  readonly burst?: number
  readonly retry_after?: RetryAfterSpec
}

export interface RetryAfterSpec {
  readonly as: 'seconds' | 'date' | 'ms' | 'none'
  /** In ms; computed from the bucket when absent. */
  readonly value?: number
}

export interface CapacityEntry {
  readonly surface: readonly string[]
  /** Requests served at once; no end of them when absent. */
  readonly slots?: number
  /** Mean service time, ms; 1,000 when absent. */
  readonly service?: number
  /** Coefficient of variation of service times; 1 when absent. */
  readonly cv?: number
  /** Longest wait for a slot, ms; beyond it arrivals are turned away. */
  readonly max_wait?: number
  /** Work that turning one away takes, as a fraction of serving one. */
  readonly reject_cost?: number
  /** 1 is nominal. */
  readonly speed?: Level
  /** From nothing to full speed, ms. */
  readonly warm_up?: number
  /** How many apps like this one share the slots. */
  readonly population?: number
  /** `true` when absent. */
  readonly work_after_disconnect?: boolean
}

export interface OwnSurface {
  readonly http?: { readonly host?: string; readonly path?: string; readonly port?: number }
  readonly tcp?: string
}

export type ComponentStatus =
  | 'operational'
  | 'degraded_performance'
  | 'partial_outage'
  | 'major_outage'
  | 'under_maintenance'

export interface StatusUpdate {
  readonly at: Instant
  /** Whose state this is: updates of one name are one incident; without a name it is the newest that is open. */
  readonly name?: string
  readonly incident?: 'investigating' | 'identified' | 'monitoring' | 'resolved' | 'postmortem'
  readonly components?: Readonly<Record<string, ComponentStatus>>
  readonly says?: string
  /** The time that the update gives itself, when that is not when it appears. */
  readonly says_at?: Instant
  readonly impact?: 'none' | 'minor' | 'major' | 'critical'
  /** The page itself, from here on. */
  readonly page?: 'up' | 'unreachable' | 'slow'
  /** The update before (of that name) disappears; this one, if it says anything, stands in its place. */
  readonly retracts?: boolean
}

/** The access tokens that `login` hands out. */
export interface TokensSpec {
  /** Ms; an hour when absent. */
  readonly lifetime?: number
}

/** A file of answers, relative to the scenario's own. */
export interface AnswersFile {
  readonly from: string
}

/** An answer of the user's own; exactly one of `says`, `calls`, `json` and `response`. */
export interface AnswerEntry {
  readonly when?: AnswerWhen
  /** How often in one task; always when absent. */
  readonly times?: number
  readonly says?: string
  /** Tools that it calls, all in one turn; once they were called the entry is passed over. */
  readonly calls?: readonly AnswerCall[]
  /** An answer that is JSON: as text, or as the arguments of a tool that must be called. */
  readonly json?: Json
  /** A response of the provider's, sent as it was recorded. */
  readonly response?: RecordedResponse
  /** Whether `says` stands between the question's marks; it does when absent. */
  readonly marks?: boolean
}

/** All given conditions must hold. Patterns have `*` for anything. */
export interface AnswerWhen {
  /** Ids of questions. */
  readonly question?: readonly string[]
  /** Words of the newest message of the user. */
  readonly contains?: string
  readonly model?: readonly string[]
  readonly surface?: readonly string[]
}

export interface AnswerCall {
  readonly tool: string
  /** Its arguments; made up from the tool's schema when absent. */
  readonly input?: Json
}

export interface RecordedResponse {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Its text, or the JSON that its text is. */
  readonly body: Json
}

export type ClientEvent = { readonly at: Instant } & (
  | { readonly restart: true | { readonly instances?: number; readonly apart?: number } }
  | { readonly crash: true | { readonly instances?: number } }
  | { readonly offline: number }
  | { readonly scale: { readonly instances: number } }
  | { readonly traffic: number }
)

export interface WorkloadSpec {
  readonly users?: number
  readonly instances?: number
  readonly tenants?: number
  readonly questions?: number
  /** Tasks in a healthy run. */
  readonly tasks?: number
  /** Mean think time, ms; wins over `tasks`. */
  readonly think?: number
  /** Open arrivals per minute instead of think time. */
  readonly arrivals?: Level
  /** Share of tasks that stream. */
  readonly streaming?: number
  /** Share of tasks of class `critical`. */
  readonly critical?: number
  readonly sessions?: { readonly turns?: number; readonly tools?: boolean }
  readonly jobs?: { readonly share?: number }
  readonly spikes?: readonly { readonly at: Instant; readonly tasks: number }[]
}

export interface SteadyStateSpec {
  /** Length of the healthy warm-up, ms. */
  readonly for?: number
  /** Share of warm-up tasks that must settle well. */
  readonly at_least?: number
  readonly within?: number
}

export interface StopCondition {
  readonly outcome: 'failed' | 'degraded' | 'queued'
  readonly above: number
  /** Over this long a window, ms. */
  readonly over: number
}

export interface Expectation {
  readonly oracle: string
  /** `id: off` */
  readonly off?: true
  readonly params?: Readonly<Record<string, Json>>
  /** Phases (by name) the expectation speaks of. */
  readonly during?: readonly string[]
  readonly of?: {
    readonly surface?: readonly string[]
    readonly class?: readonly string[]
    readonly tenant?: readonly string[]
    readonly streaming?: boolean
  }
}

export interface Found {
  readonly oracle: string
  readonly verdict: 'pass' | 'fail' | 'inconclusive'
  readonly journal_hash?: string
  readonly provenance?: Readonly<Record<string, Json>>
}

export function isRepeat(item: PhaseItem): item is Repeat {
  return 'repeat' in item
}
