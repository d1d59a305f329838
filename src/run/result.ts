import type { JournalEvent } from '../journal/event.ts'
import type { EntryLanding } from '../model/landing.ts'
import type { Scenario } from '../model/scenario.ts'
import type { Plan } from '../model/timeline.ts'
import type { Finding, OracleResult } from '../oracles/oracle.ts'

export type { OracleResult } from '../oracles/oracle.ts'

export type Verdict = 'pass' | 'fail' | 'inconclusive'

export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 70 | 130 | 143

/** Everything one run showed. Reports are functions of this. */
export interface RunResult {
  readonly scenario: Scenario
  /** Where the scenario was read from, when it was a file. */
  readonly file: string | undefined
  readonly plan: Plan
  readonly client: string
  readonly seed: number
  readonly engine: string
  readonly verdict: Verdict
  readonly exitCode: ExitCode
  /** Why the verdict is what it is, in one sentence. */
  readonly reason: string
  readonly realIo: boolean
  readonly simulatedMs: number
  readonly wallMs: number
  readonly journal: readonly JournalEvent[]
  readonly journalHash: string
  readonly faults: readonly EntryLanding[]
  readonly oracles: readonly OracleResult[]
  /** Worst first. */
  readonly findings: readonly Finding[]
  /** Hosts the app called that blackstart refused, and other things worth a line. */
  readonly notices: readonly string[]
  /** What the clean-up could not put back; absent where all of it was. */
  readonly notRestored?: readonly string[]
  /** Why the run was ended before its time, where `attemptsAtMost` or `endEarly` did. */
  readonly cut?: string
  /** Of a scenario with a matrix: the result of every variant. This one is the worst of them. */
  readonly variants?: readonly RunResult[]
}
