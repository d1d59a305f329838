import { formatDuration } from '../lib/duration.ts'
import type { Plan } from '../model/timeline.ts'

/** Time on `width` text columns, from t = 0 to `endMs`. */
export interface Axis {
  readonly width: number
  readonly endMs: number
}

/**
 * The end of a run's pictures: that of the run, where it ended before its time. The healed tail is shown as far as the run
 * went, but never so long that the outage shrinks to nothing.
 */
export function pictureEnd({ lengthMs }: Plan, endMs: number): number {
  return Math.max(1, Math.min(endMs, lengthMs * 1.35))
}

/** The column `t` falls in; times outside fall in the nearest one. */
export function columnOf(axis: Axis, t: number): number {
  return Math.min(axis.width - 1, Math.max(0, Math.floor((t / axis.endMs) * axis.width)))
}

/** Start and end of a column, ms. */
export function columnSpan(axis: Axis, column: number): { startMs: number; endMs: number } {
  const size = axis.endMs / axis.width
  return { startMs: column * size, endMs: (column + 1) * size }
}

/**
 * The lines under a picture: a rule with a mark at each phase's start, the phases' names as far as they fit, and the
 * time. A name that fits nowhere is left out; a lap after the first goes by its bare name.
 */
export function axisLines(plan: Plan, axis: Axis): string[] {
  const entered = plan.phases.filter(({ startMs }) => startMs < axis.endMs)
  const starts = entered.map(phase => ({ name: phase.base, at: columnOf(axis, phase.startMs) }))
  if (axis.endMs > plan.lengthMs) starts.push({ name: 'healed', at: columnOf(axis, plan.lengthMs) })
  const rule = Array.from({ length: axis.width }, () => '─')
  for (const start of starts) rule[start.at] = start.at === 0 ? '├' : '┼'
  return [rule.join(''), ...nameLines(starts, axis.width), timeLine(axis)]
}

/** Names beginning under their marks, on up to three lines; `└` leads from a mark to a name that had to move down. */
function nameLines(starts: readonly { name: string; at: number }[], width: number): string[] {
  const lines: string[] = []
  for (const { name, at } of starts) {
    for (let row = 0; row < 3; row++) {
      const line = lines[row] ?? ''
      const text = row === 0 ? name : `└ ${name}`
      if ((line.length > 0 && line.length >= at) || at + text.length > width) continue
      lines[row] = line.padEnd(at) + text
      break
    }
  }
  return lines.map(line => line.trimEnd())
}

const stepsMs = [1, 2, 5, 10, 15, 30].flatMap(n => [n * 1000, n * 60_000, n * 3_600_000]).sort((a, b) => a - b)

function timeLine(axis: Axis): string {
  const step = stepsMs.find(ms => axis.endMs / ms <= 8) ?? 24 * 3_600_000 * Math.ceil(axis.endMs / 8 / (24 * 3_600_000))
  let line = ''
  for (let t = 0; t < axis.endMs; t += step) {
    const at = columnOf(axis, t)
    const text = t === 0 ? '0' : formatDuration(t)
    if (line.length > 0 && line.length >= at) continue
    if (at + text.length <= axis.width) line = line.padEnd(at) + text
  }
  return line
}
