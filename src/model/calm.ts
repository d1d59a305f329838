import type { Plan } from './timeline.ts'

/** The same phases at the same times, with nothing in force in them. */
export function calm(plan: Plan): Plan {
  return {
    ...plan,
    phases: plan.phases.map(phase => ({ ...phase, faults: [], limits: [] })),
    tracks: [],
    capacity: [],
  }
}
