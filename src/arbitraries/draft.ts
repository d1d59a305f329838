import type { CapacityEntry, FaultEntry, Instant, LimitEntry, Phase } from '../model/scenario.ts'

/** A phase in the making: it has no name yet, and others speak of it by its place. */
export interface DraftPhase {
  for: number
  readonly faults: FaultEntry[]
  readonly limits: LimitEntry[]
  readonly capacity: CapacityEntry[]
}

export const emptyPhase = (ms: number): DraftPhase => ({ for: ms, faults: [], limits: [], capacity: [] })

/** The phases with names that say what happens in them: `overloaded`, `limited`, `clear-2`. */
export function named(drafts: readonly DraftPhase[]): readonly Phase[] {
  const names = namesFor(drafts)
  return drafts.map(({ for: ms, faults, limits, capacity }, i) => ({
    name: names[i] ?? '',
    for: ms,
    ...(faults.length > 0 && { faults }),
    ...(limits.length > 0 && { limits }),
    ...(capacity.length > 0 && { capacity }),
  }))
}

type Content = Pick<Phase, 'faults' | 'limits' | 'capacity'>

/** A name for each phase by its content, none twice. */
export function namesFor(phases: readonly Content[]): readonly string[] {
  const seen = new Map<string, number>()
  return phases.map(phase => {
    const name = nameOf(phase)
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return count === 1 ? name : `${name}-${count}`
  })
}

function nameOf({ faults = [], limits = [], capacity = [] }: Content): string {
  const [first] = faults
  if (first) return first.fault?.id ?? 'mixed'
  if (limits.length > 0) return 'limited'
  return capacity.length > 0 ? 'busy' : 'clear'
}

export const at = (phases: readonly Phase[], index: number, offset: number): Instant => ({
  phase: phases[index]?.name ?? 'start',
  offset,
})
