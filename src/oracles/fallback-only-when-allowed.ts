import { asksModel } from './attempts.ts'
import { byPhase, evidenceOf, sayCount, tally } from './finding.ts'
import { defineOracle } from './oracle.ts'

// What the request itself is to blame for. A model that is missing, or a key, may well be another one elsewhere.
const ofRequest: ReadonlySet<number> = new Set([400, 413, 422])

const advice =
  'A request that is wrong is wrong everywhere: asking the next provider doubles the cost, hides the mistake from your logs, and hands ' +
  'the prompt to somebody who need not have it. Fall over on connection errors, timeouts, 408, 429 and 5xx, and throw at once on 400, ' +
  '413 and 422. Where an outage is known to answer 400 to good requests, fall over only when many different requests get it at once.'

/** Only for apps that have promised it: there were outages in which good requests got a 400. */
export const fallbackOnlyWhenAllowed = defineOracle({
  id: 'fallback-only-when-allowed',
  code: 'F1',
  says: 'A request that was rejected for what it is is not sent to another provider.',
  kind: 'safety',
  byDefault: false,
  params: {},
  notes: {
    needs: 'the wire',
    judges: 'Attempts at another provider for the same task after a 400, 413 or 422, with no answer in between.',
    vacuous: 'no attempt ended in 400, 413 or 422',
    source: 'No tolerance. The statuses are those that fallback tables in use leave out.',
    change: advice,
  },
  judge(view) {
    let examined = 0
    const cases = view.tasks.flatMap(task => {
      const attempts = task.attempts.filter(asksModel)
      return attempts.flatMap((attempt, i) => {
        const status = attempt.headers?.status ?? 0
        if (!ofRequest.has(status)) return []
        examined++
        const next = attempts[i + 1]
        const isElsewhere = next && next.started.provider !== attempt.started.provider
        if (!isElsewhere || next.startMs < (attempt.headersMs ?? attempt.startMs)) return []
        return [{ id: next.id, phase: next.started.phase, weight: -next.startMs, status, to: next.started.provider }]
      })
    })
    return {
      examined,
      ...(examined === 0 && { vacuous: 'no attempt ended in 400, 413 or 422' }),
      findings: byPhase(cases).map(group => ({
        severity: 'fail' as const,
        phase: group[0].phase,
        message:
          `${sayCount(group.length, 'rejected request')} went on to ${group[0].to} (after ` +
          `${tally(group.map(({ status }) => `× ${status}`))})`,
        evidence: evidenceOf(group),
        advice,
      })),
    }
  },
})
