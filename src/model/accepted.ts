/** A finding that a team knows of and lives with for now: it is shown, and does not fail the verdict. */
export interface Accepted {
  readonly oracle: string
  /** Only in this scenario, or in these variants of it; in any when absent. */
  readonly scenario?: string
  /** Only in this phase, all its laps; in any when absent. */
  readonly phase?: string
  readonly reason: string
  /** Who answers for it. */
  readonly owner?: string
  /** The last day on which it holds, `2026-12-31`, in UTC. */
  readonly until?: string
}
