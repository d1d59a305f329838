import type { JournalEvent } from '../journal/event.ts'
import type { Expectation } from '../model/scenario.ts'
import type { Plan } from '../model/timeline.ts'
import { judgeAll, type Thresholds } from '../oracles/judge-all.ts'
import type { Oracle } from '../oracles/oracle.ts'
import { viewJournal } from '../oracles/view.ts'
import type { Stage } from './stage.ts'

/** What ends a run before its scenario does. */
export interface Budget {
  /** Requests from t = 0 on; one more ends the run. */
  readonly attemptsAtMost?: number | undefined
  /** Ids of oracles that fail already, by what happened so far. Asked now and then. */
  failing?(events: readonly JournalEvent[]): readonly string[]
}

/** How many requests make the first look worth its time; the next comes when there are twice as many. */
const firstLook = 32

/** Calls `cut`, once, when the budget is used up or an oracle has failed; `why` is for people. */
export function watchBudget(stage: Stage, { attemptsAtMost, failing }: Budget, cut: (why: string) => void): void {
  const { plan, clock, responder, journal } = stage
  let isCut = false
  const end = (why: string) => {
    if (isCut || stage.over) return
    isCut = true
    cut(why)
  }
  const look = () => {
    if (isCut || stage.over) return
    const failed = failing?.(journal.events) ?? []
    if (failed.length > 0) end(`${failed.join(', ')} had failed`)
  }
  if (failing) {
    for (const { endMs } of plan.phases) clock.after(endMs - stage.t(), look)
    clock.after(plan.lengthMs + plan.tailMs / 2 - stage.t(), look)
  }
  let before = 0
  let nextLook = firstLook
  stage.onMoved = () => {
    if (isCut) return
    if (stage.t() < 0) before = responder.attemptCount
    const attempts = responder.attemptCount - before
    if (attemptsAtMost !== undefined && attempts > attemptsAtMost) end(`it had made ${attemptsAtMost} requests`)
    if (attempts < nextLook) return
    nextLook *= 2
    look()
  }
}

export interface Safety {
  readonly plan: Plan
  readonly oracles: ReadonlyMap<string, Oracle>
  readonly expectations: readonly Expectation[]
  readonly thresholds: Thresholds | undefined
  /** Only these are looked at; all that hold at any time when absent. */
  readonly only?: readonly string[] | undefined
}

/** The oracles that may judge a run that has not come to its end, and what is expected of them. */
export function safetyOnly({ oracles, expectations, only }: Pick<Safety, 'oracles' | 'expectations' | 'only'>) {
  const own = new Map([...oracles].filter(([id, { kind }]) => kind === 'safety' && (only?.includes(id) ?? true)))
  return { oracles: own, expectations: expectations.filter(({ oracle }) => own.has(oracle)) }
}

/** Judges what happened so far by what must hold at any time. */
export function failingSafety({ plan, thresholds, ...rest }: Safety): NonNullable<Budget['failing']> {
  const { oracles, expectations } = safetyOnly(rest)
  const isAsked = (id: string) => rest.only?.includes(id) ?? true
  return events =>
    judgeAll(viewJournal(events), plan, oracles, expectations, thresholds)
      .filter(({ id, status }) => status === 'fail' && isAsked(id))
      .map(({ id }) => id)
}
