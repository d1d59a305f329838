import { type Plan, type PlannedFault, plannedLimits } from '../model/timeline.ts'
import { type Axis, axisLines, columnSpan } from './axis.ts'
import {
  faultsWithin,
  faultySurfaces,
  limitedSurfaces,
  limitsWithin,
  rateAt,
  shade,
  shareAt,
  shortSurface,
} from './in-force.ts'
import type { Paint, Style } from './paint.ts'
import { capacityRows, eventLegend, eventRow, statusLegend, statusRow } from './scenario-rows.ts'
import { pad, sparkline, wrap } from './text.ts'

/**
 * A scenario against time. Each surface has a row of letters, one for each kind of fault, and under it how much is hit;
 * limits are drawn by their rate, capacity by what it can serve, the status page by its worst component.
 */
export function scenarioPicture(plan: Plan, paint: Paint, width: number): string[] {
  const short = (surface: string) => shortSurface(surface, plan.scenario.provider)
  const surfaces = faultySurfaces(plan)
  const limited = limitedSurfaces(plan)
  const capacities = capacityRows(plan, { width: 1, endMs: 1 }).map(row => row.label)
  const labels = [...surfaces.map(short), ...limited.map(s => `limit ${short(s)}`), ...capacities, 'status page']
  const labelWidth = Math.max(...labels.map(label => label.length)) + 2
  const axis: Axis = { width: Math.max(24, width - labelWidth), endMs: Math.max(1, plan.lengthMs) }
  const letters = lettersOf(plan)
  const line = (label: string, cells: string, style: Style) =>
    `${pad(label, labelWidth)}${paint(style, cells)}`.trimEnd()
  const columns = Array.from({ length: axis.width }, (_, i) => columnSpan(axis, i))

  const faultRows = surfaces.flatMap(surface => {
    const within = columns.map(({ startMs, endMs }) => faultsWithin(plan, surface, startMs, endMs))
    const kinds = within.map(faults => letterFor(faults, letters)).join('')
    const shares = columns
      .map(({ startMs, endMs }, i) => shade(shareAt(within[i] ?? [], (startMs + endMs) / 2)))
      .join('')
    return [line(short(surface), kinds, 'red'), ...(/[░▒▓]/.test(shares) ? [line('', shares, 'dim')] : [])]
  })
  const limitRows = limited.map(surface => {
    const rates = columns.map(({ startMs, endMs }) => {
      const limit = limitsWithin(plan, surface, startMs, endMs)[0]
      return (
        (limit && rateAt(limit, (Math.max(startMs, limit.startMs) + Math.min(endMs, limit.endMs)) / 2)?.perMinute) ?? 0
      )
    })
    return line(`limit ${short(surface)}`, sparkline(rates), 'yellow')
  })
  return [
    ...faultRows,
    ...limitRows,
    ...capacityRows(plan, axis).map(({ label, cells }) => line(label, cells, 'yellow')),
    ...statusRow(plan, axis).map(({ label, cells }) => line(label, cells, 'cyan')),
    ...eventRow(plan, axis).map(({ label, cells }) => line(label, cells, 'green')),
    ...axisLines(plan, axis).map(text => line('', text, 'dim')),
    ...legend(plan, letters, width).map(text => paint('dim', text)),
  ]
}

/** A letter for each kind of fault entry, in order of appearance: `overloaded`, or `unavailable|bad-gateway` for a mix. */
function lettersOf(plan: Plan): ReadonlyMap<string, string> {
  const kinds = [...plan.phases.flatMap(phase => phase.faults), ...plan.tracks].map(kindOf)
  return new Map([...new Set(kinds)].map((kind, i) => [kind, alphabet[i] ?? '?']))
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

function kindOf(fault: PlannedFault): string {
  return fault.options.map(option => option.fault.id).join('|')
}

function letterFor(faults: readonly PlannedFault[], letters: ReadonlyMap<string, string>): string {
  const kinds = [...new Set(faults.map(kindOf))]
  const [only] = kinds
  if (only === undefined) return ' '
  return kinds.length > 1 ? '*' : (letters.get(only) ?? '?')
}

function legend(plan: Plan, letters: ReadonlyMap<string, string>, width: number): string[] {
  const kinds = [...letters].map(([kind, letter]) => `${letter}=${kind}`)
  const several = letters.size > 1 ? ['*=several'] : []
  const limits = plannedLimits(plan).length > 0 ? ['limit: the bar is the rate'] : []
  const capacity = hasCapacity(plan) ? ['capacity: the bar is how much can be served'] : []
  const status = plan.scenario.status_page?.length ? [statusLegend] : []
  const events = plan.scenario.events?.length ? [eventLegend] : []
  return [kinds.concat(several).join(', '), ...limits, ...capacity, ...status, ...events]
    .filter(Boolean)
    .flatMap(text => wrap(text, { width }))
}

function hasCapacity(plan: Plan): boolean {
  return capacityRows(plan, { width: 1, endMs: 1 }).length > 0
}
