import { outageStretches, type Plan } from '../model/timeline.ts'
import { asksModel, succeeded, surfaceOf } from './attempts.ts'
import { evidenceOf, sayCount, sayMs, sayShare } from './finding.ts'
import { meets, offlineSpans } from './offline.ts'
import { defineOracle, vacuous } from './oracle.ts'
import type { AttemptRecord, JournalView, TaskRecord } from './view.ts'

/** A model with a smaller share of the healthy answers is too seldom asked for to be missed. */
const fewestShare = 0.1
/** Attempts that should have come: that none does by chance then happens once in twenty thousand. */
const fewestDue = 10
/** More failures in a row than this are a breaker's business. */
const mostFailures = 2
const missing: ReadonlySet<number> = new Set([400, 404, 410])
/** A key that was turned down is no model that is gone. */
const keyTrouble: ReadonlySet<number> = new Set([401, 403])

const advice =
  'One 404 in an outage is no proof that a model is gone for good: the provider answered so for two minutes, and the app will do without it ' +
  'until somebody restarts it. Take a model off the list only for a while (a few minutes, then one probe), ask for a second, different ' +
  'request to fail the same way first, and never write it to a configuration that outlives the process.'

/** By what the app asks for, and what its tasks come to. Who stays with a substitute that works is judged by `returns-to-primary`. */
export const modelComesBack = defineOracle({
  id: 'model-comes-back',
  code: 'T10',
  says: 'A model that failed in an outage is asked for again after it.',
  kind: 'liveness',
  byDefault: true,
  params: {
    within: { kind: 'duration', says: 'time to ask again after its last outage', default: 120_000 },
  },
  notes: {
    needs: 'the wire',
    judges:
      `Models with ${sayShare(fewestShare)} of the good answers of the warm-up or more, whose last word to an instance was a 400, 404 or 410, or ` +
      `at most ${mostFailures} failures after the last success, 401 and 403 apart. Of the tasks begun after the time, those that failed without asking for it: where ` +
      `${fewestDue} attempts at it would have been due by its former share, and none was made at all, it has vanished.`,
    vacuous: 'no model in regular use failed in an outage, or too few tasks came after it',
    source:
      'Twice a circuit breaker’s usual 30 s, and a backoff of 60 s. A model asked for at random is missed by chance in 1 of 20,000 runs.',
    change: advice,
  },
  judge(view, params, plan) {
    const withinMs = params.number('within')
    const judged = regulars(view).flatMap(({ name, share }) =>
      instancesOf(view).flatMap(instance => {
        const asked = view.attempts.filter(one => one.started.instance === instance && nameOf(one) === name)
        const healedMs = lastHeal(asked, plan)
        if (healedMs === undefined || !asked.some(failedOnItsOwn)) return []
        const fromMs = healedMs + withinMs
        const later = laterTasks(view, instance, fromMs, withinMs)
        if (later.length * share < fewestDue) return []
        return [{ name, share, instance, asked, healedMs, fromMs, later }]
      }),
    )
    if (judged.length === 0)
      return vacuous('no model in regular use failed in an outage, or too few tasks came after it')
    const gone = judged.flatMap(one => {
      const last = one.asked.at(-1)
      if (!last || last.startMs >= one.healedMs || !wasStruckOff(one.asked)) return []
      const lost = one.later.filter(task => task.settled?.outcome !== 'ok' && !task.attempts.some(succeeded))
      return lost.length * one.share < fewestDue ? [] : [{ ...one, last, lost }]
    })
    return {
      examined: judged.reduce((sum, { later }) => sum + later.length, 0),
      findings: gone.slice(0, 1).map(({ name, share, instance, healedMs, last, lost, later }) => ({
        severity: 'fail' as const,
        phase: view.phaseAt(healedMs),
        message:
          `${name} gave ${sayShare(share)} of the answers before the outage, but instance ${instance} never asked for it again after ${last.id} had ` +
          `got ${last.headers?.status ?? last.ended?.outcome ?? 'no answer'} at ${sayMs(last.startMs)}; it healed at ${sayMs(healedMs)}, and ` +
          `${lost.length} of ${sayCount(later.length, 'later task')} failed without it`,
        evidence: evidenceOf(lost.map(({ id, startMs }) => ({ id, phase: '', weight: -startMs }))),
        advice,
      })),
    }
  },
})

const named = (model: string | undefined, provider: string) => `${model ?? 'the model'} at ${provider}`
const nameOf = ({ started }: AttemptRecord) => named(started.model, started.provider)

/** Models in regular use while all was well, most used first. */
function regulars(view: JournalView): readonly { readonly name: string; readonly share: number }[] {
  const answers = view.warmUp.filter(({ provider, model }) => provider !== 'http' && model !== undefined)
  const groups = Map.groupBy(answers, ({ model, provider }) => named(model, provider))
  return [...groups]
    .map(([name, some]) => ({ name, share: some.length / answers.length }))
    .filter(({ share }) => share >= fewestShare)
    .toSorted((a, b) => b.share - a.share)
}

const instancesOf = (view: JournalView): readonly number[] => [
  ...new Set(view.attempts.map(({ started }) => started.instance)),
]

function lastHeal(asked: readonly AttemptRecord[], plan: Plan): number | undefined {
  const ends = [...new Set(asked.map(surfaceOf))].flatMap(name => outageStretches(plan, name).map(({ endMs }) => endMs))
  return ends.length === 0 ? undefined : Math.max(...ends)
}

function failedOnItsOwn(attempt: AttemptRecord): boolean {
  const { ended } = attempt
  return ended !== undefined && ended.outcome !== 'process-gone' && !succeeded(attempt)
}

/** Whether the app left off at the first bad word, rather than after the failures that open a breaker. */
function wasStruckOff(asked: readonly AttemptRecord[]): boolean {
  const sinceGood = asked.slice(asked.findLastIndex(succeeded) + 1).filter(({ ended }) => ended !== undefined)
  const last = sinceGood.at(-1)
  if (!last || keyTrouble.has(last.headers?.status ?? 0)) return false
  return sinceGood.length <= mostFailures || missing.has(last.headers?.status ?? 0)
}

/** Tasks of the instance begun from then on, which the scenario did not take away, and which nothing else spoiled. */
function laterTasks(view: JournalView, instance: number, fromMs: number, graceMs: number): readonly TaskRecord[] {
  const offline = offlineSpans(view, graceMs)
  const jobs = new Set(view.jobs.map(({ task }) => task))
  return view.tasks.filter(
    task =>
      task.started.instance === instance &&
      task.startMs >= fromMs &&
      task.settled !== undefined &&
      task.settled.lostTo === undefined &&
      !jobs.has(task) &&
      !meets(offline, task.startMs, task.settledMs ?? view.endMs) &&
      // What others did wrong is not for want of this model.
      !task.attempts.some(attempt => asksModel(attempt) && attempt.started.fault !== undefined),
  )
}
