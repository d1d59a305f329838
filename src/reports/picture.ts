import { covers, surfaceName } from '../model/arrival.ts'
import type { Plan } from '../model/timeline.ts'
import type { AttemptRecord, JournalView, TaskRecord } from '../oracles/view.ts'
import type { RunResult } from '../run/result.ts'
import { type Axis, axisLines, columnOf, columnSpan, pictureEnd } from './axis.ts'
import {
  faultsWithin,
  faultySurfaces,
  limitedSurfaces,
  limitsWithin,
  shade,
  shadeLegend,
  shareAt,
  shortSurface,
} from './in-force.ts'
import type { Paint, Style } from './paint.ts'
import { eventLegend, eventRow } from './scenario-rows.ts'
import { clip, count, pad, plural, sparkline, spell } from './text.ts'

const labelWidthMax = 26
const surfacesShown = 6

interface Row {
  readonly label: string
  readonly cells: string
  readonly style: Style
  readonly end?: string
}

/** The run against time: what was failing, what the client sent, and what became of its tasks. */
export function picture(result: RunResult, view: JournalView, paint: Paint, width = 72): string[] {
  const { plan } = result
  const axis: Axis = { width, endMs: pictureEnd(plan, view.endMs) }
  const rows = [
    ...faultRows(result, view, axis),
    ...eventRow(plan, axis).map(({ label, cells }) => row(label, cells, 'yellow')),
    ...attemptRows(view.attempts, axis),
    ...taskRows(view.tasks, axis),
  ]
  const labelWidth = Math.max(0, ...rows.map(row => row.label.length)) + 1
  return [
    ...rows.map(row =>
      `${pad(row.label, labelWidth)}${paint(row.style, pad(row.cells, width))} ${row.end ?? ''}`.trimEnd(),
    ),
    ...axisLines(plan, axis).map(line => ' '.repeat(labelWidth) + paint('dim', line)),
    ...(view.endMs < plan.lengthMs ? [' '.repeat(labelWidth) + paint('dim', endedEarly(plan, view.endMs))] : []),
    ...(rows.some(row => /[░▒▓~]/.test(row.cells)) ? [' '.repeat(labelWidth) + paint('dim', shadeLegend)] : []),
    ...(plan.scenario.events?.length ? [' '.repeat(labelWidth) + paint('dim', eventLegend)] : []),
  ]
}

function endedEarly({ phases, lengthMs }: Plan, endMs: number): string {
  const ahead = phases.filter(({ startMs, endMs: until }) => startMs >= endMs && until > startMs)
  const rest = ahead.length === 0 ? '' : `; not reached: ${ahead.map(({ name }) => name).join(', ')}`
  return `it ended here, at ${spell(endMs)} of ${spell(lengthMs)}${rest}`
}

/**
 * A row for each surface that the app called, or for all where it called none: the darker, the larger the share that
 * fails; `~` where a rate limit holds and nothing fails. Surfaces of the same fate share a row.
 */
function faultRows({ plan, scenario }: RunResult, view: JournalView, axis: Axis): Row[] {
  const all = [...new Set([...faultySurfaces(plan), ...limitedSurfaces(plan)])]
  const called = [...new Set(view.calls.map(({ started }) => surfaceName(started.provider, started.surface)))]
  const touched = all.filter(surface => called.some(name => covers(surface, name)))
  const byFate = new Map<string, string>()
  for (const surface of touched.length > 0 ? touched : all) {
    const cells = Array.from({ length: axis.width }, (_, i) => fateOf(plan, surface, columnSpan(axis, i))).join('')
    if (!byFate.has(cells)) byFate.set(cells, shortSurface(surface, scenario.provider))
  }
  const rows = [...byFate].slice(0, surfacesShown).map(([cells, name]) => row(`fails ${name}`, cells, 'red'))
  const more = byFate.size - surfacesShown
  return more > 0 ? [...rows, row('', `and ${plural(more, 'more surface')}`, 'dim')] : rows
}

