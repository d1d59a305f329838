import { type DraftPhase, emptyPhase } from './draft.ts'
import { capacityEntry, faultEntry, limitEntry, type Making } from './entries.ts'
import type { UsedSurface } from './frame.ts'

const [s, m] = [1_000, 60_000]

/** Phases, and how often all of them happen. */
export interface Timeline {
  readonly phases: readonly DraftPhase[]
  readonly times: number
}

/**
 * From none to six phases, and for each surface the stretches of them in which it has trouble: so that surfaces fail and
 * come back at different times, together, or one when the other is just back, and fail again.
 */
export function drawTimeline(making: Making): Timeline {
  const { dice, profile } = making
  const isFlapping = dice.chance(0.12)
  const count = isFlapping
    ? 2
    : dice.weighted([
        [1, 0],
        [8, 1],
        [5, 2],
        [4, 3],
        [3, 4],
        [2, 5],
        [1, 6],
      ] as const)
  const phases = Array.from({ length: count }, () => emptyPhase(drawLength(making, isFlapping)))
  if (profile.blackout && !isFlapping) blackOut(making, phases)
  else for (const surface of profile.surfaces) befall(making, surface, phases, isFlapping)
  // Time to come back in: some things show only long after.
  if (!isFlapping && dice.chance(0.35)) phases.push(emptyPhase(dice.pick([2 * m, 5 * m, 10 * m, 20 * m])))
  return { phases, times: isFlapping ? dice.int(2, 6) : 1 }
}

function drawLength({ dice }: Making, isShort: boolean): number {
  if (isShort) return dice.pick([10 * s, 30 * s, 1 * m, 2 * m])
  return dice.weighted([
    ...[10 * s, 30 * s].map(ms => [1, ms] as const),
    ...[1 * m, 2 * m, 3 * m, 5 * m].map(ms => [2, ms] as const),
    ...[10 * m, 15 * m, 20 * m].map(ms => [1, ms] as const),
  ])
}

/** All surfaces go down with the first phase, and each comes back when it does. */
function blackOut(making: Making, phases: readonly DraftPhase[]): void {
  const { dice, profile } = making
  const wholly = { ...making, profile: { ...profile, partial: false, conditions: false, sticky: false } }
  for (const surface of profile.surfaces) {
    const entry = faultEntry(wholly, surface)
    if (!entry) continue
    const until = dice.int(1, phases.length)
    for (const phase of phases.slice(0, until)) phase.faults.push(entry)
    if (profile.limits) phases[until]?.limits.push(limitEntry(making, surface))
    if (profile.nearItsLimit) phases[until]?.capacity.push({ surface: entry.surface, speed: dice.pick([0.1, 0.3]) })
  }
}

function befall(making: Making, surface: UsedSurface, phases: readonly DraftPhase[], isFlapping: boolean): void {
  const { dice, profile } = making
  if (phases.length === 0) return
  if (isFlapping) {
    const entry = faultEntry(making, surface)
    if (entry) phases[0]?.faults.push(entry)
    return
  }
  const stretches = dice.chance(0.25) ? 2 : 1
  let entry = faultEntry(making, surface)
  for (let i = 0; i < stretches; i++) {
    const from = dice.chance(0.5) ? 0 : dice.int(0, phases.length - 1)
    const until = dice.int(from, phases.length - 1)
    for (const phase of phases.slice(from, until + 1)) {
      // The same trouble goes on, or it turns into another.
      if (dice.chance(0.3)) entry = faultEntry(making, surface)
      if (entry) phase.faults.push(entry)
      if (entry && dice.chance(0.15)) {
        const second = faultEntry(making, surface)
        if (second) phase.faults.push(second)
      }
    }
    const next = phases[until + 1]
    if (next && profile.limits && dice.chance(0.7)) next.limits.push(limitEntry(making, surface))
  }
  const anywhere = dice.pick(phases)
  if (profile.limits && dice.chance(0.4)) anywhere.limits.push(limitEntry(making, surface))
  if (profile.capacity && surface.kind === 'model') anywhere.capacity.push(capacityEntry(making, surface))
}
