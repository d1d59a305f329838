import type { Unsupported } from '../engines/msw-support.ts'
import type { Scenario } from '../model/scenario.ts'

/** What may be fixed for a run from outside. */
export interface Fixed {
  readonly seed?: number | undefined
  readonly users?: number | undefined
  readonly instances?: number | undefined
}

/** What the matrix varies although it is fixed from outside: all variants would be the same, under different names. */
export function fixedVariants({ matrix = {} }: Scenario, { seed, users, instances }: Fixed): readonly Unsupported[] {
  const fixed = Object.entries({ seed, 'workload.users': users, 'workload.instances': instances })
  return fixed.flatMap(([path, value]) => {
    if (value === undefined || matrix[path] === undefined) return []
    const message = `The matrix varies ${path}, and this run fixes it to ${value}.`
    return [{ path: `matrix.${path}`, message, hint: 'Take one of the two out.' }]
  })
}
