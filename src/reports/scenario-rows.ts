import type { ComponentStatus } from '../model/scenario.ts'
import { fullSurface, instantMs, levelAt, type Plan } from '../model/timeline.ts'
import { type Axis, columnOf, columnSpan } from './axis.ts'
import { shortSurface } from './in-force.ts'
import { sparkline } from './text.ts'

/** A row of a scenario's picture that is neither a fault nor a limit. */
export interface SceneRow {
  readonly label: string
  readonly cells: string
}

const pageGlyphs: Readonly<Record<ComponentStatus, string>> = {
  operational: '·',
  under_maintenance: 'm',
  degraded_performance: 'd',
  partial_outage: 'p',
  major_outage: 'M',
}

const worstFirst: readonly ComponentStatus[] = [
  'major_outage',
  'partial_outage',
  'degraded_performance',
  'under_maintenance',
  'operational',
]

/** What the glyphs of {@link statusRow} mean. */
export const statusLegend =
  'status page: M=major outage, p=partial, d=degraded, m=maintenance, ·=operational, x=unreachable'

/** The worst component in each column, as the page would show it; no row without a status page. */
export function statusRow(plan: Plan, axis: Axis): readonly SceneRow[] {
  const updates = (plan.scenario.status_page ?? [])
    .map(update => ({ ...update, atMs: instantMs(update.at, plan.phases, plan.lengthMs) }))
    .sort((a, b) => a.atMs - b.atMs)
  if (updates.length === 0) return []
  const cells = columns(axis).map(({ endMs }) => {
    const said = updates.filter(({ atMs }) => atMs < endMs)
    if (said.findLast(({ page }) => page !== undefined)?.page === 'unreachable') return 'x'
    const states = Object.values(Object.fromEntries(said.flatMap(({ components = {} }) => Object.entries(components))))
    return pageGlyphs[worstFirst.find(status => states.includes(status)) ?? 'operational']
  })
  return [{ label: 'status page', cells: cells.join('') }]
}

/** What happens to the app: the first letter of each event, as long as it lasts; `*` where several share a column. */
export function eventRow(plan: Plan, axis: Axis): readonly SceneRow[] {
  const cells = Array.from({ length: axis.width }, () => ' ')
  const events = (plan.scenario.events ?? []).filter(
    ({ at }) => instantMs(at, plan.phases, plan.lengthMs) <= axis.endMs,
  )
  for (const { at, ...event } of events) {
    const column = columnOf(axis, instantMs(at, plan.phases, plan.lengthMs))
    cells[column] = cells[column] === ' ' ? (Object.keys(event)[0]?.[0] ?? '?') : '*'
  }
  for (const { at, ...event } of events) {
    if (!('offline' in event)) continue
    const fromMs = instantMs(at, plan.phases, plan.lengthMs)
    const last = columnOf(axis, fromMs + event.offline - 1)
    for (let i = columnOf(axis, fromMs); i <= last; i++) if (cells[i] === ' ') cells[i] = 'o'
  }
  const row = cells.join('').trimEnd()
  return row === '' ? [] : [{ label: 'app', cells: row }]
}

/** What the glyphs of {@link eventRow} mean. */
export const eventLegend = 'app: r=restart, c=crash, o=offline, s=scale, t=traffic, *=several'

/** How much a surface whose capacity is bounded can serve, phase by phase. */
export function capacityRows(plan: Plan, axis: Axis): readonly SceneRow[] {
  const { scenario } = plan
  const entries = [
    ...plan.phases.flatMap(({ base, startMs, endMs }) =>
      (phaseNamed(plan, base)?.capacity ?? []).map(entry => ({ entry, span: { startMs, endMs } })),
    ),
    ...(scenario.capacity ?? []).map(entry => ({ entry, span: { startMs: 0, endMs: plan.lengthMs } })),
  ]
  const surfaces = [...new Set(entries.flatMap(({ entry }) => entry.surface))]
  return surfaces.map(surface => {
    const served = columns(axis).map(({ startMs, endMs }) => {
      const t = (startMs + endMs) / 2
      // A phase's own entry comes first and wins.
      const found = entries.find(
        ({ entry, span }) => entry.surface.includes(surface) && span.startMs <= t && t < span.endMs,
      )
      return found ? (found.entry.slots ?? 1) * levelAt(found.entry.speed ?? 1, found.span, t) : 0
    })
    const name = shortSurface(fullSurface(surface, scenario.provider), scenario.provider)
    return { label: `capacity ${name}`, cells: sparkline(served) }
  })
}

function phaseNamed({ scenario }: Plan, name: string) {
  const phases = scenario.phases.flatMap(item => ('repeat' in item ? item.repeat.phases : [item]))
  return phases.find(phase => phase.name === name)
}

function columns(axis: Axis): readonly { startMs: number; endMs: number }[] {
  return Array.from({ length: axis.width }, (_, i) => columnSpan(axis, i))
}
