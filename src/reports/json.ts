import type { Accepted } from '../model/accepted.ts'
import type { LandingStatus } from '../model/landing.ts'
import type { Plan } from '../model/timeline.ts'
import { viewJournal } from '../oracles/view.ts'
import type { ExitCode, OracleResult, RunResult, Verdict } from '../run/result.ts'
import { type JsonPhase, jsonPhases, type PhaseSpan } from './phases.ts'

/** The stable machine-readable form of one run, `docs/json-report.md`. New keys may come; none goes or changes its meaning within a version. */
export interface JsonReport {
  readonly version: 1
  readonly verdict: Verdict
  readonly exitCode: ExitCode
  readonly reason: string
  readonly scenario: { readonly id: string; readonly file: string | null }
  readonly client: string
  readonly seed: number
  readonly engine: string
  readonly realIo: boolean
  readonly simulatedMs: number
  readonly wallMs: number
  readonly journalHash: string
  readonly tasks: { readonly total: number; readonly byOutcome: Readonly<Record<string, number>> }
  readonly calls: number
  readonly attempts: number
  readonly phases: readonly JsonPhase[]
  readonly faults: readonly JsonFault[]
  readonly oracles: readonly JsonOracle[]
  readonly findings: readonly JsonFinding[]
  readonly notices: readonly string[]
  /** The command line that gives this run again; absent where none was said. */
  readonly replay?: string
}

/** The healthy stretch after the last phase, as long as the run went on. */
function healed({ lengthMs }: Plan, endMs: number): PhaseSpan {
  return { name: 'healed', startMs: lengthMs, endMs: Math.max(lengthMs, endMs) }
}

export interface JsonFault {
  readonly id: string
  readonly line: number | null
  readonly status: LandingStatus
  readonly eligible: number
  readonly hits: number
  readonly phase: string
  readonly entry: string
  readonly hint?: string
  /** The run ended before it was to begin. */
  readonly reached?: false
}

export interface JsonOracle {
  readonly id: string
  readonly status: OracleResult['status']
  readonly examined: number
  /** How many; they stand in the report's own `findings`. */
  readonly findings: number
  readonly reason?: string
}

export interface JsonFinding {
  readonly oracle: string
  readonly severity: 'fail' | 'warn'
  readonly phase: string
  readonly message: string
  readonly evidence: readonly string[]
  readonly advice: string
  /** A config accepts it: it does not fail the verdict. */
  readonly accepted?: JsonAccepted
}

export interface JsonAccepted {
  readonly reason: string
  readonly owner?: string
  readonly until?: string
}

const outcomes = ['ok', 'degraded', 'queued', 'failed', 'truncated', 'not-an-answer'] as const

/** A drill is done again; only a simulation is replayed. */
export function againWords(engine: string, command?: string): string {
  if (command !== undefined) return `npx blackstart ${command}`
  return engine === 'msw' ? 'npx blackstart run' : 'npx blackstart drill'
}

/** Tasks, calls and attempts are those from t = 0 on: the warm-up is not counted. Times are in ms. */
export function jsonReport(
  result: RunResult,
  { replay, command }: { readonly replay?: readonly string[]; readonly command?: string | undefined } = {},
): JsonReport {
  const view = viewJournal(result.journal)
  const byOutcome: Record<string, number> = Object.fromEntries([...outcomes, 'open'].map(outcome => [outcome, 0]))
  for (const task of view.tasks) {
    const outcome = task.settled?.outcome ?? 'open'
    byOutcome[outcome] = (byOutcome[outcome] ?? 0) + 1
  }
  return {
    version: 1,
    verdict: result.verdict,
    exitCode: result.exitCode,
    reason: result.reason,
    scenario: { id: result.scenario.id, file: result.file ?? null },
    client: result.client,
    seed: result.seed,
    engine: result.engine,
    realIo: result.realIo,
    simulatedMs: result.simulatedMs,
    wallMs: Math.round(result.wallMs),
    journalHash: result.journalHash,
    tasks: { total: view.tasks.length, byOutcome },
    calls: view.calls.length,
    attempts: view.attempts.length,
    phases: jsonPhases(view, [...result.plan.phases, healed(result.plan, view.endMs)]),
    faults: result.faults.map(({ id, line, status, eligible, hits, phase, entry, hint, reached }) => ({
      id,
      line: line ?? null,
      status,
      eligible,
      hits,
      phase,
      entry,
      ...(hint !== undefined && { hint }),
      ...(reached === false && { reached }),
    })),
    oracles: result.oracles.map(({ id, status, examined, findings, reason }) => ({
      id,
      status,
      examined,
      findings: findings.length,
      ...(reason !== undefined && { reason }),
    })),
    findings: result.findings.map(({ oracle, severity, phase, message, evidence, advice, accepted }) => ({
      oracle,
      severity,
      phase,
      message,
      evidence,
      advice,
      ...(accepted && { accepted: acceptedOf(accepted) }),
    })),
    notices: result.notices,
    ...(replay && replay.length > 0 && { replay: `${againWords(result.engine, command)} ${replay.join(' ')}` }),
  }
}

function acceptedOf({ reason, owner, until }: Accepted): JsonAccepted {
  return { reason, ...(owner !== undefined && { owner }), ...(until !== undefined && { until }) }
}
