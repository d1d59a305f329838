import { outageStretches, type Plan } from '../model/timeline.ts'
import { surfacesUsed } from './attempts.ts'
import { byPhase, evidenceOf, sayCount, sayMs } from './finding.ts'
import { defineOracle, severityOf, severityParam } from './oracle.ts'
import type { JournalView } from './view.ts'

const advice =
  'The outage is over and its backlog is not. A worker that takes one job at a time, that waits as long after a success as after a failure, ' +
  'or whose backoff has grown to many minutes and is not reset by the first success, works off hours of jobs in days. Raise the number of ' +
  'workers with each success up to the rate limit, reset the backoff, and let a job that always fails step aside.'

/** The bound comes from the scenario: the healthy time after it is made long enough to drain what its limits allow. */
export const drainsInTime = defineOracle({
  id: 'drains-in-time',
  code: 'Q5',
  says: 'After the outage the queue is empty again in good time.',
  kind: 'liveness',
  byDefault: true,
  params: {
    within: {
      kind: 'duration',
      says: 'time to drain after the last fault or limit; the healthy time after the scenario when absent',
      min: 1,
    },
    severity: severityParam,
  },
  notes: {
    needs: '`jobs` of the client module (`submit` and `list`), or the hook `report.queue`',
    judges:
      'Jobs taken in before the last fault or limit of the surfaces in use ended: each must be done or dead within the time. One that is ' +
      'still open when the run has waited a quarter of an hour besides is told apart.',
    vacuous: 'no job was taken in before the outage ended',
    source:
      'A backlog B drains in B / (r - λ) at a limit r and a rate of new work λ. The healthy time after a scenario is that figure and two ' +
      'minutes, five minutes at the least.',
    change: advice,
  },
  judge(view, params, plan) {
    const healedMs = healOf(view, plan)
    const withinMs = params.optionalNumber('within') ?? plan.tailMs
    const dueMs = healedMs + withinMs
    const jobs = view.jobs.filter(({ submittedMs }) => submittedMs < healedMs)
    const late = jobs.flatMap(({ task, doneMs, deadMs, goneMs }) => {
      const endMs = doneMs ?? deadMs ?? goneMs
      if ((endMs ?? view.endMs) <= dueMs) return []
      return [{ id: task.id, phase: task.phase, weight: endMs ?? Number.POSITIVE_INFINITY, endMs }]
    })
    return {
      examined: jobs.length,
      ...(jobs.length === 0 && { vacuous: 'no job was taken in before the outage ended' }),
      findings: byPhase(late).map(group => {
        const open = group.filter(({ endMs }) => endMs === undefined).length
        const last = group[0].endMs
        const tail =
          last === undefined
            ? `${open} never came to an end`
            : `the last, of ${group[0].id}, ended ${sayMs(last - healedMs)} after it`
        return {
          severity: severityOf(params),
          phase: group[0].phase,
          message: `${sayCount(group.length, 'job')} not done ${sayMs(withinMs)} after the outage; ${tail}`,
          evidence: evidenceOf(group),
          advice,
        }
      }),
    }
  },
})

/** The end of the last outage of any surface that the app uses; of the scenario when it used none. */
function healOf(view: JournalView, plan: Plan): number {
  const ends = [...surfacesUsed(view)].flatMap(surface => outageStretches(plan, surface).map(({ endMs }) => endMs))
  return ends.length === 0 ? plan.lengthMs : Math.max(...ends)
}
