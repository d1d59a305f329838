import type { JournalEvent } from '../journal/event.ts'
import { UsageError } from '../lib/errors.ts'
import { suggest } from '../lib/suggest.ts'
import { surfaceName } from '../model/arrival.ts'
import type { Fault } from '../model/fault.ts'
import type { Expectation, Scenario } from '../model/scenario.ts'
import { compilePlan, type Plan } from '../model/timeline.ts'
import { type Judgement, type Oracle, vacuous } from '../oracles/oracle.ts'
import { relations } from '../oracles/relations/index.ts'
import type { Base, Ran, Relation, Twin } from '../oracles/relations/relation.ts'
import { viewJournal } from '../oracles/view.ts'
import type { Workload } from '../workload/workload.ts'
import { withBodies } from './odd-bodies.ts'
import type { Simulation } from './simulate.ts'
import type { Conditions } from './stage.ts'

/** One run more of the same client, with fresh modules where there are any. */
export type RunAgain = (again: Again) => Promise<Simulation>

export interface Again {
  readonly plan: Plan
  readonly workload: Workload
  readonly conditions: Conditions
  /** What is told of its progress. */
  readonly name: string
}

export interface RelationsInput {
  readonly scenario: Scenario
  readonly workload: Workload
  readonly faults: ReadonlyMap<string, Fault>
  readonly surfaces: ReadonlyMap<string, readonly string[]>
  /** Whether each run has modules of its own. */
  readonly isFresh: boolean
  again: RunAgain
  readonly signal?: AbortSignal | undefined
}

/** Which relations a run is judged by: those asked for, else those that `expect` names. Throws a `UsageError` for an unknown id. */
export function relationsAsked(
  asked: boolean | readonly string[] | undefined,
  expectations: readonly Expectation[],
): readonly string[] {
  if (asked === false) return []
  const off = new Set(expectations.filter(entry => entry.off).map(entry => entry.oracle))
  const named = expectations.filter(entry => !entry.off && relations.has(entry.oracle)).map(entry => entry.oracle)
  const wanted = asked === true ? [...relations.keys()] : (asked ?? [])
  for (const id of wanted) refuseUnknown(id)
  return [...relations.keys()].filter(id => (wanted.includes(id) && !off.has(id)) || named.includes(id))
}

function refuseUnknown(id: string): void {
  if (relations.has(id)) return
  const known = [...relations.keys()]
  const near = suggest(id, known)
  throw new UsageError(
    `There is no relation "${id}".`,
    near ? `Did you mean ${near}?` : `Relations: ${known.join(', ')}.`,
  )
}

/** What is expected, without what names a relation that was not asked for. */
export function withoutUnasked(expectations: readonly Expectation[], asked: readonly string[]): readonly Expectation[] {
  return expectations.filter(({ oracle }) => !relations.has(oracle) || asked.includes(oracle))
}

/**
 * Makes the runs that these relations compare, each only once, and gives the relations as oracles that know them. A
 * relation is of the whole run: what part of it an expectation speaks of does not matter.
 */
export async function boundRelations(
  ids: readonly string[],
  input: RelationsInput,
): Promise<ReadonlyMap<string, Oracle>> {
  if (ids.length === 0) return new Map()
  const { base, problem } = await baseOf(input)
  const runs = new Map<string, Promise<Ran | string>>()
  const bound = new Map<string, Oracle>()
  for (const id of ids) {
    const relation = relations.get(id)
    if (!relation) continue
    const judge = problem ?? (await judgeOf(relation, base, runs, input))
    bound.set(id, oracleOf(relation, judge))
  }
  return bound
}

type Judge = (params: Parameters<Oracle['judge']>[1]) => Judgement

function oracleOf({ id, code, says, params, notes }: Relation, judge: Judge | string): Oracle {
  return {
    ...{ id, code, says, kind: 'relation', byDefault: true, params, notes },
    judge: (_view, given) => (typeof judge === 'string' ? vacuous(judge) : judge(given)),
  }
}

async function judgeOf(
  relation: Relation,
  base: Base,
  runs: Map<string, Promise<Ran | string>>,
  input: RelationsInput,
): Promise<Judge | string> {
  const twins = relation.twins(base)
  if (typeof twins === 'string') return twins
  const others: Ran[] = []
  for (const twin of twins) {
    if (input.signal?.aborted) return 'the run was interrupted'
    const { name: _, ...same } = twin
    const key = JSON.stringify(same)
    const run = runs.get(key) ?? ranOf(twin, relation.id, input)
    runs.set(key, run)
    const ran = await run
    if (typeof ran === 'string') return `${twin.name}, ${ran}`
    others.push(ran)
  }
  return params => relation.compare(base, others, params)
}

/**
 * The run that the others are compared with is not the one that was judged: in all of them each task draws its chance by
 * itself. Where modules are shared it is made twice, to see that they keep nothing.
 */
async function baseOf(input: RelationsInput): Promise<{ readonly base: Base; readonly problem: string | undefined }> {
  const { scenario, workload, faults, surfaces, isFresh, again } = input
  const { expect: _, stop_when: __, ...bare } = scenario
  const plan = compilePlan(bare, faults)
  const once = () => again({ plan, workload, conditions: { chanceByTask: true }, name: 'the same again' })
  const first = await once()
  const second = isFresh ? first : await once()
  const base = {
    ...{ scenario, plan, surfaces, instances: workload.instances, view: viewJournal(second.events) },
    asked: askedIn(second.events),
  }
  const problem =
    problemOf(second) ??
    (isFresh || isSame(first.events, second.events)
      ? undefined
      : 'two runs of the very same differ: something in the client’s modules outlives a run')
  return { base, problem }
}

async function ranOf(twin: Twin, relation: string, input: RelationsInput): Promise<Ran | string> {
  const { faults, workload, again } = input
  const { name, scenario, instances, wallStep, retriesAreFree, bodies } = twin
  const plan = compilePlan(scenario, bodies ? withBodies(faults, bodies) : faults)
  const simulation = await again({
    plan,
    workload: instances === undefined ? workload : { ...workload, instances },
    conditions: {
      chanceByTask: true,
      ...(wallStep && { wallStep }),
      ...(retriesAreFree && { retriesAreFree }),
    },
    name: `${relation}, ${name}`,
  })
  return problemOf(simulation) ?? { scenario, plan, view: viewJournal(simulation.events) }
}

/** Why a run cannot be compared. */
function problemOf({ problem, realIo, ended, cut }: Simulation): string | undefined {
  if (cut !== undefined) return `it was ended early: ${cut}`
  if (ended === 'interrupted') return 'the run was interrupted'
  if (problem !== undefined) return `it did not get through the healthy warm-up (${problem})`
  return realIo ? 'real I/O took part, which has a timing of its own' : undefined
}

function isSame(a: readonly JournalEvent[], b: readonly JournalEvent[]): boolean {
  return a.length === b.length && a.every((event, i) => JSON.stringify(event) === JSON.stringify(b[i]))
}

function askedIn(events: readonly JournalEvent[]): ReadonlySet<string> {
  return new Set(
    events.flatMap(event => (event.type === 'attempt-started' ? [surfaceName(event.provider, event.surface)] : [])),
  )
}
