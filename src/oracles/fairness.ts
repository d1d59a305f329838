import { outageStretches, type Plan, plannedFaults, plannedLimits } from '../model/timeline.ts'
import { surfacesUsed } from './attempts.ts'
import { binomialLower } from './binomial.ts'
import { evidenceOf, sayCount, sayMs, sayShare } from './finding.ts'
import { defineOracle, severityOf, severityParam, vacuous } from './oracle.ts'
import type { JournalView, TaskRecord } from './view.ts'

const fewestTasks = 50
// Shares of few tasks differ by chance alone.
const alpha = 1e-6

const advice =
  'One customer’s backlog has filled what all share: a single first-come queue, one pool of slots, one rate limiter. Give each tenant a ' +
  'queue of its own and take from them in turn, or bound what one of them may hold at a time.'

/** In trouble only, and only where the scenario itself treats all tenants alike. */
export const fairness = defineOracle({
  id: 'fairness',
  code: 'T5',
  says: 'What little works in an outage is shared evenly among tenants.',
  kind: 'statistical',
  byDefault: true,
  params: {
    index: { kind: 'number', says: 'fairness by Jain’s index, 1 when even', default: 0.9, min: 0, max: 1 },
    least: { kind: 'share', says: 'what the worst-off tenant must have of the mean', default: 0.5 },
    severity: severityParam,
  },
  notes: {
    needs: 'the wire; `settle` says more',
    judges:
      'For tasks begun in outages and limits, the share of good answers (ok, or degraded with a label) of each tenant with ' +
      `${fewestTasks} tasks or more: Jain’s index of these shares, and the least of them by their mean, unless chance explains it. Where a fault or a limit of the ` +
      'scenario itself tells tenants, users, keys or sessions apart, nothing is judged.',
    vacuous: 'fewer than two tenants with fifty tasks each in the outages, or a scenario that tells them apart',
    source: 'Jain, Chiu and Hawe, 1984: (Σx)² / (n·Σx²). 0.9 and a half are the catalogue’s own figures.',
    change: advice,
  },
  judge(view, params, plan) {
    if (tellsApart(plan)) return vacuous('the scenario itself tells tenants, users, keys or sessions apart')
    const tasks = inTrouble(view, plan)
    const tenants = [...Map.groupBy(tasks, ({ started }) => started.tenant)].filter(
      ([, own]) => own.length >= fewestTasks,
    )
    if (tenants.length < 2) return vacuous(`fewer than two tenants had ${fewestTasks} tasks in the outages`)
    const shares = tenants.map(([tenant, own]) => ({ tenant, own, share: own.filter(isServed).length / own.length }))
    const values = shares.map(({ share }) => share)
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length
    const [worst] = shares.toSorted((a, b) => a.share - b.share)
    const isUneven =
      jain(values) < params.number('index') || (worst !== undefined && worst.share < params.number('least') * mean)
    const isChance =
      !worst || binomialLower(worst.own.filter(isServed).length, worst.own.length, mean) > alpha / tenants.length
    const cases = (worst?.own ?? []).filter(task => !isServed(task)).map(task => ({ ...task, weight: -task.startMs }))
    return {
      examined: tenants.reduce((sum, [, own]) => sum + own.length, 0),
      findings:
        isUneven && !isChance
          ? [
              {
                severity: severityOf(params),
                phase: cases[0]?.phase ?? worst.own[0]?.phase ?? '',
                message:
                  `${worst.tenant} got good answers to ${sayShare(worst.share)} of its ${sayCount(worst.own.length, 'task')} in the outages, all ` +
                  `${tenants.length} tenants together ${sayShare(mean)} (Jain’s index ${Math.round(jain(values) * 100) / 100}; first at ` +
                  `${sayMs(worst.own[0]?.startMs ?? 0)})`,
                evidence: evidenceOf(cases),
                advice,
              },
            ]
          : [],
    }
  },
})

function tellsApart(plan: Plan): boolean {
  const byFault = plannedFaults(plan).some(
    ({ sticky, when }) => (sticky !== undefined && sticky !== 'call') || when.tenant || when.key || when.region,
  )
  return byFault || plannedLimits(plan).some(({ entry }) => entry.per === 'tenant')
}

function inTrouble(view: JournalView, plan: Plan): readonly TaskRecord[] {
  const stretches = [...surfacesUsed(view)].flatMap(surface => outageStretches(plan, surface))
  return view.tasks.filter(
    ({ startMs, settled }) =>
      settled?.lostTo === undefined && stretches.some(span => startMs >= span.startMs && startMs < span.endMs),
  )
}

function isServed({ settled }: TaskRecord): boolean {
  return settled?.outcome === 'ok' || (settled?.outcome === 'degraded' && settled.labelled === true)
}

/** 1 when all are equal, 1/n when one has all; 1 as well when nobody has anything. */
function jain(values: readonly number[]): number {
  const sum = values.reduce((total, x) => total + x, 0)
  const squares = values.reduce((total, x) => total + x * x, 0)
  return squares === 0 ? 1 : (sum * sum) / (values.length * squares)
}
