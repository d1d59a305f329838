import type { JournalEvent, RunEnded } from '../journal/event.ts'
import { journalHash } from '../journal/journal.ts'
import { landings } from '../model/landing.ts'
import type { Plan } from '../model/timeline.ts'
import type { World } from '../model/world.ts'
import { sortFindings } from '../oracles/finding.ts'
import { judgeAll, type Thresholds } from '../oracles/judge-all.ts'
import { viewJournal } from '../oracles/view.ts'
import type { FullCatalogue } from '../run/catalogue.ts'
import type { RunResult } from '../run/result.ts'
import { verdictOf } from '../run/verdict.ts'
import type { Positions } from '../scenario/index.ts'

/** What one outage of a test came to. */
export interface Played {
  readonly plan: Plan
  readonly world: World
  readonly events: readonly JournalEvent[]
  readonly catalogue: FullCatalogue
  readonly thresholds: Thresholds | undefined
  readonly client: string
  /** Users of the client; none where the test alone asks. */
  readonly users: number
  readonly seed: number
  readonly file: string | undefined
  readonly positions: Positions | undefined
  readonly ended: RunEnded['reason']
  readonly problem: string | undefined
  readonly notRestored: readonly string[]
  readonly realIo: boolean
  readonly wallMs: number
  readonly notices: readonly string[]
}

/**
 * Judges it by all oracles. What a scenario expects is measured on what there is; the few tasks of a test alone leave
 * most of it vacuous, which is listed and not held against the test.
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
  })
  const judged =
    problem === undefined ? judgeAll(view, plan, catalogue.oracles, scenario.expect ?? [], played.thresholds) : []
  const oracles = users > 0 ? judged : judged.map(result => ({ ...result, named: false }))
  const findings = sortFindings(oracles.flatMap(result => result.findings))
  const { ended, notRestored, seed, client, file, realIo, notices } = played
  return {
    ...{ scenario, file, plan, client, seed, realIo, faults, oracles, findings, notices },
    engine: 'msw',
    ...verdictOf({ ended, problem, notRestored, stopped: undefined }, findings, faults, oracles),
    simulatedMs: (events.at(-1)?.t ?? 0) - (events[0]?.t ?? 0),
    wallMs: Math.round(played.wallMs),
    journal: events,
    journalHash: journalHash(events),
  }
}
