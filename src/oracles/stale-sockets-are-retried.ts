import { asksModel, patientMs } from './attempts.ts'
import { byPhase, evidenceOf, sayCount, sayMs } from './finding.ts'
import { defineOracle, severityOf, severityParam } from './oracle.ts'
import type { AttemptRecord } from './view.ts'

const advice =
  'The provider was well: it had closed a connection that nobody used, and the request met the closing. Nothing of it was worked on, so it ' +
  'may be sent again at once on a new connection, without a wait and at no cost to the budget of retries. Allow one such retry for ' +
  'ECONNRESET and “other side closed” before the first byte, and keep idle connections shorter than the provider does.'

/** A connection that died of old age is no outage. */
export const staleSocketsAreRetried = defineOracle({
  id: 'stale-sockets-are-retried',
  code: 'A11',
  says: 'A request that met a connection closed for want of use is sent again at once, and no user hears of it.',
  kind: 'safety',
  byDefault: true,
  params: {
    within: { kind: 'duration', says: 'time until it is sent again', default: 5_000 },
    at_most: { kind: 'share', says: 'share of them that may fare otherwise, as behind a breaker', default: 0.2 },
    severity: severityParam,
  },
  notes: {
    needs: 'the wire',
    judges:
      'Attempts at a model that were reset before any answer by `idle-close`: another one for the same task must follow in time, unless the task ' +
      'was answered without it, or owned to less, or was queued. A worker that waits half a minute is patient; and one in five may fare ' +
      'worse, as a breaker may open in between.',
    vacuous: 'no attempt met a connection that was closed for want of use',
    source:
      'The SDKs wait half a second to eight for any retry. It warns, as one attempt and an honest error are a policy too.',
    change: advice,
  },
  judge(view, params) {
    const met = view.attempts.filter(isStale)
    const cases = met.flatMap(attempt => {
      const endMs = attempt.endMs ?? attempt.startMs
      const next = (attempt.task?.attempts ?? attempt.call.attempts).find(
        ({ startMs, id }) => startMs >= endMs && id !== attempt.id,
      )
      const waitMs = next ? next.startMs - endMs : undefined
      const isFine = waitMs !== undefined && (waitMs <= params.number('within') || waitMs >= patientMs)
      if (isFine || isExcused(attempt, waitMs !== undefined)) return []
      return [{ id: attempt.id, phase: attempt.started.phase, weight: waitMs ?? Number.POSITIVE_INFINITY, waitMs }]
    })
    return {
      examined: met.length,
      ...(met.length === 0 && { vacuous: 'no attempt met a connection that was closed for want of use' }),
      findings: (cases.length <= params.number('at_most') * met.length ? [] : byPhase(cases)).map(group => {
        const [{ id, phase, waitMs }] = group
        const what = waitMs === undefined ? 'was never sent again' : `was sent again only after ${sayMs(waitMs)}`
        return {
          severity: severityOf(params),
          phase,
          message: `${sayCount(group.length, 'request')} of ${met.length} that met a stale connection fared badly; ${id} ${what}`,
          evidence: evidenceOf(group),
          advice,
        }
      }),
    }
  },
})

function isStale(attempt: AttemptRecord): boolean {
  return (
    asksModel(attempt) &&
    attempt.started.fault === 'idle-close' &&
    attempt.headers === undefined &&
    attempt.ended?.outcome === 'reset'
  )
}

/** The run, or the scenario, ended it; or its user was told that the answer comes later, or got another. */
function isExcused({ task }: AttemptRecord, wasSentAgain: boolean): boolean {
  if (!task) return !wasSentAgain
  const { settled } = task
  if (!settled || settled.lostTo !== undefined || settled.outcome === 'queued') return true
  return !wasSentAgain && settled.outcome !== 'failed'
}
