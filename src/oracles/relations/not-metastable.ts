import { sayCount, sayMs, sayShare } from '../finding.ts'
import { severityOf, strictParam, vacuous } from '../oracle.ts'
import type { TaskRecord } from '../view.ts'
import { lastHealMs } from './outage.ts'
import { type Base, defineRelation, type Ran, type Twin } from './relation.ts'
import { append, bare, healed } from './scenario-edits.ts'

const minuteMs = 60_000
/** How long it is looked at, ms. */
const windowMs = 10 * minuteMs
const fewest = 50

const advice =
  'The provider is well, and the load that keeps it down is this client’s own: each call that is turned away comes back several times, so ' +
  'that the refusals alone take its capacity. Backoff does not help where new users keep coming; what helps is less work: a budget of ' +
  'retries for all calls together (a tenth of them), a breaker that lets one probe through, and a deadline after which nobody asks any more.'

/** Three runs: no trigger, the trigger, and the trigger where retries cost nothing. */
export const notMetastable = defineRelation({
  id: 'not-metastable',
  code: 'H6',
  says: 'When the trigger of an overload is gone, retries do not keep it up.',
  params: {
    at_least: { kind: 'share', says: 'part of the undisturbed share of good answers that must be back', default: 0.95 },
    severity: strictParam,
  },
  notes: {
    needs: 'the wire, a `capacity` that reacts to load, and three runs more',
    judges:
      'Ten minutes at the end of a healthy stretch, after the provider could have worked off what had waited: the share of good answers ' +
      'of the client, of the same client without any fault, and of the same client where the provider has no cost of its retries (they are ' +
      'turned away before they reach it). Metastable is who stays below the second while the third does not.',
    vacuous:
      'the scenario has no capacity, or the provider is overloaded without any fault, or stays so without retries',
    source:
      'The definition of a metastable failure: the trigger is gone, the bad state is not, and what sustains it is the client.',
    change: advice,
  },
  twins(base) {
    if ((base.scenario.capacity ?? []).length === 0) return 'the scenario has no capacity that reacts to load'
    if (lastHealMs(base.view, base.plan) === 0) return 'nothing that the app asks has an outage'
    return triple(base)
  },
  compare(base, [stirred, calm, free], params) {
    if (!stirred || !calm || !free) return vacuous('the scenario has no capacity that reacts to load')
    const fromMs = windowOf(base)
    const [x, b, y] = [stirred, calm, free].map(run => share(run, fromMs))
    if (!x || !b || !y || Math.min(x.tasks.length, b.tasks.length, y.tasks.length) < fewest)
      return vacuous(`fewer than ${fewest} tasks were begun in the last ten minutes`)
    const atLeast = params.number('at_least')
    if (b.good < atLeast)
      return vacuous(`the provider is overloaded without any fault: ${sayShare(b.good)} of the tasks were answered`)
    const isBack = x.good >= atLeast * b.good
    if (!isBack && y.good < atLeast * b.good)
      return vacuous(`without the load of retries it did not come back either (${sayShare(y.good)} answered)`)
    const bad = x.tasks.filter(task => !isGood(task))
    return {
      examined: x.tasks.length,
      findings: isBack
        ? []
        : [
            {
              severity: severityOf(params),
              phase: bad[0]?.phase ?? '',
              message:
                `from ${sayMs(fromMs)} on, with nothing wrong any more, ${sayShare(x.good)} of ${sayCount(x.tasks.length, 'task')} were answered; ` +
                `without a fault ${sayShare(b.good)}, and where retries cost nothing ${sayShare(y.good)}`,
              evidence: bad.slice(0, 10).map(({ id }) => id),
              advice,
            },
          ],
    }
  },
})

function triple(base: Base): readonly Twin[] {
  const { plan } = base
  const more = Math.max(minuteMs, windowOf(base) + windowMs - plan.lengthMs)
  const stirred = append(bare(base.scenario), { name: 'long-after', for: more }, plan)
  return [
    { name: 'with a longer end', scenario: stirred },
    { name: 'with nothing wrong', scenario: healed(stirred, { capacity: true }) },
    { name: 'with retries that cost nothing', scenario: stirred, retriesAreFree: true },
  ]
}

/** When the provider has worked off what had waited, and two minutes, ms. The tail of a plan is as long as that takes. */
function windowOf({ view, plan }: Base): number {
  return lastHealMs(view, plan) + Math.max(2 * minuteMs, plan.tailMs - 2 * minuteMs)
}

function share({ view }: Ran, fromMs: number): { readonly good: number; readonly tasks: readonly TaskRecord[] } {
  const tasks = view.tasks.filter(({ startMs }) => startMs >= fromMs && startMs < fromMs + windowMs)
  return { good: tasks.filter(isGood).length / Math.max(1, tasks.length), tasks }
}

const isGood = ({ settled }: TaskRecord) => settled?.outcome === 'ok'
