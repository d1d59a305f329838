import { type Arrival, surfaceName } from '../model/arrival.ts'
import type { PlannedCapacity } from '../model/capacity-plan.ts'
import { type Decision, isTarget } from '../model/decide.ts'
import { pass } from '../model/effect.ts'
import { type Plan, type PlannedFault, type PlannedLimit, plannedFaults, plannedLimits } from '../model/timeline.ts'
import type { World } from '../model/world.ts'

/** A retry that costs nothing: as if the provider were overloaded, and before it knows of it. */
export const turnedAway: Decision = {
  effect: { type: 'answer', error: 'overloaded', options: {} },
  ...{ fault: undefined, entry: undefined, limited: false, rejected: true, rateLimits: [] },
}

/** Nothing of the scenario befalls it. */
export const untouched: Decision = {
  effect: pass,
  ...{ fault: undefined, entry: undefined, limited: false, rateLimits: [] },
}

/** As the journal has it. */
export function effectName({ limited, rejected, effect }: Decision): string {
  if (limited) return 'limited'
  return rejected ? 'rejected' : effect.type
}

/** Entries that have seen no arrival of theirs so far. */
export class Targets {
  private readonly left: (PlannedFault | PlannedLimit | PlannedCapacity)[]
  private readonly world: World

  constructor(plan: Plan, world: World) {
    this.left = [...plannedFaults(plan), ...plannedLimits(plan), ...plan.capacity]
    this.world = world
  }

  /** An arrival came, whether or not the time was theirs. */
  touch(arrival: Arrival): void {
    const surface = surfaceName(arrival.provider, arrival.surface)
    for (let i = this.left.length - 1; i >= 0; i--) {
      const target = this.left[i]
      if (!target || !isTarget(target, arrival, surface)) continue
      this.world.touched.add(target.index)
      this.left.splice(i, 1)
    }
  }
}
