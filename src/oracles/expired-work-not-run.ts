import { ambiguity } from './ambiguity.ts'
import { asksModel } from './attempts.ts'
import { byPhase, evidenceOf, sayCount, sayMs } from './finding.ts'
import { defineOracle, vacuous } from './oracle.ts'
import type { TaskRecord } from './view.ts'

const advice =
  'Nobody waits for these answers any more; they cost tokens, and the place in the line of those that are waited for. Write the time until ' +
  'which a job is of use into the job, and look at it when the job is taken out of the queue and before each retry, not only when it is put in.'

const overs: ReadonlySet<string> = new Set(['expired', 'rejected', 'dead'])

/** By the app’s own word on what it has given up, or by an age of the scenario’s. */
export const expiredWorkNotRun = defineOracle({
  id: 'expired-work-not-run',
  code: 'Q8',
  says: 'A job that was given up costs nothing any more.',
  kind: 'safety',
  byDefault: true,
  params: {
    ttl: {
      kind: 'duration',
      says: 'age from which a job is begun no more; what the app calls expired when absent',
      min: 1,
    },
  },
  notes: {
    needs: 'the hook `report.queue`; with `ttl`, `jobs` of the client module (`submit` and `list`) will do',
    judges:
      'Attempts at a model for a job, and `started` of it, after it was told as `expired` or `dead` and not accepted again since; of a ' +
      '`rejected` one `started` alone. With `ttl`: those that begin when the job is older than that. An attempt that may as ' +
      'well be another open task’s, for the same question, does not count.',
    vacuous: 'no job was told to be given up, and no `ttl` is set',
    source: 'No tolerance: the deadline goes with the work.',
    change: advice,
  },
  judge(view, params) {
    const ttlMs = params.optionalNumber('ttl')
    const events = view.reports.queues.filter(({ t }) => t >= 0)
    const taskOf = new Map(view.tasks.map(task => [task.id, task]))
    const byJob = [...Map.groupBy(events, ({ job }) => job)].flatMap(([id, story]): Limit[] => {
      const at = story.findLastIndex(({ op }) => overs.has(op))
      const over = story[at]
      // What is taken in again, or was refused to one and accepted from another, has a new life.
      if (!over || story.slice(at + 1).some(({ op }) => op === 'accepted')) return []
      const task = story.find(({ op }) => op === 'accepted')?.task ?? over.task ?? taskOf.get(id)
      const startedMs = story.slice(at + 1).find(({ op }) => op === 'started')?.t
      return [
        {
          ...{ overMs: over.t, what: over.op },
          ...(task && { task }),
          ...(startedMs !== undefined && { startedMs }),
        },
      ]
    })
    const limits: readonly Limit[] =
      ttlMs === undefined
        ? byJob
        : view.jobs.map(({ task, submittedMs }) => ({ task, overMs: submittedMs + ttlMs, what: 'too old' }))
    if (limits.length === 0) return vacuous('no job was told to be given up')
    const mayBeOthers = ambiguity(view)
    const late = limits.flatMap(limit => {
      // Who refuses a job may well answer its task by other means.
      const asked = limit.what === 'rejected' ? [] : (limit.task?.attempts ?? [])
      const attempts = asked.filter(one => asksModel(one) && one.startMs > limit.overMs && !mayBeOthers(one))
      const firstMs = Math.min(limit.startedMs ?? Number.POSITIVE_INFINITY, ...attempts.map(one => one.startMs))
      if (!Number.isFinite(firstMs)) return []
      const phase = view.phaseAt(firstMs)
      return [{ id: limit.task?.id ?? '', phase, weight: attempts.length, limit, firstMs, count: attempts.length }]
    })
    return {
      examined: limits.length,
      findings: byPhase(late).map(group => {
        const [{ limit, firstMs, phase }] = group
        const count = group.reduce((sum, one) => sum + one.count, 0)
        return {
          severity: 'fail' as const,
          phase,
          message:
            `${sayCount(group.length, 'job')} worked on after being given up (${sayCount(count, 'attempt')}); that of ` +
            `${limit.task?.id ?? 'nobody known'} was ${limit.what} at ${sayMs(limit.overMs)} and begun ${sayMs(firstMs - limit.overMs)} later`,
          evidence: evidenceOf(group.filter(({ id }) => id !== '')),
          advice,
        }
      }),
    }
  },
})

interface Limit {
  readonly task?: TaskRecord
  readonly overMs: number
  readonly what: string
  readonly startedMs?: number
}
