import { isStep, simplifiers } from '../arbitraries/simpler.ts'
import { nativeNow } from '../clock/native.ts'
import type { Scenario } from '../model/scenario.ts'
import { relations } from '../oracles/relations/index.ts'
import { type Catalogue, printScenario } from '../scenario/index.ts'
import type { Tried, Try, TryOptions } from './types.ts'

export interface ShrinkOptions {
  /** The oracle that failed, and that must go on failing. */
  readonly oracle: string
  readonly attempt: Try
  readonly catalogue: Catalogue
  /** Runs, at most; 300 when absent. */
  readonly runsAtMost?: number
  /** Real time, ms, after which it is to come to an end; 10 s when absent. Where runs take long it gets more, for a few of them. */
  readonly timeMs?: number
  /** Runs to their ends, for what shows there alone. */
  readonly toEnd?: boolean
  /** It must fail with each of these; with the scenario's own when absent. */
  readonly seeds?: readonly number[] | undefined
  readonly signal?: AbortSignal | undefined
}

export interface Shrunk {
  readonly scenario: Scenario
  readonly runs: number
  readonly ms: number
  /** Failures of other oracles that were met on the way. */
  readonly others: readonly Tried[]
  /** Whether nothing more could be taken away; otherwise time or runs were over. */
  readonly isMinimal: boolean
}

/** With fewer runs than this hardly anything gets small, and it may take so many times as long. */
const fewestRuns = 40
const mostPatience = 3

/**
 * Makes an outage smaller as long as the same oracle fails, to a fixpoint: no simplification of one step is left that
 * still fails. That another oracle fails is no success; it is kept for later.
 */
export async function shrink(tried: Tried, options: ShrinkOptions): Promise<Shrunk> {
  const { oracle, attempt, catalogue, runsAtMost = 300, timeMs = 10_000, toEnd = false, seeds, signal } = options
  const startMs = nativeNow()
  const others: Tried[] = []
  const seen = new Set([printScenario(tried.scenario, catalogue)])
  let current = tried.scenario
  let runs = 0
  const isLate = () => {
    const ms = nativeNow() - startMs
    return ms >= timeMs * (runs < fewestRuns ? mostPatience : 1)
  }
  const isSpent = () => runs >= runsAtMost || isLate() || signal?.aborted === true

  const fails = async (scenario: Scenario): Promise<boolean> => {
    for (const seed of seeds ?? [undefined]) {
      runs++
      const how: TryOptions = {
        ...{ toEnd, only: [oracle], relations: relations.has(oracle) ? [oracle] : [] },
        ...(seed !== undefined && { seed }),
      }
      const one = await attempt(scenario, 'shrink', how)
      if (one.failed.includes(oracle)) continue
      if (one.failed.length > 0) others.push(one)
      return false
    }
    return true
  }

  // What compares several runs is judged where a scenario expects it: that is not to be taken away.
  const isJudged = ({ expect = [] }: Scenario) =>
    !relations.has(oracle) || expect.some(entry => entry.oracle === oracle)

  for (let changed = true; changed; ) {
    changed = false
    for (const simplify of simplifiers)
      for (let place = 0; ; place++) {
        const simpler = nth(simplify(current), place)
        if (!simpler) break
        const text = printScenario(simpler, catalogue)
        if (seen.has(text)) continue
        seen.add(text)
        if (!isJudged(simpler) || !isStep(current, simpler, catalogue)) continue
        if (isSpent()) return { scenario: current, runs, ms: nativeNow() - startMs, others, isMinimal: false }
        if (!(await fails(simpler))) continue
        current = simpler
        changed = true
        // What came after it is now in its place.
        place--
      }
  }
  return { scenario: current, runs, ms: nativeNow() - startMs, others, isMinimal: true }
}

function nth<T>(items: Iterable<T>, place: number): T | undefined {
  let i = 0
  for (const item of items) if (i++ === place) return item
  return undefined
}
