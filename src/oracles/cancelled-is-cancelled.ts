import { asksModel, wasPatient } from './attempts.ts'
import { byPhase, evidenceOf, sayCount, sayMs } from './finding.ts'
import { defineOracle, severityOf, severityParam } from './oracle.ts'

// An abort and a timer that fires in the same instant.
const graceMs = 250

const advice =
  'Nobody waits for these any more: they cost tokens and load a provider in trouble for nothing. A `Promise.race` with a timeout only ' +
  'stops listening. Hand one `AbortSignal` to the request and to the wait before each retry (`signal: AbortSignal.timeout(…)`), and let a ' +
  'task’s end abort its controller. What is to go on in the background should be told as `queued`.'

/** Retries that outlive the user's wish: a deadline that ends the waiting, not the work. */
export const cancelledIsCancelled = defineOracle({
  id: 'cancelled-is-cancelled',
  code: 'A10',
  says: 'Once a task has failed, nothing more is sent for it.',
  kind: 'safety',
  byDefault: true,
  params: { severity: severityParam },
  notes: {
    needs: 'the wire',
    judges:
      'Attempts at a model that begin 250 ms or more after their task settled as failed, and less than 30 s after the attempt before ' +
      'them. A task that the scenario itself took away with its process does not count.',
    vacuous: 'no task failed',
    source: 'No tolerance beyond the grace. It warns, as a refresh in the background may be meant.',
    change: advice,
  },
  judge(view, params) {
    const failed = view.tasks.filter(({ settled }) => settled?.outcome === 'failed' && settled.lostTo === undefined)
    const late = failed.flatMap(task => {
      const endMs = task.settledMs ?? 0
      return task.attempts.flatMap((attempt, i) => {
        const before = task.attempts[i - 1]
        if (attempt.startMs <= endMs + graceMs || !asksModel(attempt)) return []
        if (before && wasPatient(before, attempt)) return []
        return [{ id: attempt.id, phase: attempt.started.phase, weight: attempt.startMs - endMs, task: task.id }]
      })
    })
    return {
      examined: failed.length,
      ...(failed.length === 0 && { vacuous: 'no task failed' }),
      findings: byPhase(late).map(group => {
        const [worst] = group
        return {
          severity: severityOf(params),
          phase: worst.phase,
          message:
            `${sayCount(group.length, 'attempt')} for ${sayCount(new Set(group.map(({ task }) => task)).size, 'task')} that had failed ` +
            `already; ${worst.id} was sent ${sayMs(worst.weight)} after ${worst.task} had told its user so`,
          evidence: evidenceOf(group),
          advice,
        }
      }),
    }
  },
})
