import { shownSurface } from '../arbitraries/entries.ts'
import type { Frame } from '../arbitraries/frame.ts'
import type { FaultEntry, FaultRef, LimitEntry } from '../model/scenario.ts'
import type { Position } from './positions.ts'
import type { Origin } from './types.ts'

export type Traffic = 'few' | 'some' | 'crowd' | 'rush'

/** One run of the sweep: what it is a part of, and where it strikes. */
export interface Strike {
  readonly origin: Origin
  readonly entries: readonly FaultEntry[]
  readonly limits?: readonly LimitEntry[]
  /** `few` when absent, enough where one request is struck; with more of it a fault that lasts shows what adds up. */
  readonly traffic?: Traffic
  /** It comes and goes so many times, a minute each; it stays when absent. */
  readonly laps?: number
}

/** `fault` at the request of `position`, and at no other. */
export function strikeAt(frame: Frame, { surface, streaming, nth }: Position, fault: FaultRef): FaultEntry {
  return { surface: [shownSurface(surface, frame)], fault, when: { streaming, nth } }
}

/** `second` so many requests of the same sort `later`: its entry does not count the one that `first` has taken. */
export function strikeTwice(
  frame: Frame,
  position: Position,
  [first, second]: readonly [FaultRef, FaultRef],
  later: number,
): readonly FaultEntry[] {
  const then = { ...position, nth: position.nth + later - 1 }
  return [strikeAt(frame, position, first), strikeAt(frame, then, second)]
}
