import { ambiguity } from './ambiguity.ts'
import { followUp, retryDueMs, slackMs } from './attempts.ts'
import { byPhase, evidenceOf, sayCount, sayMs } from './finding.ts'
import { defineOracle } from './oracle.ts'
import { sameLife } from './same-life.ts'
import type { AttemptRecord } from './view.ts'

/** The lower bound only: who gives up instead of waiting is as good. */
export const retryAfterHonoured = defineOracle({
  id: 'retry-after-honoured',
  code: 'A4',
  says: 'A client told when to come back does not come back earlier.',
  kind: 'safety',
  byDefault: true,
  // No tolerance to set: the provider named the time. RFC 9110 §10.2.3.
  params: {},
  notes: {
    needs: 'the wire',
    judges:
      'After an error with a valid `retry-after`: the next attempt of the call at the same provider, model and ' +
      'key, by the same process. 10 ms is grace; giving up is as good as waiting. An attempt that may as well be ' +
      'another open task’s does not count.',
    vacuous: 'no error answer carried a `retry-after`',
    source: 'RFC 9110, section 10.2.3.',
    change:
      'Read `retry-after` (and `retry-after-ms`) from the error and wait at least that long, or give up at once ' +
      'when it is longer than the deadline.',
  },
  judge(view) {
    const isSameLife = sameLife(view)
    const mayBeOthers = ambiguity(view)
    let examined = 0
    const early = view.calls.flatMap(call =>
      call.attempts.flatMap((attempt, i) => {
        const dueMs = retryDueMs(attempt)
        if (dueMs === undefined) return []
        examined++
        const next = followUp(call, i, isSameScope)
        if (!next || next.startMs >= dueMs - slackMs) return []
        if (mayBeOthers(next) || !isSameLife(attempt, next)) return []
        const earlyMs = dueMs - next.startMs
        return [{ id: next.id, phase: next.started.phase, weight: earlyMs, next, earlyMs, attempt }]
      }),
    )
    return {
      examined,
      ...(examined === 0 && { vacuous: 'no error answer carried a retry-after' }),
      findings: byPhase(early).map(group => {
        const [{ next, attempt }] = group
        const askedMs = attempt.headers?.retryAfterMs ?? 0
        const waitedMs = next.startMs - (attempt.headersMs ?? attempt.startMs)
        return {
          severity: 'fail',
          phase: next.started.phase,
          message:
            `${sayCount(group.length, 'retry', 'retries')} came before the time the provider had named in retry-after; ` +
            `${next.id} came after ${sayMs(waitedMs)} where ${attempt.headers?.status ?? 0} had asked for ${sayMs(askedMs)}`,
          evidence: evidenceOf(group),
          advice:
            'An early retry meets the same closed door, counts against your limit again and can prolong it. Read ' +
            '`retry-after` (and `retry-after-ms`) from the error, `err.headers` in the SDK, and wait at least that long, or ' +
            'give up at once when it is longer than your deadline. The SDK does this by itself where `maxRetries` is above ' +
            '0, so look at the loop or the fetch wrapper around it that uses a backoff of its own.',
        }
      }),
    }
  },
})

/** A limit belongs to a key and a model at one provider: another of these may be asked at once. */
function isSameScope({ started: a }: AttemptRecord, { started: b }: AttemptRecord): boolean {
  return a.provider === b.provider && a.key === b.key && a.model === b.model
}
