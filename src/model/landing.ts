import { invariant } from '../lib/invariant.ts'
import type { PlannedCapacity } from './capacity-plan.ts'
import {
  firstInjected,
  type Plan,
  type PlannedFault,
  type PlannedLimit,
  plannedFaults,
  plannedLimits,
  type Span,
} from './timeline.ts'
import type { World } from './world.ts'

/** Whether a fault, limit or capacity of the scenario was really felt. */
export type LandingStatus =
  /** It decided at least one arrival. */
  | 'landed'
  /** The app never touched that surface in the whole run. */
  | 'unused'
  /** Tasks were open, but the app's own breaker, backoff, cache or fallback kept it away. */
  | 'withheld'
  /** Too few arrivals to expect a hit. */
  | 'thin'
  /** Hits were expected and none came: the run proves nothing. */
  | 'missed'

export interface EntryLanding {
  /** Fault id, `a|b` for a mix, `limit` for a limit, `capacity` for a capacity. */
  readonly id: string
  /** Path in the scenario: `phases[0].faults[1]`. */
  readonly entry: string
  readonly phase: string
  readonly surface: readonly string[]
  readonly line: number | undefined
  readonly status: LandingStatus
  readonly eligible: number
  /** For a limit, those it rejected; for a capacity, those it rejected or let wait. */
  readonly hits: number
  /** What would make it land: for `thin`, the users that would do. */
  readonly hint: string | undefined
  /** The run ended before it was to begin: then its status says nothing of the app. */
  readonly reached?: false
}

/** What landing is told by, beside the world's counters. */
export interface LandingFacts {
  readonly plan: Plan
  readonly world: World
  /** Users of the run, all instances together; scales the advice for `thin`. */
  readonly users: number
  /** Entries that were in force where no arrival could show it (a closed port), and that was seen: by their place in the plan. */
  readonly applied?: ReadonlySet<number>
  /** The app asks by itself, so nobody knows of its tasks. */
  readonly asksByItself?: boolean
  /** When the run ended, ms; absent while it goes on. */
  readonly endMs?: number
  /** Whether any task was open at some time in the span. */
  tasksOpenIn(span: Span): boolean
  lineOf(path: string): number | undefined
}

type PlannedEntry = PlannedFault | PlannedLimit | PlannedCapacity

/** How each fault, limit and capacity of the plan landed; laps of one entry are one row. */
export function landings(facts: LandingFacts): readonly EntryLanding[] {
  const rows = new Map<string, PlannedEntry[]>()
  for (const entry of [...plannedFaults(facts.plan), ...plannedLimits(facts.plan), ...facts.plan.capacity]) {
    const laps = rows.get(entry.path)
    if (laps) laps.push(entry)
    else rows.set(entry.path, [entry])
  }
  return [...rows.values()].map(laps => landingOf(laps, facts))
}

function landingOf(laps: readonly PlannedEntry[], facts: LandingFacts): EntryLanding {
  const [first] = laps
  invariant(first, 'an entry has a lap')
  const sum = { eligible: 0, hits: 0, expected: 0, shadowed: 0 }
  for (const lap of laps) {
    const count = facts.world.counts.get(lap.index)
    sum.eligible += count?.eligible ?? 0
    sum.hits += count?.hits ?? 0
    sum.expected += count?.expected ?? 0
    sum.shadowed += count?.shadowed ?? 0
  }
  const isFault = 'options' in first
  const status = ((): LandingStatus => {
    // A limit that admits has decided as much as one that rejects; so has a capacity that serves at once.
    if (isFault ? sum.hits > 0 : sum.eligible > 0) return 'landed'
    if (!laps.some(lap => facts.world.touched.has(lap.index))) return 'unused'
    // Nobody gets through a closed port to be counted: it hit whoever had something to ask meanwhile.
    if (laps.some(lap => facts.applied?.has(lap.index) && (facts.asksByItself || facts.tasksOpenIn(lap))))
      return 'landed'
    const asked = sum.eligible + sum.shadowed > 0
    if (!asked && laps.some(lap => facts.tasksOpenIn(lap))) return 'withheld'
    return sum.expected < 3 ? 'thin' : 'missed'
  })()
  const { endMs = Number.POSITIVE_INFINITY } = facts
  const isReached = sum.eligible > 0 || laps.some(({ startMs }) => startMs < endMs)
  return {
    id: idOf(first),
    entry: first.path,
    phase: laps.length > 1 ? first.phase.replace(/#\d+$/, '') : first.phase,
    surface: first.surfaces,
    // What was injected stands in no file.
    line: first.index < firstInjected ? facts.lineOf(first.path) : undefined,
    status,
    eligible: sum.eligible,
    hits: sum.hits,
    hint: status === 'thin' && isReached ? thinHint(first, sum, facts) : undefined,
    ...(!isReached && { reached: false }),
  }
}

function idOf(entry: PlannedEntry): string {
  if ('options' in entry) return entry.options.map(option => option.fault.id).join('|')
  return 'pool' in entry ? 'capacity' : 'limit'
}

interface Sum {
  readonly eligible: number
  readonly expected: number
  readonly shadowed: number
}

/** What would make a thin entry land. */
function thinHint(entry: PlannedEntry, { eligible, expected, shadowed }: Sum, facts: LandingFacts): string {
  if (eligible === 0 && shadowed > 0)
    return `Entries before it took all ${shadowed} requests: move it up, or lower their share.`
  if (eligible === 0) return 'Nothing was asked for while it was in force: use more users or a longer phase.'
  if (expected === 0)
    return `None of ${eligible} requests could be hit: its share or what it counts in "when" never let it.`
  const says = `Expected ${expected.toFixed(1)} hits`
  if (isBounded(entry)) return `${says}, which more users do not change: raise its share.`
  return facts.asksByItself
    ? `${says}: a phase ${Math.ceil(3 / expected)} times as long would do, or a larger share.`
    : `${says}: --users ${Math.ceil((facts.users * 3) / expected)} would do.`
}

/** Whether more arrivals bring no more chances: counts of the whole run, and one draw for a whole key. */
function isBounded(entry: PlannedEntry): boolean {
  if (!('options' in entry)) return false
  const { first, nth, per = 'run' } = entry.when
  return entry.sticky === 'key' || ((first !== undefined || nth !== undefined) && per !== 'call')
}
