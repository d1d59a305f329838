import { nativeEpochMs } from '../clock/native.ts'
import type { JournalEvent, RunEnded } from '../journal/event.ts'
import { journalHash } from '../journal/journal.ts'
import type { Accepted } from '../model/accepted.ts'
import { landings } from '../model/landing.ts'
import type { Expectation, Scenario } from '../model/scenario.ts'
import type { Plan } from '../model/timeline.ts'
import type { World } from '../model/world.ts'
import { sortFindings } from '../oracles/finding.ts'
import { judgeAll, type Thresholds } from '../oracles/judge-all.ts'
import type { Oracle, OracleResult } from '../oracles/oracle.ts'
import { viewJournal } from '../oracles/view.ts'
import type { Positions } from '../scenario/index.ts'
import { acceptFindings } from './accept.ts'
import type { FullCatalogue } from './catalogue.ts'
import type { RunResult } from './result.ts'
import { type Judged, verdictOf } from './verdict.ts'

/** What an outage came to that somebody went through in his own time: a test, or a drill. */
export interface Played {
  readonly plan: Plan
  readonly world: World
  readonly events: readonly JournalEvent[]
  readonly catalogue: FullCatalogue
  readonly thresholds: Thresholds | undefined
  readonly client: string
  /** Users of the client; none where a test alone asks, or the program itself. */
  readonly users: number
  readonly engine: string
  readonly seed: number
  readonly file: string | undefined
  readonly positions: Positions | undefined
  readonly ended: RunEnded['reason']
  readonly problem: string | undefined
  readonly notRestored: readonly string[]
  readonly realIo: boolean
  readonly wallMs: number
  readonly notices: readonly string[]
  /** Findings that are known. */
  readonly accepted?: readonly Accepted[] | undefined
  /** The stop condition that ended it. */
  readonly stopped?: string | undefined
  /** Why it was ended before its time. */
  readonly cut?: string | undefined
  /** Entries that were in force where no arrival could show it, a closed port, and that was seen: by their place in the plan. */
  readonly applied?: ReadonlySet<number>
  /** Why an oracle that measures time cannot be judged; absent where it can. */
  readonly untimed?: string | undefined
}

/**
 * Judges it by all oracles. What a scenario expects is measured on what there is; where nobody asks but a test, or the
 * program itself, most of it is vacuous, which is listed and not held against them.
 */
export function judgePlayed(played: Played): RunResult {
  const { plan, world, events, catalogue, positions, problem, users } = played
  const { scenario } = plan
  const view = viewJournal(events)
  const faults = landings({
    plan,
    world,
    users: Math.max(1, users),
    tasksOpenIn: span =>
      view.tasks.some(task => task.startMs < span.endMs && (task.settledMs ?? view.endMs) > span.startMs),
    lineOf: path => positions?.of(path).line,
    ...(played.applied && { applied: played.applied }),
    asksByItself: users === 0,
    endMs: view.endMs,
  })
  const all =
    problem === undefined ? judgeAll(view, plan, catalogue.oracles, scenario.expect ?? [], played.thresholds) : []
  const judged = played.untimed === undefined ? all : withoutTimed(all, played.untimed, catalogue.oracles, scenario)
  const asked = users > 0 ? judged : judged.map(result => ({ ...result, named: false }))
  const oracles = acceptFindings(asked, {
    scenario: scenario.id,
    accepted: played.accepted ?? [],
    todayMs: nativeEpochMs(),
  })
  const findings = sortFindings(oracles.flatMap(result => result.findings))
  const { ended, notRestored, seed, client, file, realIo, notices, engine, stopped } = played
  return {
    ...{ scenario, file, plan, client, seed, engine, realIo, faults, oracles, findings, notices },
    ...(notRestored.length > 0 && { notRestored }),
    ...saying(
      played.untimed,
      verdictOf({ ended, problem, notRestored, stopped, cut: played.cut }, findings, faults, oracles),
    ),
    simulatedMs: (events.at(-1)?.t ?? 0) - (events[0]?.t ?? 0),
    wallMs: Math.round(played.wallMs),
    journal: events,
    journalHash: journalHash(events),
  }
}

/** What measures time says nothing where the app's own time is not the scenario's. */
export function withoutTimed(
  results: readonly OracleResult[],
  why: string,
  oracles: ReadonlyMap<string, Oracle>,
  { expect = [] }: Scenario,
): OracleResult[] {
  return results.map(result => {
    const oracle = oracles.get(result.id)
    if (!oracle || !isTimed(oracle, expect)) return result
    return { ...result, status: 'vacuous', examined: 0, reason: why, named: false, findings: [] }
  })
}

/** Whether time decides: by when something happens, how it is spread, or a length of time among what it is told. */
function isTimed({ id, kind, params }: Oracle, expect: readonly Expectation[]): boolean {
  if (kind !== 'safety') return true
  const given = new Set(expect.flatMap(entry => (entry.oracle === id ? Object.keys(entry.params ?? {}) : [])))
  return Object.entries(params).some(
    ([name, param]) => param.kind === 'duration' && (given.has(name) || (param.default ?? 0) !== 0),
  )
}

/** A drill that passes says what it could not judge. */
function saying(untimed: string | undefined, judged: Judged): Judged {
  if (untimed === undefined || judged.verdict !== 'pass') return judged
  return {
    ...judged,
    reason: judged.reason.replace('Every expectation', 'Every expectation that can be judged at this speed'),
  }
}
