import type { Level } from './scenario.ts'

/** A stretch of time in ms, end not included. */
export interface Span {
  readonly startMs: number
  readonly endMs: number
}

/** The times of an entry as they are written, where people have moved the timeline, and how its ramps go there. */
export interface Written extends Span {
  /** What is written for the drill's time `t`: it stands still while a phase is held. */
  at(t: number): number
  /** When what is written for `s` comes. */
  live(s: number): number
  /** The drill's times between which what is written goes by evenly, in order. */
  readonly bends: readonly number[]
}

/** An entry with its times in the drill. */
export interface Moved extends Span {
  /** Present where people have moved the timeline, and a ramp must know of it. */
  readonly written?: Written | undefined
}

/** A level at `t` within `span`: constant, or linear from its start to its end. */
export function levelAt(level: Level, span: Span, t: number): number {
  if (typeof level === 'number') return level
  const length = span.endMs - span.startMs
  const part = length <= 0 ? 1 : Math.min(1, Math.max(0, (t - span.startMs) / length))
  return level.from + (level.to - level.from) * part
}

/** The level of an entry at `t`. A ramp goes by the scenario's own time, which stands still while a phase is held. */
export function levelOf(level: Level, entry: Moved, t: number): number {
  const { written } = entry
  return written ? levelAt(level, written, written.at(t)) : levelAt(level, entry, t)
}
