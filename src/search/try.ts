import type { Integration } from '../model/integration.ts'
import type { Scenario } from '../model/scenario.ts'
import type { RunResult } from '../run/result.ts'
import { runScenario } from '../run/run-scenario.ts'
import type { Progress } from '../run/simulate.ts'
import type { Origin, RunWith, Subject, Tried, Try, TryOptions } from './types.ts'

export interface TryHost extends Subject {
  readonly runWith?: RunWith
  /** One request more ends a run; 3,000 when absent. */
  readonly attemptsAtMost?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** An outage is about to be tried. */
  onTry?(scenario: Scenario, origin: Origin): void
  /** How far that run is, now and then. */
  onProgress?(progress: Progress): void
}

export const usualAttemptsAtMost = 3_000

/**
 * A way to try outages on one client, whose modules are loaded once: loading them takes longer than a run. Where a run left
 * something behind in them, so that the next does not get through its healthy warm-up, they are loaded anew.
 */
export function createTry(host: TryHost): Try {
  const { runWith = {}, attemptsAtMost = usualAttemptsAtMost, signal } = host
  const another = host.another?.bind(host)
  let { integration } = host
  let lives: Promise<Integration>[] = []

  const run = (scenario: Scenario, { whole, toEnd, only, relations, seed }: TryOptions) => {
    // A process that starts again has modules of its own; those of the second life serve all runs.
    let life = 0
    const reload = another && (() => (lives[life++] ??= another()))
    return runScenario({
      scenario,
      integration,
      ...runWith,
      ...(reload && { reload }),
      ...(seed !== undefined && { seed }),
      ...(!whole && { attemptsAtMost, endEarly: !toEnd && (only ?? true) }),
      ...(relations && { relations: relations.length > 0 && relations }),
      // Modules of its own for each of them would take longer than the run.
      freshTwins: false,
      ...(signal && { signal }),
      ...(host.onProgress && { onProgress: host.onProgress.bind(host) }),
    })
  }

  return async (scenario: Scenario, origin: Origin, options: TryOptions = {}): Promise<Tried> => {
    host.onTry?.(scenario, origin)
    if (integration.isolate && another) integration = await another()
    let result = await run(scenario, options)
    if (result.exitCode === 3 && another) {
      integration = await another()
      lives = []
      result = await run(scenario, options)
    }
    return triedOf(scenario, origin, result)
  }
}

export function triedOf(scenario: Scenario, origin: Origin, result: RunResult): Tried {
  const attempts = result.journal.filter(({ type }) => type === 'attempt-started').length
  return { scenario, origin, result, failed: failedOracles(result), attempts }
}

/** Ids of the oracles that failed, worst first; what is accepted has not. */
export function failedOracles({ findings }: Pick<RunResult, 'findings'>): readonly string[] {
  const failed = findings.filter(({ severity, accepted }) => severity === 'fail' && !accepted)
  return [...new Set(failed.map(({ oracle }) => oracle))]
}
