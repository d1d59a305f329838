import type { FaultParams } from '../model/fault.ts'
import type { Params } from '../model/param.ts'
import type { Plan } from '../model/timeline.ts'
import type { JournalView } from './view.ts'

export type Severity = 'fail' | 'warn'

export interface Finding {
  readonly oracle: string
  readonly severity: Severity
  /** Where it happened: the phase of the first piece of evidence. */
  readonly phase: string
  /** What happened, with numbers. */
  readonly message: string
  /** Ids of tasks (`t12`), calls (`c3`) or attempts (`a40`) that show it, at most ten, worst first. */
  readonly evidence: readonly string[]
  /** Why it matters, and what to change. */
  readonly advice: string
}

export interface Judgement {
  /** How many tasks, calls or attempts the check really looked at. Zero is vacuous, never a pass. */
  readonly examined: number
  /** Why nothing was examined. */
  readonly vacuous?: string
  readonly findings: readonly Omit<Finding, 'oracle'>[]
}

/** What one oracle said of a run, all its judgements together. */
export interface OracleResult {
  readonly id: string
  readonly status: 'pass' | 'fail' | 'warn' | 'vacuous'
  readonly examined: number
  /** Why it is vacuous. */
  readonly reason?: string
  /** `expect` names it. */
  readonly named: boolean
  readonly findings: readonly Finding[]
}

/** A pure check of what a client did: safety at all times, liveness only after the last fault heals. */
export interface Oracle {
  /** Kebab-case; the kill matrix and reports use it. */
  readonly id: string
  /** Its place in the catalogue: `A9`. */
  readonly code: string
  /** One sentence: what a sound client does. */
  readonly says: string
  readonly kind: 'safety' | 'liveness' | 'statistical'
  /** Judged in every run; others only where `expect` names them. */
  readonly byDefault: boolean
  readonly params: Params
  judge(view: JournalView, params: FaultParams, plan: Plan): Judgement
}

export function defineOracle(oracle: Oracle): Oracle {
  return Object.freeze(oracle)
}
