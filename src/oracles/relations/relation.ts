import type { FaultParams } from '../../model/fault.ts'
import type { Params } from '../../model/param.ts'
import type { Scenario } from '../../model/scenario.ts'
import type { Plan } from '../../model/timeline.ts'
import { type Judgement, type Oracle, type OracleNotes, vacuous } from '../oracle.ts'
import type { JournalView } from '../view.ts'

/** A run that others are compared with. */
export interface Base extends Ran {
  /** Full names of all surfaces that it asked, in its warm-up too. */
  readonly asked: ReadonlySet<string>
  /** Surfaces of each provider, without its name. */
  readonly surfaces: ReadonlyMap<string, readonly string[]>
  readonly instances: number
}

/** What one run showed. */
export interface Ran {
  readonly scenario: Scenario
  readonly plan: Plan
  readonly view: JournalView
}

/** How another run of the same client differs from the base: everything else (seed, traffic, think time) is the same. */
export interface Twin {
  /** For people: `an hour later`. */
  readonly name: string
  readonly scenario: Scenario
  readonly instances?: number
  /** The wall clock (`Date`) jumps; the other clocks go on. Ms since t = 0. */
  readonly wallStep?: { readonly atMs: number; readonly byMs: number }
  /** A retry costs the provider nothing: it is turned away before it reaches a slot. */
  readonly retriesAreFree?: boolean
  /** What errors have for a body, in place of their own. */
  readonly bodies?: OddBody
}

/** `json` is the provider's own; with each of them an error takes the same time. */
export type OddBody = 'json' | 'html' | 'text' | 'empty'

/** What must hold between a run and others that differ from it in one thing. */
export interface Relation {
  readonly id: string
  /** Its place in the catalogue. */
  readonly code: string
  /** One sentence: what a sound client does. */
  readonly says: string
  readonly params: Params
  readonly notes: OracleNotes
  /** The runs to make, or why there is nothing to compare. */
  twins(base: Base): readonly Twin[] | string
  /** `runs` in the order of their twins. */
  compare(base: Base, runs: readonly Ran[], params: FaultParams): Judgement
}

export function defineRelation(relation: Relation): Relation {
  return Object.freeze(relation)
}

/** A relation as scenarios name it. Of one run alone it can say nothing. */
export function asOracle({ id, code, says, params, notes }: Relation): Oracle {
  const judge = () => vacuous('it compares several runs, and this one had no others')
  return { id, code, says, kind: 'relation', byDefault: false, params, notes, judge }
}
