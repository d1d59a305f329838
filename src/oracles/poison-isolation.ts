import { asksModel } from './attempts.ts'
import { byPhase, evidenceOf, sayCount, sayMs } from './finding.ts'
import { defineOracle, severityOf, severityParam } from './oracle.ts'
import type { JobRecord } from './view-jobs.ts'

// What will not pass by waiting: the request itself is to blame.
const poison: ReadonlySet<number> = new Set([400, 413, 422])

const advice =
  'This job will never succeed, and each try costs a place in the line. Tell its kind of error apart (400, 413, 422), give it few tries, ' +
  'and then put it aside as `dead` with its reason. Meanwhile the jobs behind it must go on: take the next one while it waits.'

/** However patiently: the same request gets the same 400 tomorrow. */
export const poisonIsolation = defineOracle({
  id: 'poison-isolation',
  code: 'Q9',
  says: 'A job that can never succeed is put aside after a few tries.',
  kind: 'safety',
  byDefault: true,
  params: {
    tries: { kind: 'number', says: 'attempts that it may have', default: 5, min: 1, integer: true },
    severity: severityParam,
  },
  notes: {
    needs: '`jobs` of the client module (`submit` and `list`), or the hook `report.queue`',
    judges:
      'Jobs with more than so many attempts that ended in 400, 413 or 422 for an unchanged request. The message tells how many jobs of the ' +
      'same instance, taken in later, were not begun meanwhile.',
    vacuous: 'no job got a 400, 413 or 422',
    source: 'The most attempts that any call should get. It warns, as some outages answer 400 to good requests.',
    change: advice,
  },
  judge(view, params) {
    const sick = view.jobs.flatMap(job => {
      const tries = triesOf(job)
      return tries.length > 0 ? [{ job, tries }] : []
    })
    const cases = sick
      .filter(({ tries }) => tries.length > params.number('tries'))
      .map(({ job, tries }) => {
        const fromMs = tries[0] ?? 0
        const toMs = tries.at(-1) ?? fromMs
        const held = view.jobs.filter(
          ({ task, submittedMs }) =>
            task !== job.task &&
            task.started.instance === job.task.started.instance &&
            submittedMs >= job.submittedMs &&
            submittedMs < toMs &&
            !task.attempts.some(({ startMs }) => startMs < toMs),
        )
        const { id, phase } = job.task
        return { id, phase, weight: tries.length, tookMs: toMs - fromMs, held: held.length }
      })
    return {
      examined: sick.length,
      ...(sick.length === 0 && { vacuous: 'no job got a 400, 413 or 422' }),
      findings: byPhase(cases).map(group => {
        const [{ id, weight, tookMs, held, phase }] = group
        return {
          severity: severityOf(params),
          phase,
          message:
            `${sayCount(group.length, 'job')} went on with a request that is rejected for good; that of ${id} was sent ${weight} times in ` +
            `${sayMs(tookMs)}, while ${sayCount(held, 'later job')} waited unbegun`,
          evidence: evidenceOf(group),
          advice,
        }
      }),
    }
  },
})

/** Times of the attempts at the unchanged request that were rejected for good. */
function triesOf({ task }: JobRecord): readonly number[] {
  const rejected = task.attempts.filter(attempt => asksModel(attempt) && poison.has(attempt.headers?.status ?? 0))
  const byBody = Map.groupBy(rejected, ({ started }) => started.bodyHash)
  const [most] = [...byBody.values()].sort((a, b) => b.length - a.length)
  return (most ?? []).map(({ startMs }) => startMs)
}
