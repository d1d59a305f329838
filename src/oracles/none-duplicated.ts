import { ambiguity } from './ambiguity.ts'
import { asksModel, succeeded } from './attempts.ts'
import { byPhase, evidenceOf, sayCount } from './finding.ts'
import { defineOracle, severityOf, severityParam } from './oracle.ts'
import type { JobRecord } from './view-jobs.ts'

const advice =
  'A job whose answer is there is worked on again: two workers have it, or it went back into the queue after it was done. Make its lease ' +
  'longer than the longest call (a model may take minutes, and the SDK waits up to ten), renew it while you work, look up whether a result ' +
  'exists before asking, and give all that a job changes outside one and the same idempotency key.'

/** At least once is what queues promise; to ask again for what is answered is more than that. */
export const noneDuplicated = defineOracle({
  id: 'none-duplicated',
  code: 'Q2',
  says: 'A job that has its answer is not done a second time.',
  kind: 'safety',
  byDefault: true,
  params: { severity: severityParam },
  notes: {
    needs: '`jobs` of the client module (`submit` and `list`), or the hook `report.queue`',
    judges:
      'Calls of a job’s task that got a whole answer and were sent again, unchanged, after it. A crash or restart in between excuses it: ' +
      'whether it was done could not be known. An attempt that may as well be another open job’s, for the same ' +
      'question, does not count. What is changed outside by it is judged by `side-effects-once`.',
    vacuous: 'no job was answered',
    source: 'No tolerance. It warns, as an app may ask for several samples on purpose.',
    change: advice,
  },
  judge(view, params) {
    const gone = view.clientEvents.filter(({ event }) => event === 'crash' || event === 'restart' || event === 'scale')
    const isExcused = (fromMs: number, toMs: number) => gone.some(({ t }) => t >= fromMs && t <= toMs)
    const mayBeOthers = ambiguity(view)
    const answered = view.jobs.filter(({ task }) => task.attempts.some(succeeded))
    const again = answered.flatMap(({ task }: JobRecord) =>
      task.calls.flatMap(({ attempts }) => {
        // An answer that may have been another job’s says nothing of this one either.
        const done = attempts.find(attempt => asksModel(attempt) && succeeded(attempt) && !mayBeOthers(attempt))
        const doneMs = done?.endMs
        if (doneMs === undefined) return []
        return attempts
          .filter(({ startMs }) => startMs > doneMs && !isExcused(doneMs, startMs))
          .filter(attempt => !mayBeOthers(attempt))
          .map(({ id, started, startMs }) => ({ id, phase: started.phase, weight: -startMs, task: task.id }))
      }),
    )
    return {
      examined: answered.length,
      ...(answered.length === 0 && { vacuous: 'no job was answered' }),
      findings: byPhase(again).map(group => ({
        severity: severityOf(params),
        phase: group[0].phase,
        message:
          `${sayCount(new Set(group.map(({ task }) => task)).size, 'job')} asked again for what had been answered ` +
          `(${sayCount(group.length, 'attempt')}); ${group[0].id} for ${group[0].task} was the first`,
        evidence: evidenceOf(group),
        advice,
      })),
    }
  },
})
