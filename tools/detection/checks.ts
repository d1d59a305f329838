import { oracles } from '../../src/oracles/index.ts'
import { relations } from '../../src/oracles/relations/index.ts'

interface Check {
  /** Its place in the catalogue. */
  readonly code: string
}

/** All that may find something in a run: oracles, then relations between runs. */
export const checks: ReadonlyMap<string, Check> = new Map<string, Check>([...oracles, ...relations])
