import { covers, surfaceName } from '../../model/arrival.ts'
import type { Track } from '../../model/scenario.ts'
import { severityOf, strictParam } from '../oracle.ts'
import { judgeSame, namesOf } from './differing.ts'
import { type Base, defineRelation, type Twin } from './relation.ts'
import { at, bare } from './scenario-edits.ts'

const advice =
  'Some part of the provider that this app never calls was down, and the app behaved differently. What it knows of that part it can only ' +
  'have from the status page: look at the component that the calls go to, not at the page’s overall word, and better still at the own ' +
  'requests alone.'

/** Somebody else’s trouble. */
export const irrelevance = defineRelation({
  id: 'irrelevance',
  code: 'M3',
  says: 'An outage of what the app never calls changes nothing.',
  params: { severity: strictParam },
  notes: {
    needs: 'the wire, and one run more',
    judges:
      'The same run while parts of the provider that it never asks are down from beginning to end, and its status page says so: each task has ' +
      'the same outcome and the same attempts, and its first one begins at the same time, to a second.',
    vacuous: 'the app asks every part of its provider',
    source: 'No tolerance but the second.',
    change: advice,
  },
  twins: elsewhere,
  compare: (base, runs, params) =>
    judgeSame({ base, runs, names: namesOf(elsewhere(base)), severity: severityOf(params), advice }),
})

function elsewhere(base: Base): readonly Twin[] | string {
  const { provider } = base.scenario
  const asked = [...base.asked]
  const isAsked = (name: string) => asked.some(used => covers(name, used) || covers(used, name))
  const spared = (base.surfaces.get(provider) ?? []).filter(
    surface => surface !== 'status' && !isAsked(surfaceName(provider, surface)),
  )
  const [first] = spared
  if (first === undefined) return 'the app asks every part of its provider'
  const scenario = bare(base.scenario)
  const down: Track = {
    ...{ surface: spared.map(surface => surfaceName(provider, surface)), fault: { id: 'unavailable', params: {} } },
    ...{ from: at(0), until: { phase: 'end', offset: 0 } },
  }
  const components = Object.fromEntries(spared.map(surface => [surface, 'major_outage' as const]))
  return [
    {
      name: `with ${first} down`,
      scenario: {
        ...scenario,
        faults: [...(scenario.faults ?? []), down],
        status_page: [
          { at: at(0), name: 'elsewhere', incident: 'investigating', components },
          ...(scenario.status_page ?? []),
        ],
      },
    },
  ]
}
