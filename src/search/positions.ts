import { kindOf, type UsedSurface } from '../arbitraries/frame.ts'
import { surfaceOf } from '../oracles/attempts.ts'
import type { AttemptRecord } from '../oracles/view.ts'
import type { Seen } from './seen.ts'

/** A request of the clean run that can be struck by itself. */
export interface Position {
  /** What was asked, in full. */
  readonly surface: string
  readonly streaming: boolean
  /** It is the how-manieth of the run on its surface that streams, or that does not. */
  readonly nth: number
  readonly attempt: AttemptRecord
  /** How many requests it stands for, itself included. */
  readonly alike: number
}

/**
 * The requests of the clean run's first `lengthMs`, one of each kind: of those with the same surface, model, way of
 * asking and place in the client's life only the first is kept, since what strikes one of them strikes them all alike.
 */
export function positionsIn({ view, lives }: Seen, lengthMs: number): readonly Position[] {
  const counts = new Map<string, number>()
  const kinds = new Map<string, Position>()
  for (const attempt of view.attempts) {
    if (attempt.startMs >= lengthMs) continue
    const surface = surfaceOf(attempt)
    const { streaming, model = '', n } = attempt.started
    const sort = `${surface} ${streaming}`
    const nth = (counts.get(sort) ?? 0) + 1
    counts.set(sort, nth)
    const kind = [sort, model, n, lives.get(attempt.id), callNumber(attempt)].join(' ')
    const first = kinds.get(kind) ?? { surface, streaming, nth, attempt, alike: 0 }
    kinds.set(kind, { ...first, alike: first.alike + 1 })
  }
  return [...kinds.values()]
}

/** The how-manieth call of its task it belongs to; from the third on they are alike. */
function callNumber({ task, call }: AttemptRecord): number {
  return Math.min(task?.calls.indexOf(call) ?? -1, 2)
}

/** The surface as just this request uses it. */
export function usedBy({ surface, streaming, attempt: { started } }: Position): UsedSurface {
  const { provider, model } = started
  return {
    ...{ name: surface, provider, kind: kindOf(started), models: model === undefined ? [] : [model] },
    ...{ streams: streaming, plain: !streaming, everyday: true },
  }
}
