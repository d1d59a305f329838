import { outageStretches, type Plan } from '../model/timeline.ts'
import { asksModel, surfaceOf, surfacesUsed } from './attempts.ts'
import { chainsOf } from './chains.ts'
import { type Case, evidenceOf, sayCount, sayMs, sayShare } from './finding.ts'
import { graceMs, graceParam } from './grace.ts'
import { meets, offlineSpans } from './offline.ts'
import { defineOracle, severityOf, severityParam } from './oracle.ts'
import type { JournalView } from './view.ts'

const fewest = 50
// The run waits for open tasks for a quarter of an hour; what is as old as that is leaked.
const leakedMs = 10 * 60_000

const advice =
  'The provider is well and the app still behaves as in the outage: a deadline that was shortened and not put back, a mode that hedges or ' +
  'retries everything, a counter of attempts that survives its call. Reset what an outage has changed with the first success, and close ' +
  'every connection in `finally`: one that is left open holds a slot of the pool until the process ends.'

/** By what is sent to a healthy provider. */
export const returnToBaseline = defineOracle({
  id: 'return-to-baseline',
  code: 'T7',
  says: 'After the outage the app sends what it sent before, and holds nothing from it.',
  kind: 'liveness',
  byDefault: true,
  params: {
    within: graceParam,
    retries: { kind: 'share', says: 'retries, as a share of the attempts, that may be left', default: 0.02 },
    severity: severityParam,
  },
  notes: {
    needs: 'the wire',
    judges:
      `Attempts begun after that time, ${fewest} at the least: the share of them that are retries of calls begun then. And at the end of the run, connections ` +
      'that have been open for ten minutes or more.',
    vacuous: `fewer than ${fewest} attempts after the outage`,
    source: 'Two retries in a hundred are the catalogue’s own figure; against a healthy provider none is needed.',
    change: advice,
  },
  judge(view, params, plan) {
    const fromMs = healOf(view, plan) + graceMs(params, plan)
    const offline = offlineSpans(view, graceMs(params, plan))
    const isBase = ({ startMs }: { readonly startMs: number }) => startMs >= fromMs && !meets(offline, startMs, startMs)
    const later = view.attempts.filter(attempt => asksModel(attempt) && isBase(attempt))
    const retries = chainsOf(view)
      // A call that hung through the outage may well be tried again after it.
      .filter(({ attempts }) => (attempts[0]?.startMs ?? 0) >= fromMs)
      .flatMap(({ attempts }) => attempts.slice(1))
      .filter(attempt => asksModel(attempt) && isBase(attempt))
    const leaked = view.attempts.filter(
      ({ ended, startMs }) => (!ended || ended.outcome === 'open') && startMs < view.endMs - leakedMs,
    )
    const isEnough = later.length >= fewest
    const isRestless = isEnough && retries.length > params.number('retries') * later.length
    const severity = severityOf(params)
    const told = (cases: readonly Case[], message: string) => ({
      ...{ severity, phase: cases[0]?.phase ?? '', message, advice },
      evidence: evidenceOf(cases),
    })
    const casesOf = (attempts: typeof later) =>
      attempts.map(({ id, started, startMs }) => ({ id, phase: started.phase, weight: -startMs }))
    return {
      examined: isEnough ? later.length : leaked.length,
      ...(!isEnough && leaked.length === 0 && { vacuous: `fewer than ${fewest} attempts after the outage` }),
      findings: [
        ...(isRestless
          ? [
              told(
                casesOf(retries),
                `${sayShare(retries.length / later.length)} of the ${sayCount(later.length, 'attempt')} from ${sayMs(fromMs)} on, long after the ` +
                  `outage, were retries`,
              ),
            ]
          : []),
        ...(leaked.length > 0
          ? [
              told(
                casesOf(leaked),
                `${sayCount(leaked.length, 'connection')} still open when the run ended at ${sayMs(view.endMs)}, the oldest to ` +
                  `${leaked[0] ? surfaceOf(leaked[0]) : 'nobody'} from ${sayMs(leaked[0]?.startMs ?? 0)} on`,
              ),
            ]
          : []),
      ],
    }
  },
})

function healOf(view: JournalView, plan: Plan): number {
  const ends = [...surfacesUsed(view)].flatMap(surface => outageStretches(plan, surface).map(({ endMs }) => endMs))
  return ends.length === 0 ? plan.lengthMs : Math.max(...ends)
}
