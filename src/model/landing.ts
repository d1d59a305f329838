/** Whether a fault or limit of the scenario was really felt (`design.md` §3). */
export type LandingStatus =
  /** It decided at least one arrival. */
  | 'landed'
  /** The app never touched that surface in the whole run. */
  | 'unused'
  /** Tasks were open, but the app's own breaker, backoff, cache or fallback kept it away. */
  | 'withheld'
  /** Too few arrivals to expect a hit. */
  | 'thin'
  /** Hits were expected and none came: the run proves nothing. */
  | 'missed'

export interface EntryLanding {
  /** Fault id, `a|b` for a mix, `limit` for a limit. */
  readonly id: string
  /** Path in the scenario: `phases[0].faults[1]`. */
  readonly entry: string
  readonly phase: string
  readonly surface: readonly string[]
  readonly line: number | undefined
  readonly status: LandingStatus
  readonly eligible: number
  readonly hits: number
  /** What would make it land: for `thin`, the users that would do. */
  readonly hint: string | undefined
}
