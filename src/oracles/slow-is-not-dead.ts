import { asksModel, succeeded } from './attempts.ts'
import { byPhase, evidenceOf, sayCount, sayMs, sayShare } from './finding.ts'
import { defineOracle, severityOf, severityParam } from './oracle.ts'
import type { AttemptRecord, CallRecord } from './view.ts'

const fewest = 10

const advice =
  'The answer was on its way, and asking anew puts it off further: each attempt begins where the last one was thrown away, and the provider, ' +
  'already slow, works for nothing. Bound the time without any progress and not the time that all of it takes: refresh the timer with ' +
  'every event of a stream (pings too), and let a deadline for the whole be longer than the slowest good answer.'

/** What a watchdog kills by mistake. */
export const slowIsNotDead = defineOracle({
  id: 'slow-is-not-dead',
  code: 'X7',
  says: 'An answer that is slow, but on its way, is waited for, not given up and asked for again.',
  kind: 'statistical',
  byDefault: true,
  params: {
    within: {
      kind: 'duration',
      says: 'slow answers that take no longer than this are to be waited for',
      default: 30_000,
    },
    at_most: { kind: 'share', says: 'share of the calls met by a slow answer that may end without one', default: 0.2 },
    severity: severityParam,
  },
  notes: {
    needs: 'the wire, and the provider’s own record of what it was about to answer',
    judges:
      `Calls whose attempts were good but slow (${fewest} at the least): those that hung up on such an answer, asked again and hung up on the ` +
      'next, and got none in the end.',
    vacuous: `fewer than ${fewest} calls were met by an answer that was only slow`,
    source: 'Half a minute is what a person waits at the most. It warns, as a deadline of less may be meant.',
    change: advice,
  },
  judge(view, params) {
    const withinMs = params.number('within')
    const slow = view.calls.filter(({ attempts }) => attempts.some(attempt => isSlow(attempt, withinMs)))
    const killed = slow.filter(call => isGivenUp(call, withinMs))
    const share = killed.length / Math.max(1, slow.length)
    const isFew = slow.length < fewest
    const cases = killed.flatMap(call => {
      const worst = call.attempts.find(attempt => isHungUpOn(attempt, withinMs))
      return worst ? [{ id: call.id, phase: worst.started.phase, weight: call.attempts.length, worst }] : []
    })
    return {
      examined: isFew ? 0 : slow.length,
      ...(isFew && { vacuous: `fewer than ${fewest} calls were met by an answer that was only slow` }),
      findings: (isFew || share <= params.number('at_most') ? [] : byPhase(cases).slice(0, 1)).map(group => {
        const [{ id, phase, worst }] = group
        return {
          severity: severityOf(params),
          phase,
          message:
            `${killed.length} of ${sayCount(slow.length, 'call')} (${sayShare(share)}) hung up on answers that were only slow, again and again; ` +
            `${worst.id} of ${id} was given up after ${sayMs((worst.endMs ?? 0) - worst.startMs)}, and would have been whole after ` +
            `${sayMs(worst.started.takesMs ?? 0)}`,
          evidence: evidenceOf(cases),
          advice,
        }
      }),
    }
  },
})

function isSlow(attempt: AttemptRecord, withinMs: number): boolean {
  const { takesMs } = attempt.started
  return asksModel(attempt) && takesMs !== undefined && takesMs <= withinMs
}

function isHungUpOn(attempt: AttemptRecord, withinMs: number): boolean {
  return isSlow(attempt, withinMs) && attempt.ended?.outcome === 'aborted'
}

function isGivenUp(call: CallRecord, withinMs: number): boolean {
  const hungUp = call.attempts.filter(attempt => isHungUpOn(attempt, withinMs)).length
  return hungUp > 1 && !call.attempts.some(succeeded) && call.task?.settled?.outcome !== 'ok'
}
