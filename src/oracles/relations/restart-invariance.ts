import { byPhase, evidenceOf, sayCount, sayMs, tally } from '../finding.ts'
import { severityOf, strictParam } from '../oracle.ts'
import type { JobRecord } from '../view-jobs.ts'
import { lastHealMs, outagesOf } from './outage.ts'
import { outcomeOf, pairTasks } from './pairs.ts'
import { type Base, defineRelation, type Twin } from './relation.ts'
import { at, bare } from './scenario-edits.ts'

/** How long nothing has been under way, half of it before the crash, ms. */
const idleMs = 1_000
// A minute or two after the last fault, whatever was lost must have been made up for.
const afterHealMs = 2 * 60_000
// A task or two may meet the cold start of the new process.
const spare = 0.05

const advice =
  'The process died while it did nothing, and something died with it. What is taken in must be written down before the caller is told so, ' +
  'and what the app has to know to answer (a token, a breaker’s state, a conversation) must be fetched or found again by the next process ' +
  'by itself. Look for queues, maps and timers in memory that stand for work that is still to be done.'

/** A crash in a quiet moment. */
export const restartInvariance = defineRelation({
  id: 'restart-invariance',
  code: 'M7',
  says: 'A crash in a moment in which nothing is under way changes how nothing ends.',
  params: { severity: strictParam },
  notes: {
    needs: 'the wire (and `jobs` of the client module, where there are any), and one run more',
    judges:
      'The same run with a crash of the first instance at a moment at which it has no task and no request, in an outage and with jobs waiting ' +
      'if there is such a one: every job ends as it did, and tasks begun two minutes after the last fault or later are answered as they were, ' +
      'but for one in twenty.',
    vacuous: 'there is no such moment',
    source: 'No tolerance for jobs.',
    change: advice,
  },
  twins: crashed,
  compare(base, [again], params) {
    if (!again) return { examined: 0, vacuous: 'there is no such moment', findings: [] }
    const pairs = pairTasks(base.view, again.view)
    const twinOf = new Map(pairs.map(({ before, after }) => [before, after]))
    const fates = new Map(again.view.jobs.map(job => [job.task, fateOf(job)]))
    const jobs = base.view.jobs.flatMap(job => {
      const twin = twinOf.get(job.task)
      const [was, is] = [fateOf(job), twin && fates.get(twin)]
      if (is === undefined || is === was || was === 'open') return []
      return [{ id: job.task.id, phase: job.task.phase, weight: 1, what: `${was} became ${is}` }]
    })
    const fromMs = lastHealMs(base.view, base.plan) + afterHealMs
    const later = pairs.filter(({ before }) => before.startMs >= fromMs && outcomeOf(before) === 'ok')
    const worse = later.filter(({ after }) => outcomeOf(after) !== 'ok' && after.settled?.lostTo === undefined)
    const tasks = worse.map(({ before, after }) => ({
      ...{ id: before.id, phase: before.phase, weight: 0 },
      what: `ok became ${outcomeOf(after)}`,
    }))
    const cases = [...jobs, ...(worse.length > spare * later.length ? tasks : [])]
    const examined = base.view.jobs.length + later.length
    return {
      examined,
      ...(examined === 0 && { vacuous: 'there were neither jobs nor tasks after the last fault' }),
      findings: byPhase(cases)
        .slice(0, 1)
        .map(group => ({
          severity: severityOf(params),
          phase: group[0].phase,
          message:
            `after a crash at ${sayMs(quietMs(base) ?? 0)}, in a moment with nothing under way, ` +
            `${sayCount(cases.length, 'job or task', 'jobs and tasks')} ended otherwise (${tally(cases.map(({ what }) => `× ${what}`))})`,
          evidence: evidenceOf(cases),
          advice,
        })),
    }
  },
})

function crashed(base: Base): readonly Twin[] | string {
  const t = quietMs(base)
  if (t === undefined) return `the first instance was never idle for ${sayMs(idleMs)}`
  const scenario = bare(base.scenario)
  const events = [...(scenario.events ?? []), { at: at(t), crash: { instances: 1 } }]
  return [{ name: `with a crash at ${sayMs(t)}`, scenario: { ...scenario, events } }]
}

/** The best moment for a crash: in an outage and with jobs waiting, else in an outage, else any. */
function quietMs({ view, plan }: Base): number | undefined {
  const tasks = view.tasks.filter(({ started }) => started.instance === 0)
  const attempts = view.attempts.filter(({ started }) => started.instance === 0)
  const busy = [
    ...tasks.map(({ startMs, settledMs }) => ({ startMs, endMs: settledMs ?? view.endMs })),
    ...attempts.map(({ startMs, endMs }) => ({ startMs, endMs: endMs ?? view.endMs })),
  ].sort((a, b) => a.startMs - b.startMs)
  const quiet: number[] = []
  let untilMs = 0
  for (const { startMs, endMs } of busy) {
    if (startMs - untilMs >= idleMs && startMs <= plan.lengthMs) quiet.push(untilMs + idleMs / 2)
    untilMs = Math.max(untilMs, endMs)
  }
  const spans = outagesOf(view, plan)
  const inOutage = quiet.filter(t => spans.some(span => t >= span.startMs && t < span.endMs))
  const withJobs = inOutage.filter(t => view.jobs.some(job => job.submittedMs < t && !((endOf(job) ?? t) < t)))
  return withJobs.at(-1) ?? inOutage.at(-1) ?? quiet[0]
}

const endOf = ({ doneMs, deadMs, expiredMs, goneMs }: JobRecord) => doneMs ?? deadMs ?? expiredMs ?? goneMs

function fateOf({ doneMs, deadMs, expiredMs, goneMs }: JobRecord): string {
  if (doneMs !== undefined) return 'done'
  if (deadMs !== undefined) return 'dead'
  if (expiredMs !== undefined) return 'expired'
  return goneMs === undefined ? 'open' : 'gone'
}
