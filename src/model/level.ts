import type { Level } from './scenario.ts'

/** A stretch of time in ms, end not included. */
export interface Span {
  readonly startMs: number
  readonly endMs: number
}

/** A level at `t` within `span`: constant, or linear from its start to its end. */
export function levelAt(level: Level, span: Span, t: number): number {
  if (typeof level === 'number') return level
  const length = span.endMs - span.startMs
  const part = length <= 0 ? 1 : Math.min(1, Math.max(0, (t - span.startMs) / length))
  return level.from + (level.to - level.from) * part
}
