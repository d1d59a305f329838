import { scaleScenario } from '../../model/scale.ts'
import { asksModel, succeeded } from '../attempts.ts'
import { evidenceOf, sayCount } from '../finding.ts'
import { severityOf, strictParam } from '../oracle.ts'
import type { AttemptRecord } from '../view.ts'
import { outagesOf } from './outage.ts'
import { defineRelation, type Ran } from './relation.ts'
import { bare } from './scenario-edits.ts'

// Fewer who wait say nothing.
const fewest = 20
// Means of small numbers of attempts.
const spare = 0.5

const advice =
  'The longer it lasts, the faster this client asks: what waits multiplies. Look for a failure that makes two of itself (a retry by the ' +
  'wrapper and one by what is wrapped, a requeue of everything for each failure, a timer set anew without clearing the old one), and for ' +
  'a backoff that starts over. Give each call one schedule with a cap, and probe for all that wait with one.'

/** Twice the outage, at most twice the asking. */
export const monotoneProbing = defineRelation({
  id: 'monotone-probing',
  code: 'M5',
  says: 'An outage twice as long at most doubles the attempts for each call that waits.',
  params: { severity: strictParam },
  notes: {
    needs: 'the wire, and one run more',
    judges:
      'The same scenario with every phase twice as long and the same traffic: the mean of the attempts that failed in outages, for each ' +
      `task or call of its own that made one, may at most double (and half an attempt more). ${fewest} of them are needed in both.`,
    vacuous: `fewer than ${fewest} calls met the outage`,
    source:
      'A capped backoff grows with the logarithm of the time and then in proportion to it; anything steeper multiplies.',
    change: advice,
  },
  twins: ({ scenario }) => [{ name: 'twice as long', scenario: scaleScenario(bare(scenario), 2) }],
  compare(base, [longer], params) {
    const [was, is] = [waitersOf(base), longer ? waitersOf(longer) : []]
    const isFew = Math.min(was.length, is.length) < fewest
    const [before, after] = [meanOf(was), meanOf(is)]
    const cases = was.map(attempts => ({ id: attempts[0]?.id ?? '', phase: '', weight: attempts.length }))
    return {
      examined: isFew ? 0 : was.length,
      ...(isFew && { vacuous: `fewer than ${fewest} calls met the outage` }),
      findings:
        isFew || after <= 2 * before + spare
          ? []
          : [
              {
                severity: severityOf(params),
                phase: was[0]?.[0]?.started.phase ?? '',
                message:
                  `${sayCount(was.length, 'task')} that met the outage made ${round(before)} failed attempts each, and ${round(after)} each ` +
                  'when it lasted twice as long',
                evidence: evidenceOf(cases),
                advice,
              },
            ],
    }
  },
})

const round = (value: number) => Math.round(value * 10) / 10

/** Failed attempts in outages, by the task or the call that made them. */
function waitersOf({ view, plan }: Ran): readonly (readonly AttemptRecord[])[] {
  const spans = outagesOf(view, plan)
  const failed = view.attempts.filter(
    attempt =>
      asksModel(attempt) &&
      !succeeded(attempt) &&
      spans.some(({ startMs, endMs }) => attempt.startMs >= startMs && attempt.startMs < endMs),
  )
  return [...Map.groupBy(failed, ({ task, call }) => task?.id ?? call.id).values()]
}

function meanOf(waiters: readonly (readonly AttemptRecord[])[]): number {
  return waiters.reduce((sum, { length }) => sum + length, 0) / Math.max(1, waiters.length)
}
