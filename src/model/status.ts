import type { ComponentStatus, StatusUpdate } from './scenario.ts'
import { fullSurface, instantMs, ownSurfaces, type Plan } from './timeline.ts'

export type IncidentState = NonNullable<StatusUpdate['incident']>
export type Impact = NonNullable<StatusUpdate['impact']>

/** What the status page of one provider shows at one instant. Times are ms since t = 0. */
export interface StatusView {
  readonly page: 'up' | 'unreachable' | 'slow'
  /** When anything on it was changed last. */
  readonly updatedMs: number | undefined
  /** By surface, without the provider's name; what is not there is operational. */
  readonly components: ReadonlyMap<string, { readonly status: ComponentStatus; readonly sinceMs: number }>
  /** Newest first. */
  readonly incidents: readonly IncidentView[]
}

export interface IncidentView {
  /** Number of the update that opened it: it names the incident for good. */
  readonly number: number
  readonly name: string | undefined
  readonly state: IncidentState
  readonly impact: Impact
  readonly createdMs: number
  readonly updatedMs: number
  readonly monitoringMs: number | undefined
  readonly resolvedMs: number | undefined
  /** Surfaces that its updates speak of. */
  readonly surfaces: readonly string[]
  /** In the order that the page shows: by the time that each update gives itself, newest first. */
  readonly updates: readonly UpdateView[]
}

export interface UpdateView {
  /** Number among the scenario's updates: it names the update for good. */
  readonly number: number
  readonly state: IncidentState
  readonly says: string | undefined
  /** When it appeared. */
  readonly createdMs: number
  /** The time that it gives itself. */
  readonly shownMs: number
  readonly affected: readonly Affected[]
}

export interface Affected {
  readonly surface: string
  readonly from: ComponentStatus
  readonly to: ComponentStatus
}

/** The status page of `provider` at `t`: a function of the scenario alone. */
export function statusAt(plan: Plan, provider: string, t: number): StatusView {
  const all = updatesOf(plan, provider).filter(update => update.atMs <= t)
  return new PageState().after(standing(all)).view(all)
}

interface Update {
  readonly number: number
  readonly atMs: number
  readonly shownMs: number
  readonly said: StatusUpdate
  /** Of this provider, without its name. */
  readonly components: readonly (readonly [surface: string, status: ComponentStatus])[]
  /** Number of the update whose place it took, if it took one; else its own. */
  readonly opens: number
}

/** Those of one page, in the order in which they appear. An update that names no component is of the scenario's own provider. */
function updatesOf(plan: Plan, provider: string): readonly Update[] {
  const { scenario, phases, lengthMs } = plan
  const own = ownSurfaces(scenario)
  const home = `${provider}.`
  return (scenario.status_page ?? [])
    .flatMap((said, number): Update[] => {
      const named = Object.entries(said.components ?? {}).map(
        ([surface, status]) => [fullSurface(surface, scenario.provider, own), status] as const,
      )
      const components = named
        .filter(([surface]) => surface.startsWith(home))
        .map(([surface, status]) => [surface.slice(home.length), status] as const)
      if (components.length === 0 && (named.length > 0 || provider !== scenario.provider)) return []
      const atMs = instantMs(said.at, phases, lengthMs)
      const shownMs = said.says_at === undefined ? atMs : instantMs(said.says_at, phases, lengthMs)
      return [{ number, opens: number, atMs, shownMs, said, components }]
    })
    .toSorted((a, b) => a.atMs - b.atMs)
}

/** What is left of the updates once some have taken back the one before. */
function standing(updates: readonly Update[]): readonly Update[] {
  const left: Update[] = []
  for (const update of updates) {
    const { retracts, name, incident, says, components } = update.said
    if (!retracts) {
      left.push(update)
      continue
    }
    const at = left.findLastIndex(({ said }) => said.page === undefined && (name === undefined || said.name === name))
    const [instead] = at < 0 ? [] : left.splice(at, 1)
    if (incident ?? says ?? components) left.push({ ...update, opens: instead?.opens ?? update.opens })
  }
  return left
}

