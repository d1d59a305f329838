import type { StatusUpdate, Track } from '../../model/scenario.ts'
import { outageStretches } from '../../model/timeline.ts'
import { severityOf, strictParam } from '../oracle.ts'
import { judgeSame, namesOf } from './differing.ts'
import { type Base, defineRelation, type Twin } from './relation.ts'
import { at, bare } from './scenario-edits.ts'

const lateMs = 30 * 60_000

const advice =
  'A status page is written by people: it is red ten or thirty minutes late, names the wrong component, turns green too soon, and is down ' +
  'itself. Decide by what the own requests show; read the page in the background, with a timeout, for people to see, and let it hold up ' +
  'no call, open no breaker and end no fallback.'

/** Four pages, one outage. */
export const statusPageIndependence = defineRelation({
  id: 'status-page-independence',
  code: 'T6',
  says: 'What the status page says, and whether it answers, changes nothing about the traffic.',
  params: { severity: strictParam },
  notes: {
    needs: 'the wire, and four runs more',
    judges:
      'The same outage with a page that tells it truly, one that is half an hour late, one that stays green, and one that never answers: each ' +
      'task has the same outcome and the same attempts, and its first one begins at the same time, to a second.',
    vacuous: 'the app does not read the status page',
    source: 'No tolerance but the second.',
    change: advice,
  },
  twins: pagesOf,
  compare: (base, runs, params) =>
    judgeSame({ base, runs, names: namesOf(pagesOf(base)), severity: severityOf(params), advice }),
})

function pagesOf(base: Base): readonly Twin[] | string {
  const pages = [...base.asked].filter(surface => surface.endsWith('.status'))
  if (pages.length === 0) return 'the app does not read the status page'
  const { status_page: _, ...scenario } = bare(base.scenario)
  const silent: Track = {
    ...{ surface: pages, fault: { id: 'black-hole', params: {} } },
    ...{ from: at(0), until: { phase: 'end', offset: 0 } },
  }
  return [
    { name: 'with a page that tells the truth', scenario: { ...scenario, status_page: truth(base, 0) } },
    { name: 'with a page that is half an hour late', scenario: { ...scenario, status_page: truth(base, lateMs) } },
    { name: 'with a page that stays green', scenario },
    {
      name: 'with a page that never answers',
      scenario: { ...scenario, status_page: truth(base, 0), faults: [silent, ...(scenario.faults ?? [])] },
    },
  ]
}

/** An incident for each outage of a part of the provider, told `byMs` after its time. */
function truth({ plan, asked }: Base, byMs: number): readonly StatusUpdate[] {
  const { provider } = plan.scenario
  const own = [...asked].filter(surface => surface.startsWith(`${provider}.`) && !surface.endsWith('.status'))
  return own
    .flatMap(surface => {
      const part = surface.slice(provider.length + 1)
      return outageStretches(plan, surface).flatMap(({ startMs, endMs }, i): StatusUpdate[] => [
        {
          at: at(startMs + byMs),
          name: `${part}-${i}`,
          incident: 'investigating',
          components: { [part]: 'major_outage' },
        },
        { at: at(endMs + byMs), name: `${part}-${i}`, incident: 'resolved', components: { [part]: 'operational' } },
      ])
    })
    .sort((a, b) => a.at.offset - b.at.offset)
}