function fateOf(plan: Plan, surface: string, { startMs, endMs }: { startMs: number; endMs: number }): string {
  const faults = faultsWithin(plan, surface, startMs, endMs)
  if (faults.length > 0) return shade(shareAt(faults, (startMs + endMs) / 2))
  return limitsWithin(plan, surface, startMs, endMs).length > 0 ? '~' : ' '
}

function attemptRows(attempts: readonly AttemptRecord[], axis: Axis): Row[] {
  const starts = (of: readonly AttemptRecord[]) =>
    tally(
      of.map(attempt => attempt.startMs),
      axis,
    )
  const good = attempts.filter(attempt => attempt.ended?.outcome === 'ok')
  const bad = attempts.filter(attempt => attempt.ended?.outcome !== 'ok')
  const retries = attempts.filter(attempt => attempt.started.n > 1)
  const max = Math.max(...starts(good), ...starts(bad), ...starts(retries))
  const line = (label: string, of: readonly AttemptRecord[], style: Style) =>
    of.length === 0 ? [] : [row(label, sparkline(starts(of), max), style, count(of.length))]
  return [
    ...line('attempts ok', good, 'green'),
    ...line('attempts failed', bad, 'red'),
    ...line('of them retries', retries, 'yellow'),
  ]
}

function taskRows(tasks: readonly TaskRecord[], axis: Axis): Row[] {
  const kinds: readonly [string, Style, (task: TaskRecord) => boolean][] = [
    ['tasks ok', 'green', task => task.settled?.outcome === 'ok'],
    ['degraded', 'yellow', task => task.settled?.outcome === 'degraded'],
    ['queued', 'yellow', task => task.settled?.outcome === 'queued'],
    ['failed', 'red', task => task.settled?.outcome === 'failed'],
    ['truncated', 'red', task => task.settled?.outcome === 'truncated'],
    ['not an answer', 'red', task => task.settled?.outcome === 'not-an-answer'],
    ['never settled', 'red', task => !task.settled],
  ]
  const rows = kinds.map(([label, style, is]) => {
    const those = tasks.filter(is)
    return {
      label,
      style,
      total: those.length,
      cells: tally(
        those.map(task => task.settledMs ?? task.startMs),
        axis,
      ),
    }
  })
  const max = Math.max(...rows.flatMap(r => r.cells))
  const waiting = inFlight(tasks, axis)
  const most = Math.max(...waiting)
  return [
    ...rows.filter(r => r.total > 0).map(r => row(r.label, sparkline(r.cells, max), r.style, count(r.total))),
    ...(most > 0 ? [row('waiting', sparkline(waiting, most), 'cyan', `up to ${count(most)}`)] : []),
  ]
}

/** Tasks begun and not settled at the end of each column. */
function inFlight(tasks: readonly TaskRecord[], axis: Axis): number[] {
  const change = Array.from({ length: axis.width + 1 }, () => 0)
  const add = (column: number, by: number) => {
    change[column] = (change[column] ?? 0) + by
  }
  for (const task of tasks) {
    if (task.startMs >= axis.endMs) continue
    add(columnOf(axis, task.startMs), 1)
    if (task.settledMs !== undefined && task.settledMs < axis.endMs) add(columnOf(axis, task.settledMs), -1)
  }
  let open = 0
  return change.slice(0, axis.width).map(by => (open += by))
}

/** How many of `times` fall in each column; those after the axis are left out. */
function tally(times: readonly number[], axis: Axis): number[] {
  const cells = Array.from({ length: axis.width }, () => 0)
  for (const t of times) {
    if (t > axis.endMs) continue
    const column = columnOf(axis, t)
    cells[column] = (cells[column] ?? 0) + 1
  }
  return cells
}

function row(label: string, cells: string, style: Style, end?: string): Row {
  return { label: clip(label, labelWidthMax), cells, style, ...(end !== undefined && { end }) }
}
