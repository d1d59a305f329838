import { asksModel } from './attempts.ts'
import { type DownStretch, downStretches } from './down-stretches.ts'
import { byPhase, evidenceOf, sayMs } from './finding.ts'
import { defineOracle, severityOf, severityParam } from './oracle.ts'
import type { JournalView, TaskRecord } from './view.ts'
import { isWithheld, sharesAttempt } from './withheld.ts'

const failuresToDetect = 20

const advice =
  'The app has a substitute and comes to it late. A request that hangs is noticed when its timeout ends: ten minutes with the SDK’s ' +
  'default, three times. Set a timeout of 10 to 30 s to the headers, let the fallback start after the first failure of a kind that lasts, ' +
  'and open the breaker after a handful of failures, not after a share of a hundred requests.'

/** Only of apps that have something to turn to: a breaker, a cache, a queue, a second provider. */
export const timeToDetect = defineOracle({
  id: 'time-to-detect',
  code: 'T1',
  says: 'An app with a substitute turns to it soon after the provider has gone down.',
  kind: 'statistical',
  byDefault: true,
  params: {
    within: { kind: 'duration', says: 'time from the first failed attempt', default: 30_000, min: 1 },
    severity: severityParam,
  },
  notes: {
    needs: 'the wire; `settle` says more',
    judges:
      'For each instance, and each outage in which nine of ten of its attempts fail: time from its first failed attempt to the first task that ' +
      'was turned away, queued, told as degraded or answered by another provider or model. Allowed are the time, or until ' +
      `${failuresToDetect} attempts have failed, whichever is longer. Only in runs in which the app did so at all.`,
    vacuous: 'no outage in which nine of ten attempts failed, or an app that turns to nothing else',
    source: 'Twenty failures are enough for any usual breaker; half a minute is a timeout and a few failures.',
    change: advice,
  },
  judge(view, params, plan) {
    const isShared = sharesAttempt(view)
    const tasks = view.tasks.filter(task => isDiverted(task) && !(isWithheld(task) && isShared(task)))
    const stretches = downStretches(view, plan, failuresToDetect)
    if (tasks.length === 0 || stretches.length === 0)
      return {
        examined: 0,
        vacuous:
          tasks.length === 0
            ? 'the app turned to nothing else'
            : 'in no outage did nine of ten of an instance’s attempts fail',
        findings: [],
      }
    const slow = stretches.flatMap(stretch => {
      const { tookMs, allowedMs } = detection(stretch, tasks, view, params.number('within'))
      if (tookMs <= allowedMs) return []
      const first = stretch.attempts[0]
      const phase = view.phaseAt(stretch.span.startMs)
      return [{ id: first?.id ?? '', phase, weight: tookMs, surface: stretch.surface, allowedMs }]
    })
    return {
      examined: stretches.length,
      findings: byPhase(slow).map(group => {
        const [{ id, phase, weight, surface, allowedMs }] = group
        const took = Number.isFinite(weight) ? `came ${sayMs(weight)} after ${id}` : `never came, from ${id} on`
        return {
          severity: severityOf(params),
          phase,
          message:
            `while ${surface} was down the first task that was not left to it ${took}, not within ${sayMs(allowedMs)}` +
            `${group.length > 1 ? `; so it was ${group.length} times` : ''}`,
          evidence: evidenceOf(group),
          advice,
        }
      }),
    }
  },
})

// What was seen has to be acted on: the next task is that.
const aMomentMs = 5_000

function detection(
  { instance, span, attempts }: DownStretch,
  tasks: readonly TaskRecord[],
  view: JournalView,
  withinMs: number,
) {
  const fromMs = attempts[0]?.endMs ?? attempts[0]?.startMs ?? span.startMs
  // A quiet app has to see its failures first.
  const seenMs = attempts[failuresToDetect - 1]?.endMs ?? fromMs
  const first = tasks.find(
    ({ started, settledMs }) =>
      started.instance === instance && settledMs !== undefined && settledMs >= span.startMs && settledMs <= span.endMs,
  )
  const tookMs = first ? Math.max(0, (first.settledMs ?? view.endMs) - fromMs) : Number.POSITIVE_INFINITY
  return { tookMs, allowedMs: Math.max(withinMs, seenMs - fromMs + aMomentMs) }
}

/** Whether the app had something other than the provider’s answer or its error for the task. */
function isDiverted(task: TaskRecord): boolean {
  const { settled, attempts } = task
  if (!settled || settled.lostTo !== undefined) return false
  if (isWithheld(task) || settled.outcome === 'queued' || settled.outcome === 'degraded') return true
  // The app's own services are no second provider.
  const asked = new Set(attempts.filter(asksModel).map(({ started }) => `${started.provider} ${started.model ?? ''}`))
  return settled.source === 'fallback' || (asked.size > 1 && attempts.some(({ ended }) => ended?.outcome !== 'ok'))
}
