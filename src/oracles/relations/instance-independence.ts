import { plannedFaults, plannedLimits } from '../../model/timeline.ts'
import { severityOf, severityParam } from '../oracle.ts'
import { judgeSame, namesOf } from './differing.ts'
import { type Base, defineRelation, type Twin } from './relation.ts'
import { bare } from './scenario-edits.ts'

const advice =
  'Instances share something that is not the provider: a breaker, a queue, a counter or a cache at module level (all instances of a run ' +
  'are in one process; in production such state would be each one’s own, or a leak between tenants), or a store that they all write. ' +
  'Build it inside `start`, and share only what is meant to be shared.'

/** One more of them is nobody’s business. */
export const instanceIndependence = defineRelation({
  id: 'instance-independence',
  code: 'M4',
  says: 'One instance more leaves what the others do as it was.',
  params: { severity: severityParam },
  notes: {
    needs: 'the wire, and one run more',
    judges:
      'The same run with one instance more, and its users: each task of the others has the same outcome and the same attempts, and its first ' +
      'one begins at the same time, to a second.',
    vacuous:
      'the scenario has limits, capacity, client events, open arrivals or faults that count arrivals, which instances share by right',
    source: 'No tolerance but the second. It warns, as modules are shared in a test that are not in production.',
    change: advice,
  },
  twins: oneMore,
  compare: (base, runs, params) =>
    judgeSame({
      ...{ base, runs, names: namesOf(oneMore(base)), severity: severityOf(params), advice },
      isCompared: ({ before }) => before.started.instance < base.instances,
    }),
})

function oneMore({ plan, scenario, instances }: Base): readonly Twin[] | string {
  const counts = plannedFaults(plan).some(
    ({ when }) => when.per !== 'call' && (when.first ?? when.nth ?? when.every) !== undefined,
  )
  if (plannedLimits(plan).length > 0) return 'the scenario has limits, which instances share'
  if (plan.capacity.length > 0) return 'the scenario has a capacity, which instances share'
  if (scenario.workload?.arrivals !== undefined) return 'tasks arrive at a rate of their own, which instances share'
  if ((scenario.events ?? []).length > 0) return 'the scenario has client events, which move users between instances'
  if (counts) return 'the scenario counts arrivals, which all instances make'
  return [{ name: 'with one instance more', scenario: bare(scenario), instances: instances + 1 }]
}
