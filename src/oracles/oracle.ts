import type { Accepted } from '../model/accepted.ts'
import type { FaultParams } from '../model/fault.ts'
import type { Param, Params } from '../model/param.ts'
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
  /** Known and lived with for now: it does not fail the verdict. */
  readonly accepted?: Accepted
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

/** What the reference says of an oracle, beside its sentence and its parameters. */
export interface OracleNotes {
  /** What it is told by: nothing but the wire, or a hook of the client module. */
  readonly needs: string
  /** The rule, as it is judged. */
  readonly judges: string
  readonly vacuous: string
  /** Where the thresholds come from. */
  readonly source: string
  /** What to change in an app that breaks it. */
  readonly change: string
}

/** A pure check of what a client did: safety at all times, liveness only after the last fault heals. */
export interface Oracle {
  /** Kebab-case; the kill matrix and reports use it. */
  readonly id: string
  /** Its place in the catalogue: `A9`. */
  readonly code: string
  /** One sentence: what a sound client does. */
  readonly says: string
  /** A `relation` compares several runs, and is judged where somebody asks for it. */
  readonly kind: 'safety' | 'liveness' | 'statistical' | 'relation'
  /** Judged in every run; others only where `expect` names them. */
  readonly byDefault: boolean
  readonly params: Params
  /** For the reference. */
  readonly notes?: OracleNotes
  judge(view: JournalView, params: FaultParams, plan: Plan): Judgement
}

export const vacuous = (reason: string): Judgement => ({ examined: 0, vacuous: reason, findings: [] })

/** For oracles that a sound client may break now and then: they warn, unless a scenario says otherwise. */
export const severityParam: Extract<Param, { kind: 'choice' }> = {
  kind: 'choice',
  says: 'what breaking it does to the verdict',
  options: ['warn', 'fail'],
  default: 'warn',
}

/** For what no sound client breaks, and some app may yet mean. */
export const strictParam: Param = { ...severityParam, default: 'fail' }

export function severityOf(params: FaultParams): Severity {
  return params.text('severity') === 'fail' ? 'fail' : 'warn'
}

/** Declares an oracle; users may add their own. Throws a `TypeError` for a parameter that no scenario could set. */
export function defineOracle(oracle: Oracle): Oracle {
  const taken = ['during', 'of'].find(name => Object.hasOwn(oracle.params, name))
  if (taken !== undefined)
    throw new TypeError(
      `The oracle "${oracle.id}" has a parameter "${taken}", which \`expect\` keeps for itself: rename it`,
    )
  return Object.freeze(oracle)
}
