import { asksModel } from './attempts.ts'
import { byPhase, evidenceOf, sayCount, sayMs } from './finding.ts'
import { defineOracle } from './oracle.ts'
import type { JobRecord } from './view-jobs.ts'

const advice =
  'A job that fails goes back to the end of the queue, or several workers take jobs of one customer at once. Where the order matters, keep ' +
  'a job at the head until it is done or dead, retry it there, and let one worker at a time hold a tenant’s jobs.'

/** Only for queues that promise an order. */
export const order = defineOracle({
  id: 'order',
  code: 'Q3',
  says: 'Jobs of one tenant or session are begun in the order in which they were taken in.',
  kind: 'safety',
  byDefault: false,
  params: {
    per: {
      kind: 'choice',
      says: 'whose jobs keep an order',
      options: ['tenant', 'session', 'user', 'all'],
      default: 'tenant',
    },
  },
  notes: {
    needs: '`jobs` of the client module (`submit` and `list`), or the hook `report.queue`',
    judges:
      'Of the jobs of one owner on one instance: a job whose last attempt begins after that of one taken in later. Jobs taken in within ' +
      'the same millisecond have no order.',
    vacuous: 'no owner had two jobs that were begun',
    source: 'No tolerance.',
    change: advice,
  },
  judge(view, params) {
    const keyOf = ({ task: { started } }: JobRecord) => {
      const owner = { tenant: started.tenant, session: started.session, user: String(started.user), all: '' }
      return `${started.instance} ${Reflect.get(owner, params.text('per'))}`
    }
    const begun = view.jobs.filter(({ task }) => task.attempts.some(asksModel))
    const queues = [...Map.groupBy(begun, keyOf).values()].filter(jobs => jobs.length >= 2)
    const overtaken = queues.flatMap(jobs =>
      jobs.slice(0, -1).flatMap((job, i) => {
        const next = jobs[i + 1]
        if (!next || next.submittedMs === job.submittedMs || lastMs(next) >= lastMs(job)) return []
        const { id, phase } = job.task
        return [{ id, phase, weight: lastMs(job) - lastMs(next), by: next.task.id }]
      }),
    )
    return {
      examined: queues.reduce((sum, jobs) => sum + jobs.length, 0),
      ...(queues.length === 0 && { vacuous: 'no owner had two jobs that were begun' }),
      findings: byPhase(overtaken).map(group => ({
        severity: 'fail' as const,
        phase: group[0].phase,
        message:
          `${sayCount(group.length, 'job')} ${group.length === 1 ? 'was' : 'were'} overtaken; ${group[0].id} was served ` +
          `${sayMs(group[0].weight)} after ${group[0].by}, which came later`,
        evidence: evidenceOf(group),
        advice,
      })),
    }
  },
})

/** When the attempt began that ended it. */
function lastMs({ task }: JobRecord): number {
  return task.attempts.findLast(asksModel)?.startMs ?? 0
}
