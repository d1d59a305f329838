import type { Integration } from '../model/integration.ts'
import type { Scenario } from '../model/scenario.ts'

/** What a client did while every one of its requests met one fault. */
export interface ProfileCell {
  readonly fault: string
  readonly streamed: boolean
  /** Tasks begun while the fault was on. */
  readonly tasks: number
  /** How many of them settled how; `open` had not at the end. */
  readonly outcomes: Readonly<Record<string, number>>
  /** How many were answered from where, as the client claims: `cache`, `fallback`, `queue`. */
  readonly sources: Readonly<Record<string, number>>
  /** Classes of what was thrown, sorted. */
  readonly errors: readonly string[]
  /** Attempts a task: the median, and the most. */
  readonly attempts: { readonly p50: number; readonly max: number }
  /** Waits between the attempts of the task that made the most, ms. */
  readonly waitsMs: readonly number[]
  /** Other providers that were asked, sorted. */
  readonly fellOverTo: readonly string[]
  /** How long a task took to settle, ms; absent when none did. */
  readonly settleMs?: { readonly p50: number; readonly p95: number; readonly max: number }
  /** Share of the tasks begun in the five healthy minutes after it that settled well; absent when there were none. */
  readonly wellAfter?: number
  /** Why there is nothing to tell: no request met the fault, or the client did not get that far. */
  readonly problem?: string
}

export interface Profile {
  readonly version: 1
  readonly client: string
  readonly provider: string
  readonly seed: number
  readonly cells: readonly ProfileCell[]
}

const minute = 60_000

/** Three users who ask every half minute or so, for five minutes in which every request of one kind meets the fault. */
export function cellScenario(
  fault: string,
  { streamed, provider, assumes }: { streamed: boolean; provider: string; assumes: Integration['assumes'] },
): Scenario {
  const { surfaces, answers, tokens, workload } = assumes ?? {}
  return {
    blackstart: 1,
    id: `profile-${fault}-${streamed ? 'streamed' : 'plain'}`,
    provider,
    ...(surfaces && { surfaces }),
    ...(answers && { answers }),
    ...(tokens && { tokens }),
    workload: { ...workload, users: 3, think: minute / 2, streaming: streamed ? 1 : 0 },
    phases: [
      {
        name: 'fault',
        for: 5 * minute,
        faults: [{ surface: [`${provider}.api`], fault: { id: fault, params: {} } }],
      },
    ],
  }
}
