import { covers } from '../../model/arrival.ts'
import type { ComponentStatus } from '../../model/scenario.ts'
import type { StatusView } from '../../model/status.ts'
import { idOf, type Site, type SiteComponent } from './site.ts'

/** A view of the page together with the page it is of. */
export interface Shown {
  readonly site: Site
  readonly view: StatusView
  /** Of a time on the run's clock, ms since t = 0. */
  readonly instant: (t: number) => string
}

/** The site's components, and one more for each surface that an update named and that none of them stands for. */
export function componentsOf(shown: Shown): readonly SiteComponent[] {
  const { site, view } = shown
  const named = new Set([...view.components.keys(), ...view.incidents.flatMap(({ surfaces }) => surfaces)])
  const extra = [...named].filter(surface => !site.components.some(component => speaksOf(component, surface)))
  return [
    ...site.components,
    ...extra.map(surface => ({
      id: idOf(site, `component ${surface}`),
      name: surface,
      surface,
      createdAt: dayBefore(shown, 365),
    })),
  ]
}

/** A midnight some days before the run. To the day: a finer one would tell readers when t = 0 is to come. */
export function dayBefore({ instant }: Shown, days: number): string {
  return `${instant(-days * 86_400_000).slice(0, 10)}T00:00:00.000Z`
}

/** A component stands for its surface, for the parts of it and for what it is a part of. */
export function speaksOf({ surface }: SiteComponent, named: string): boolean {
  return covers(surface, named) || covers(named, surface)
}

/** A component as all documents have it. */
export function componentDocument(component: SiteComponent, position: number, shown: Shown) {
  const { id, name, createdAt } = component
  const { status, sinceMs } = statusOf(component, shown)
  return {
    id,
    name,
    status,
    created_at: createdAt,
    updated_at: sinceMs === undefined ? createdAt : shown.instant(sinceMs),
    position,
    description: null,
    showcase: true,
    start_date: createdAt.slice(0, 10),
    group_id: null,
    page_id: shown.site.pageId,
    group: false,
    only_show_if_degraded: false,
  }
}

/** The newest word on it. */
function statusOf(component: SiteComponent, { view }: Shown): { status: ComponentStatus; sinceMs?: number } {
  let newest: { status: ComponentStatus; sinceMs: number } | undefined
  for (const [surface, state] of view.components)
    if (speaksOf(component, surface) && state.sinceMs >= (newest?.sinceMs ?? Number.NEGATIVE_INFINITY)) newest = state
  return newest ?? { status: 'operational' }
}
