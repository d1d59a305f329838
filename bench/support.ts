import bareSdk from '../src/clients/bare-sdk.ts'
import type { Scenario } from '../src/model/scenario.ts'
import type { RunResult } from '../src/run/result.ts'
import { type RunOptions, runScenario } from '../src/run/run-scenario.ts'

const minute = 60_000

/** An outage in which every request is refused at once: all cost is ours and the SDK's, none is waiting. */
export function totalOutage(lengthMs = 120 * minute): Scenario {
  return {
    blackstart: 1,
    id: 'bench',
    provider: 'anthropic',
    phases: [{ name: 'down', for: lengthMs, faults: [{ surface: ['api'], fault: { id: 'overloaded', params: {} } }] }],
  }
}

export function run(options: Partial<RunOptions> = {}): Promise<RunResult> {
  return runScenario({ scenario: totalOutage(), integration: bareSdk, ...options })
}

export function attemptsOf({ journal }: RunResult): number {
  return journal.reduce((count, event) => count + (event.type === 'attempt-started' ? 1 : 0), 0)
}

/** Live heap after collection, bytes. Needs `--expose-gc`. */
export function liveHeap(): number {
  if (!globalThis.gc) throw new Error('Run with --expose-gc (npm run bench does).')
  globalThis.gc()
  globalThis.gc()
  return process.memoryUsage().heapUsed
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

export const count = (value: number) => Math.round(value).toLocaleString('en-US')
export const micros = (ms: number) => `${Math.round(ms * 1_000)} µs`
