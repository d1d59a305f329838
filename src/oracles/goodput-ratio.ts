import { outageStretches } from '../model/timeline.ts'
import { asksModel, succeeded, surfaceOf, surfacesUsed } from './attempts.ts'
import { byPhase, evidenceOf, sayCount, sayShare, tally } from './finding.ts'
import { defineOracle, severityOf, severityParam } from './oracle.ts'
import type { AttemptRecord } from './view.ts'

const fewest = 50
// Work that was begun in the outage comes to its end after it.
const afterMs = 120_000

const advice =
  'The provider answers, and nobody is there any more: under load its answers take longer than the client waits, so that all its capacity ' +
  'goes into answers that are thrown away, and the wait never gets shorter. Wait longer and send less: fewer requests at once, a deadline ' +
  'above the slow answers of an overloaded provider, and cancel a hedge as soon as the other one has answered.'

/** Throughput is what the provider does, goodput what somebody gets. */
export const goodputRatio = defineOracle({
  id: 'goodput-ratio',
  code: 'H7',
  says: 'What the provider works out reaches somebody who still waits.',
  kind: 'statistical',
  byDefault: true,
  params: {
    at_least: { kind: 'share', says: 'share of the good answers that must arrive', default: 0.9 },
    severity: severityParam,
  },
  notes: {
    needs: 'the wire',
    judges:
      'In each outage, limit or lack of capacity of a surface, and two minutes after it: attempts that the provider answered well, and those ' +
      `of them that the client hung up on. ${fewest} are needed. The loser of a hedge, and what a crash of the scenario’s own took, do not count.`,
    vacuous: `the provider answered fewer than ${fewest} attempts well in any outage`,
    source:
      'Nine of ten is the catalogue’s own figure; the difference of goodput and throughput is that of the SRE ' +
      'book’s chapter on overload.',
    change: advice,
  },
  judge(view, params, plan) {
    const worked = view.attempts.filter(
      attempt => asksModel(attempt) && attempt.started.processed === 'answered' && isTold(attempt),
    )
    const stretches = [...surfacesUsed(view)].flatMap(surface =>
      outageStretches(plan, surface).map(({ startMs, endMs }) => ({
        surface,
        attempts: worked.filter(
          attempt => surfaceOf(attempt) === surface && attempt.startMs >= startMs && attempt.startMs < endMs + afterMs,
        ),
      })),
    )
    const judged = stretches.filter(({ attempts }) => attempts.length >= fewest)
    const poor = judged.flatMap(({ surface, attempts }) => {
      const wasted = attempts.filter(isWasted)
      const share = 1 - wasted.length / attempts.length
      const [first] = wasted
      if (!first || share >= params.number('at_least')) return []
      return [{ id: first.id, phase: first.started.phase, weight: -share, surface, attempts, wasted, share }]
    })
    return {
      examined: judged.reduce((sum, { attempts }) => sum + attempts.length, 0),
      ...(judged.length === 0 && { vacuous: `the provider answered fewer than ${fewest} attempts well in any outage` }),
      findings: byPhase(poor).map(group => {
        const [{ phase, surface, attempts, wasted, share }] = group
        return {
          severity: severityOf(params),
          phase,
          message:
            `of ${sayCount(attempts.length, 'good answer')} of ${surface} only ${sayShare(share)} reached the app ` +
            `(the others: ${tally(wasted.map(({ ended }) => ended?.outcome ?? 'open'))})`,
          evidence: evidenceOf(wasted.map(({ id }, i) => ({ id, phase: '', weight: -i }))),
          advice,
        }
      }),
    }
  },
})

const hungUp: ReadonlySet<string> = new Set(['aborted', 'headers-timeout', 'body-timeout'])

const isTold = (attempt: AttemptRecord) => succeeded(attempt) || hungUp.has(attempt.ended?.outcome ?? '')

/** Hung up on, and not because another attempt of the same call had just won. */
function isWasted(attempt: AttemptRecord): boolean {
  if (succeeded(attempt)) return false
  const endMs = attempt.endMs ?? 0
  return !attempt.call.attempts.some(
    other =>
      succeeded(other) &&
      other.startMs < endMs &&
      (other.endMs ?? Number.POSITIVE_INFINITY) <= endMs &&
      (other.endMs ?? 0) >= attempt.startMs,
  )
}
