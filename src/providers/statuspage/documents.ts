import { type Impact, type IncidentView, impactOf, type UpdateView, worse } from '../../model/status.ts'
import { componentDocument, componentsOf, dayBefore, type Shown, speaksOf } from './components.ts'
import { idOf } from './site.ts'

/** A document of the public API v2 by its name (`summary`, `incidents/unresolved`); `undefined` when there is none. */
export function statusDocument(name: string, shown: Shown): object | undefined {
  const page = pageDocument(shown)
  const components = () => allComponents(shown)
  const incidents = shown.view.incidents.map(incident => incidentDocument(incident, shown))
  const open = () => incidents.filter(({ status }) => isOpen(status))
  switch (name) {
    case 'status':
      return { page, status: overall(shown) }
    case 'summary':
      return {
        page,
        components: components(),
        incidents: open(),
        scheduled_maintenances: [],
        status: overall(shown),
      }
    case 'components':
      return { page, components: components() }
    case 'incidents':
      return { page, incidents: incidents.slice(0, 50) }
    case 'incidents/unresolved':
      return { page, incidents: open() }
    case 'scheduled-maintenances':
    case 'scheduled-maintenances/upcoming':
    case 'scheduled-maintenances/active':
      return { page, scheduled_maintenances: [] }
    default: {
      const id = /^incidents\/(\w+)$/.exec(name)?.[1]
      const incident = incidents.find(one => one.id === id)
      return incident && { page, incident }
    }
  }
}

function allComponents(shown: Shown) {
  return componentsOf(shown).map((component, i) => componentDocument(component, i + 1, shown))
}

function pageDocument(shown: Shown) {
  const { site, view, instant } = shown
  // An old date where nothing has happened: the page's own time moves with incidents only.
  const updated = view.updatedMs === undefined ? dayBefore(shown, 1) : instant(view.updatedMs)
  const common = { id: site.pageId, name: site.name, url: site.url }
  if (site.ids === 'ulid') return { ...common, updated_at: updated.replace(/\.\d+Z$/, 'Z') }
  return { ...common, time_zone: 'Etc/UTC', updated_at: updated }
}

const descriptions: Readonly<Record<Impact, string>> = {
  none: 'All Systems Operational',
  minor: 'Minor Service Outage',
  major: 'Partial System Outage',
  critical: 'Major Service Outage',
}

/** As bad as the worst of its components and of its open incidents. */
export function overall(shown: Shown) {
  const fromComponents = allComponents(shown).map(({ status }) => impactOf(status))
  const fromIncidents = shown.view.incidents.filter(({ state }) => isOpen(state)).map(({ impact }) => impact)
  const indicator = [...fromComponents, ...fromIncidents].reduce(worse, 'none')
  return { indicator, description: descriptions[indicator] }
}

/** Whether an incident in this state is not over. */
export function isOpen(state: string): boolean {
  return state !== 'resolved' && state !== 'postmortem'
}

/** The name of an incident that nobody gave one. */
export const unnamed = 'Elevated errors'

export function incidentId(incident: Pick<IncidentView, 'number'>, { site }: Shown): string {
  return idOf(site, `incident ${incident.number}`)
}

/** An incident as all documents have it. */
export function incidentDocument(incident: IncidentView, shown: Shown) {
  const { site, instant } = shown
  const id = incidentId(incident, shown)
  const maybe = (t: number | undefined) => (t === undefined ? null : instant(t))
  const touched = componentsOf(shown).flatMap((component, i) =>
    incident.surfaces.some(surface => speaksOf(component, surface)) ? [componentDocument(component, i + 1, shown)] : [],
  )
  return {
    id,
    name: incident.name ?? unnamed,
    status: incident.state,
    created_at: instant(incident.createdMs),
    updated_at: instant(incident.updatedMs),
    monitoring_at: maybe(incident.monitoringMs),
    resolved_at: maybe(incident.resolvedMs),
    impact: incident.impact,
    shortlink: `https://stspg.io/${id}`,
    started_at: instant(incident.createdMs),
    page_id: site.pageId,
    incident_updates: incident.updates.map(update => updateDocument(update, id, shown)),
    components: touched,
    reminder_intervals: null,
  }
}

/** What an update says when the scenario gives it no words. */
export const usualWords: Readonly<Record<UpdateView['state'], string>> = {
  investigating: 'We are investigating elevated errors.',
  identified: 'The cause has been found and a fix is on its way.',
  monitoring: 'A fix has been made and we are watching the results.',
  resolved: 'This incident has been resolved.',
  postmortem: 'What happened is written up.',
}

function updateDocument(update: UpdateView, incidentId: string, shown: Shown) {
  const { site, instant } = shown
  const affected = update.affected.flatMap(({ surface, from, to }) =>
    componentsOf(shown)
      .filter(component => speaksOf(component, surface))
      .map(({ id, name }) => ({ code: id, name, old_status: from, new_status: to })),
  )
  return {
    id: idOf(site, `update ${update.number}`),
    status: update.state,
    body: update.says ?? usualWords[update.state],
    incident_id: incidentId,
    created_at: instant(update.createdMs),
    updated_at: instant(update.createdMs),
    display_at: instant(update.shownMs),
    affected_components: affected.length > 0 ? affected : null,
    deliver_notifications: true,
    custom_tweet: null,
    tweet_id: null,
  }
}