interface Incident {
  readonly number: number
  name: string | undefined
  state: IncidentState
  impact: Impact | undefined
  worst: Impact
  readonly createdMs: number
  updatedMs: number
  monitoringMs: number | undefined
  resolvedMs: number | undefined
  readonly surfaces: Set<string>
  readonly updates: UpdateView[]
}

/** The page while its updates are gone through. */
class PageState {
  private page: StatusView['page'] = 'up'
  private readonly components = new Map<string, { status: ComponentStatus; sinceMs: number }>()
  private readonly incidents: Incident[] = []

  after(updates: readonly Update[]): this {
    for (const update of updates) this.apply(update)
    return this
  }

  view(all: readonly Update[]): StatusView {
    const updatedMs = all.findLast(({ said }) => said.page === undefined)?.atMs
    const incidents = this.incidents.toReversed().map(({ worst, ...incident }) => ({
      ...incident,
      impact: incident.impact ?? worst,
      surfaces: [...incident.surfaces],
      updates: incident.updates.toSorted((a, b) => b.shownMs - a.shownMs || b.createdMs - a.createdMs),
    }))
    return { page: this.page, updatedMs, components: this.components, incidents }
  }

  private apply(update: Update): void {
    const { said, atMs } = update
    if (said.page !== undefined) this.page = said.page
    const speaks = said.incident !== undefined || said.says !== undefined || said.name !== undefined
    const incident = speaks ? this.incidentOf(update) : undefined
    const affected = this.affect(update, incident)
    if (!incident) return
    incident.state = said.incident ?? incident.state
    incident.updatedMs = atMs
    incident.impact = said.impact ?? incident.impact
    incident.name ??= said.name
    if (incident.state === 'monitoring') incident.monitoringMs ??= atMs
    const isOver = incident.state === 'resolved' || incident.state === 'postmortem'
    incident.resolvedMs = isOver ? (incident.resolvedMs ?? atMs) : undefined
    incident.updates.push({
      number: update.number,
      state: incident.state,
      says: said.says,
      createdMs: atMs,
      shownMs: update.shownMs,
      affected,
    })
  }

  /** The one that it names; else the newest that is open; else a new one. */
  private incidentOf({ said, atMs, opens }: Update): Incident {
    const known =
      said.name === undefined
        ? this.incidents.findLast(({ resolvedMs }) => resolvedMs === undefined || said.incident === 'postmortem')
        : this.incidents.find(({ name }) => name === said.name)
    if (known) return known
    const incident: Incident = {
      number: opens,
      name: said.name,
      state: 'investigating',
      impact: undefined,
      worst: 'none',
      createdMs: atMs,
      updatedMs: atMs,
      monitoringMs: undefined,
      resolvedMs: undefined,
      surfaces: new Set(),
      updates: [],
    }
    this.incidents.push(incident)
    return incident
  }

  /** Sets what it says of components. A resolved incident that says nothing of them leaves those it had touched well. */
  private affect({ said, components, atMs }: Update, incident: Incident | undefined): readonly Affected[] {
    const isOver = said.incident === 'resolved' && said.components === undefined
    const changes = isOver ? [...(incident?.surfaces ?? [])].map(surface => [surface, well] as const) : components
    return changes.map(([surface, to]) => {
      const from = this.components.get(surface)?.status ?? well
      this.components.set(surface, { status: to, sinceMs: atMs })
      if (incident) {
        incident.surfaces.add(surface)
        incident.worst = worse(incident.worst, impactOf(to))
      }
      return { surface, from, to }
    })
  }
}

const well: ComponentStatus = 'operational'

const impacts: readonly Impact[] = ['none', 'minor', 'major', 'critical']

/** The greater of two impacts. */
export function worse(a: Impact, b: Impact): Impact {
  return impacts.indexOf(b) > impacts.indexOf(a) ? b : a
}

/** How bad a component's state makes its page. */
export function impactOf(status: ComponentStatus): Impact {
  switch (status) {
    case 'operational':
    case 'under_maintenance':
      return 'none'
    case 'degraded_performance':
      return 'minor'
    case 'partial_outage':
      return 'major'
    case 'major_outage':
      return 'critical'
  }
}
