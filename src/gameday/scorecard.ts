import { breakNotices } from '../journal/breaks.ts'
import type { Plan } from '../model/timeline.ts'
import { viewJournal } from '../oracles/view.ts'
import { spell } from '../reports/text.ts'
import type { RunResult } from '../run/result.ts'
import { type Beside, besideOf, type Precedent, precedentOf } from './score/beside.ts'
import { actionsOf, type Hoped, injectsOf, markTexts, measuresOf, noteTexts, type Told } from './score/deeds.ts'
import { type Hypothesis, hypothesisOf } from './score/hypothesis.ts'
import type { Score } from './score/score.ts'
import { type PageWord, pageScores, wordsOf } from './score/status-page.ts'
import { type TimeScore, timesOf } from './score/times.ts'
import { trafficOf } from './score/traffic.ts'
import { usersOf } from './score/users.ts'
import { workOf } from './score/work.ts'

/** What an exercise came to: of the system, the runbooks and the words; never of a person. */
export interface Scorecard {
  readonly id: string
  readonly title: string
  readonly client: string
  readonly seed: number
  readonly verdict: string
  /** What to know before anything is read out of it. */
  readonly notes: readonly string[]
  readonly times: readonly TimeScore[]
  /** Users, traffic, work, spend, the status page. */
  readonly scores: readonly Score[]
  readonly hypothesis?: Hypothesis
  readonly measures: readonly Hoped[]
  readonly actions: readonly Hoped[]
  /** What people marked, in order. */
  readonly done: readonly string[]
  /** What people noted, in order. */
  readonly noted: readonly string[]
  readonly injects: readonly Told[]
  /** What the status page said. */
  readonly page: readonly PageWord[]
  readonly precedent?: Precedent
  readonly last?: { readonly title: string; readonly figures: readonly Beside[] }
}

export interface ScorecardOptions {
  /** How many times faster than real time it went. */
  readonly speed: number
  /** The scenario that this one is modelled on, as it is written. */
  readonly precedent?: Plan | undefined
  /** A run of the same scenario before this one. */
  readonly last?: Scorecard | undefined
}

/** The scorecard of a drill that has ended, or of one read back from its journal. Pure. */
export function scorecard(result: RunResult, { speed, precedent, last }: ScorecardOptions): Scorecard {
  const { plan, scenario, journal, client, seed } = result
  const view = viewJournal(journal)
  const times = timesOf(view, plan)
  const scores = [
    ...usersOf(view, plan),
    ...trafficOf(view),
    ...workOf(journal, view, plan),
    ...pageScores(journal, plan),
  ]
  const measures = measuresOf(journal, plan)
  const hypothesis = hypothesisOf({ result, scores: [...times, ...scores], measures })
  return {
    ...{ id: scenario.id, title: scenario.title ?? scenario.id, client, seed, times, scores, measures },
    verdict: `${result.verdict.toUpperCase()}: ${result.reason}`,
    notes: notesOf(result, speed, last),
    ...(hypothesis && { hypothesis }),
    ...{ actions: actionsOf(journal, plan), done: markTexts(journal), noted: noteTexts(journal) },
    injects: injectsOf(journal, plan),
    page: wordsOf(journal, plan),
    ...(precedent && { precedent: precedentOf(precedent, scenario.id) }),
    ...(last && {
      last: { title: last.title, figures: besideOf([...times, ...scores], [...last.times, ...last.scores]) },
    }),
  }
}

const steering: ReadonlySet<string> = new Set(['held', 'released', 'skipped', 'extended', 'moved-on', 'injected'])

function notesOf(
  { journal, exitCode, scenario }: RunResult,
  speed: number,
  last: Scorecard | undefined,
): readonly string[] {
  const breaks = breakNotices(journal)
  const isSteered = journal.some(event => event.type === 'mark' && steering.has(event.mark))
  return [
    ...(speed === 1
      ? []
      : [
          `The scenario went ${speed} times as fast as the clock on the wall: a second of people’s is told as ${spell(speed * 1_000)}.`,
        ]),
    ...(isSteered ? ['The facilitator held, moved or added to the show; times are those that really passed.'] : []),
    ...breaks,
    ...(breaks.length > 0
      ? ['What was spent is counted from there on: no journal has the tokens of each request.']
      : []),
    ...(exitCode === 3 ? ['Nothing was injected: the steady state did not hold.'] : []),
    ...(exitCode === 4 || exitCode === 130 || exitCode === 143
      ? ['It was ended before its time: what was to come is not scored.']
      : []),
    ...(last && last.id !== scenario.id ? [`The last run was of another scenario, ${last.id}.`] : []),
  ]
}
