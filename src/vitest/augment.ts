import type { FindingFilter } from '../testing/result-assertions.ts'
import type { ScenarioSpec } from '../testing/spec.ts'
import type { SurviveOptions } from '../testing/survives.ts'
import type { AnyOutageOptions } from '../testing/survives-any.ts'

/** What `expect` can do once `blackstart/vitest` is imported. */
export interface OutageMatchers {
  /** Of a client module, or the path of one: it comes through a whole scenario, and something was tested. To be awaited. */
  toSurvive(scenario: ScenarioSpec, options?: SurviveOptions): Promise<void>
  /** Of a client module, or the path of one: none of the outages that are generated breaks it. To be awaited. */
  toSurviveAnyOutage(options?: AnyOutageOptions): Promise<void>
  /** Of a run's result: nothing was found, of what is meant; and something was tested. */
  toHaveNoFindings(filter?: FindingFilter): void
  /** Of a run's result: good answers again within that time after the last fault, on all surfaces in use or on one. */
  toRecoverWithin(within: string | number, surface?: string): void
  /** Of a run's result: no retry came before the time that the provider had named. */
  toHonourRetryAfter(): void
}

// Vitest 3, 4 and 5 declare their own interfaces with different parameters; all of them extend this one.
declare global {
  namespace Chai {
    interface Assertion extends OutageMatchers {}
  }
}
