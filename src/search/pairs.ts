import type { Frame } from '../arbitraries/frame.ts'
import { draw } from '../lib/draw.ts'
import type { Position } from './positions.ts'
import { type Strike, strikeTwice } from './strike.ts'
import { fits, pairFaults } from './sweep-faults.ts'

export interface PairsOptions {
  readonly frame: Frame
  /** Decides which pairs come first. */
  readonly seed: number
  readonly atMost: number
}

/** The second fault strikes the next request of the same sort, or one of the two after that. */
const distances = [1, 2, 3]

/** Two faults near each other: what a client does about the second often depends on the first. */
export function pairsOf(positions: readonly Position[], { frame, seed, atMost }: PairsOptions): readonly Strike[] {
  const all = positions.flatMap((position, place) => {
    const fitting = pairFaults.filter(fault => fits(fault, position))
    return fitting.flatMap(first =>
      fitting.flatMap(second =>
        distances.map(later => ({
          order: draw(seed, 'pair', place, first.id, second.id, later),
          strike: { origin: 'pairs', entries: strikeTwice(frame, position, [first, second], later) } satisfies Strike,
        })),
      ),
    )
  })
  return all
    .toSorted((a, b) => a.order - b.order)
    .slice(0, atMost)
    .map(({ strike }) => strike)
}
