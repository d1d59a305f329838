import { outageStretches, type Plan } from '../model/timeline.ts'
import { asksModel, succeeded, surfaceOf } from './attempts.ts'
import { byPhase, evidenceOf, sayCount, sayMs, sayShare, tally } from './finding.ts'
import { defineOracle, severityOf, strictParam, vacuous } from './oracle.ts'
import type { JournalView } from './view.ts'
import { nameOf, primaryOf } from './who-answers.ts'

const fewest = 20
// A mixture is never met to the last answer: what chance leaves once in a million.
const alpha = 1e-6

const advice =
  'The substitute was to be temporary: it costs more, answers differently, or has the lower limit. Look for a switch that only a restart ' +
  'takes back (module state, an index into the chain of providers, a cool-down armed by one error and not by another). Try the primary ' +
  'again with a probe every half minute or so and go back when it answers; begin each task at the head of the chain.'

/** By who answered, whatever the tasks say of themselves. */
export const returnsToPrimary = defineOracle({
  id: 'returns-to-primary',
  code: 'F6',
  says: 'When the primary is back, it gets its work back.',
  kind: 'liveness',
  byDefault: true,
  params: {
    // The longest that a usual breaker stays open, and five minutes.
    within: { kind: 'duration', says: 'time to return after the primary healed for good', default: 330_000 },
    at_least: { kind: 'share', says: 'part of its former share of the answers that it must get back', default: 0.95 },
    severity: strictParam,
  },
  notes: {
    needs: 'the wire',
    judges:
      'The provider and model that gave most answers in the warm-up, and the share it had. Of the good answers to tasks begun after the ' +
      `time to return, ${fewest} at the least, it must give that share again, up to what chance leaves. Where the substitute was used for ` +
      'nothing at all there is nothing to return from.',
    vacuous: 'no second provider or model was asked, or the run ended before the time to return had passed',
    source:
      'Half a minute for a breaker and five for the rest. Where staying away for longer is meant, say `within`, or `severity: warn`.',
    change: advice,
  },
  judge(view, params, plan) {
    const primary = primaryOf(view)
    if (!primary) return vacuous('nothing was answered in the warm-up')
    const healedMs = lastHeal(view, plan, primary.name)
    if (healedMs === undefined) return vacuous(`${primary.name} had no outage`)
    const answers = view.attempts.filter(attempt => asksModel(attempt) && succeeded(attempt))
    if (!answers.some(attempt => nameOf(attempt) !== primary.name))
      return vacuous('no second provider or model answered')
    const fromMs = healedMs + params.number('within')
    const later = answers.filter(attempt => (attempt.task?.startMs ?? attempt.startMs) >= fromMs)
    if (later.length < fewest)
      return vacuous(
        `only ${sayCount(later.length, 'answer')} ${sayMs(params.number('within'))} or more after it healed; ${fewest} are needed`,
      )
    const away = later.filter(attempt => nameOf(attempt) !== primary.name)
    const share = 1 - away.length / later.length
    const margin = primary.share === 1 ? 0 : Math.sqrt(Math.log(1 / alpha) / (2 * later.length))
    const isBack = share >= params.number('at_least') * primary.share - margin
    const cases = away.map(({ id, task, started, startMs }) => ({
      id: task?.id ?? id,
      phase: started.phase,
      weight: startMs,
    }))
    return {
      examined: later.length,
      findings: (isBack ? [] : byPhase(cases).slice(0, 1)).map(group => ({
        severity: severityOf(params),
        phase: group[0].phase,
        message:
          `${primary.name} gave ${sayShare(primary.share)} of the answers before the outage, but ${sayShare(share)} of the ${later.length} from ` +
          `${sayMs(params.number('within'))} after it healed at ${sayMs(healedMs)} on (the others: ${tally(away.map(nameOf))})`,
        evidence: evidenceOf(cases),
        advice,
      })),
    }
  },
})

function lastHeal(view: JournalView, plan: Plan, primary: string): number | undefined {
  const surfaces = new Set(view.attempts.filter(attempt => nameOf(attempt) === primary).map(surfaceOf))
  const ends = [...surfaces].flatMap(surface => outageStretches(plan, surface).map(({ endMs }) => endMs))
  return ends.length === 0 ? undefined : Math.max(...ends)
}
