import type { Finding } from '../oracles/oracle.ts'
import type { RunResult } from '../run/result.ts'
import { runScenario } from '../run/run-scenario.ts'
import { divergence } from './determinism.ts'
import { failedOracles } from './try.ts'
import type { RunWith, Subject } from './types.ts'

export interface Confirmation {
  /** Each replay failed the oracle. */
  readonly confirmed: boolean
  /** Where two replays parted. */
  readonly diverged: string | undefined
  readonly result: RunResult
  readonly finding: Finding | undefined
}

export interface ConfirmOptions extends Subject {
  readonly oracle: string
  readonly runWith?: RunWith
  readonly signal?: AbortSignal | undefined
}

/** Replays of a counterexample before anybody is told of it. */
const replays = 2

/** Runs a scenario from its own text, as `blackstart run` does: whole, and with modules that no run has used yet. */
export async function replayText(text: string, { runWith, signal, ...subject }: Omit<ConfirmOptions, 'oracle'>) {
  const integration = subject.another ? await subject.another() : subject.integration
  return runScenario({
    scenario: text,
    integration,
    ...(subject.another && { reload: () => (subject.another ? subject.another() : Promise.resolve(integration)) }),
    ...runWith,
    ...(signal && { signal }),
  })
}

/** Replays a counterexample from its text, twice: the same oracle must fail, and the journals must be the same. */
export async function confirm(text: string, { oracle, ...options }: ConfirmOptions): Promise<Confirmation> {
  const results: RunResult[] = []
  for (let i = 0; i < replays; i++) results.push(await replayText(text, options))
  const [first, last] = [results[0], results.at(-1)]
  if (!first || !last) throw new RangeError('A counterexample is replayed at least once')
  const confirmed = results.every(result => failedOracles(result).includes(oracle))
  // Real I/O has a timing of its own: then it is the verdict that must be the same.
  const isExcused = confirmed && results.some(({ realIo }) => realIo)
  return {
    confirmed,
    diverged: isExcused ? undefined : divergence(first, last),
    result: last,
    finding: last.findings.find(finding => finding.oracle === oracle && finding.severity === 'fail'),
  }
}
