import { outageStretches, type Plan } from '../model/timeline.ts'
import { asksModel, surfaceOf } from './attempts.ts'
import { byPhase, evidenceOf, sayCount, tally } from './finding.ts'
import { defineOracle, vacuous } from './oracle.ts'
import type { AttemptRecord, JournalView } from './view.ts'
import { nameOf, type Primary, primaryOf } from './who-answers.ts'

// What says that the request, or the key with it, is not fit for whom it was sent to.
const unfit: ReadonlySet<number> = new Set([400, 401, 403, 404, 405, 413, 422])

const advice =
  'The substitute has never worked: it is found out on the day it is needed. Providers differ in names of models, parameters that only one ' +
  'of them has (thinking, signatures of it, cache control), roles, and how tool results are told. Build its request for it, strip what ' +
  'belongs to the first, and send a real request through it in CI and once a day.'

/** A second provider that turns the request down is none. */
export const fallbackIsValid = defineOracle({
  id: 'fallback-is-valid',
  code: 'F10',
  says: 'What is sent to a substitute is a request that it accepts.',
  kind: 'safety',
  byDefault: true,
  params: {},
  notes: {
    needs: 'the wire',
    judges:
      'Attempts at another model or provider than the one that answers in the warm-up, for tasks whose attempts there failed or while it ' +
      'had an outage: none may be turned down by the provider itself (400, 401, 403, 404, 405, 413, 422 with no fault upon it), unless the first ' +
      'turned the task’s request down as well.',
    vacuous: 'no second model or provider was asked when the first failed',
    source: 'No tolerance: the provider is well, and the request is wrong.',
    change: advice,
  },
  judge(view, _params, plan) {
    const primary = primaryOf(view)
    if (!primary) return vacuous('nothing was answered in the warm-up')
    const isDown = outageOf(view, plan, primary)
    const tried = view.attempts.filter(
      attempt => asksModel(attempt) && nameOf(attempt) !== primary.name && isSubstitute(attempt, primary.name, isDown),
    )
    const cases = tried.flatMap(attempt => {
      const status = attempt.headers?.status ?? 0
      if (attempt.started.effect !== 'pass' || !unfit.has(status) || wasUnfitBefore(attempt, primary.name)) return []
      return [{ id: attempt.id, phase: attempt.started.phase, weight: -attempt.startMs, status, name: nameOf(attempt) }]
    })
    return {
      examined: tried.length,
      ...(tried.length === 0 && { vacuous: 'no second model or provider was asked when the first failed' }),
      findings: byPhase(cases).map(group => {
        const [{ name, phase }] = group
        return {
          severity: 'fail' as const,
          phase,
          message:
            `${sayCount(group.length, 'request')} sent to ${name} in place of ${primary.name} ${group.length === 1 ? 'was' : 'were'} turned down as ` +
            `unfit (${tally(group.map(({ status }) => `× ${status}`))})`,
          evidence: evidenceOf(group),
          advice,
        }
      }),
    }
  },
})

function outageOf({ attempts }: JournalView, plan: Plan, { name, surface }: Primary): (t: number) => boolean {
  const surfaces = new Set([surface, ...attempts.filter(attempt => nameOf(attempt) === name).map(surfaceOf)])
  const spans = [...surfaces].flatMap(surface => outageStretches(plan, surface))
  return t => spans.some(({ startMs, endMs }) => t >= startMs && t < endMs)
}

function isSubstitute(attempt: AttemptRecord, primary: string, isDown: (t: number) => boolean): boolean {
  if (isDown(attempt.startMs)) return true
  return (attempt.task?.attempts ?? []).some(
    other =>
      nameOf(other) === primary && (other.endMs ?? Number.POSITIVE_INFINITY) <= attempt.startMs && !isGood(other),
  )
}

const isGood = ({ ended }: AttemptRecord) => ended?.outcome === 'ok'

/** The first provider would not have it either. */
function wasUnfitBefore(attempt: AttemptRecord, primary: string): boolean {
  return (attempt.task?.attempts ?? []).some(
    other => nameOf(other) === primary && other.startMs < attempt.startMs && unfit.has(other.headers?.status ?? 0),
  )
}
