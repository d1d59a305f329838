import { ambiguity } from './ambiguity.ts'
import { followUp, permanent, wasPatient } from './attempts.ts'
import { byPhase, evidenceOf, sayCount, sayMs, tally } from './finding.ts'
import { defineOracle } from './oracle.ts'
import { sameLife } from './same-life.ts'
import type { AttemptRecord } from './view.ts'

/** The same request with the same key gets the same answer. */
export const noRetryOnPermanentErrors = defineOracle({
  id: 'no-retry-on-permanent-errors',
  code: 'A3',
  says: 'A request the provider rejects for what it is is not sent again unchanged.',
  kind: 'safety',
  byDefault: true,
  params: {},
  notes: {
    needs: 'the wire',
    judges:
      'After a 400, 401, 403, 404, 405, 413 or 422 without `x-should-retry: true`: the same request with the same ' +
      'key at the same surface and model, within 30 s, by the same process. An attempt that may as well be another open task’s does not ' +
      'count.',
    vacuous: 'no attempt ended in one of these',
    source: 'What the SDKs retry (408, 409, 429, 5xx) and what they do not.',
    change: 'Throw at once on these; with p-retry an `AbortError`. For 401 use another key, or alert somebody.',
  },
  judge(view) {
    const mayBeOthers = ambiguity(view)
    const isSameLife = sameLife(view)
    let examined = 0
    const repeats = view.calls.flatMap(call =>
      call.attempts.flatMap((attempt, i) => {
        const status = attempt.headers?.status ?? 0
        if (!permanent.has(status)) return []
        examined++
        if (attempt.headers?.shouldRetry === true) return []
        const next = followUp(call, i, isUnchanged)
        if (!next || wasPatient(attempt, next) || mayBeOthers(next) || !isSameLife(attempt, next)) return []
        const waitedMs = next.startMs - (attempt.headersMs ?? attempt.startMs)
        return [{ id: next.id, phase: next.started.phase, weight: next.started.n, next, status, waitedMs }]
      }),
    )
    return {
      examined,
      ...(examined === 0 && { vacuous: `no attempt ended in ${[...permanent].join(', ')}` }),
      findings: byPhase(repeats).map(group => {
        const [{ next, status, waitedMs }] = group
        return {
          severity: 'fail',
          phase: next.started.phase,
          message:
            `${sayCount(group.length, 'attempt')} repeated a rejected request unchanged (after ${tally(group.map(item => `× ${item.status}`))}); ` +
            `${next.id} is attempt ${next.started.n} of its call, ${sayMs(waitedMs)} after a ${status}`,
          evidence: evidenceOf(group),
          advice:
            'Nothing about these can be mended by asking again: the body, the key, the model or the rights must change first. ' +
            'Retries hide the real error from your logs and spend your rate limit. Retry only connection errors, 408, 409, ' +
            '429 and 5xx, which is what the SDK does; in your own loop throw at once on `err.status` 400, 401, 403, 404, ' +
            '405, 413 and 422 (with p-retry an `AbortError`). For 401 use another key or alert somebody.',
        }
      }),
    }
  },
})

function isUnchanged({ started: a }: AttemptRecord, { started: b }: AttemptRecord): boolean {
  return (
    a.bodyHash === b.bodyHash &&
    a.key === b.key &&
    a.provider === b.provider &&
    a.surface === b.surface &&
    // Some providers name the model in the path: a fallback to another one may send the same body.
    a.model === b.model
  )
}
