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
  readonly events?: readonly ClientEvent[]
  readonly workload?: WorkloadSpec
  readonly steady_state?: SteadyStateSpec
  readonly stop_when?: readonly StopCondition[]
  readonly expect?: readonly Expectation[]
  readonly matrix?: Readonly<Record<string, readonly Json[]>>
  readonly game_day?: Readonly<Record<string, Json>>
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
  readonly slots?: number
  /** Mean service time, ms. */
  readonly service?: number
  readonly cv?: number
  /** Longest wait for a slot, ms. */
  readonly max_wait?: number
  readonly reject_cost?: number
  readonly speed?: Level
  readonly warm_up?: number
  readonly population?: number
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
  /** Who sees it: everyone, or nobody yet (`unreachable`, `retracted` speak of the page itself). */
  readonly incident?: 'investigating' | 'identified' | 'monitoring' | 'resolved' | 'postmortem'
  readonly components?: Readonly<Record<string, ComponentStatus>>
  readonly says?: string
  readonly impact?: 'none' | 'minor' | 'major' | 'critical'
  readonly page?: 'up' | 'unreachable' | 'slow'
  readonly retracts?: boolean
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
