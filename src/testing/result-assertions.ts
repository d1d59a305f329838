import { formatDuration } from '../lib/duration.ts'
import { suggest } from '../lib/suggest.ts'
import { faultParams } from '../model/fault.ts'
import type { Json } from '../model/scenario.ts'
import { oracles } from '../oracles/index.ts'
import type { Finding, Oracle, Severity } from '../oracles/oracle.ts'
import { recovers } from '../oracles/recovers.ts'
import { retryAfterHonoured } from '../oracles/retry-after-honoured.ts'
import { viewJournal } from '../oracles/view.ts'
import { findingLines } from '../reports/findings.ts'
import { painter } from '../reports/paint.ts'
import { readDuration } from '../run/instants.ts'
import { refusal } from '../run/refusal.ts'
import type { RunResult } from '../run/result.ts'
import { type Assessment, demand } from './assessment.ts'

export interface FindingFilter {
  /** Only those of this oracle. */
  readonly oracle?: string
  /** `fail`: warnings are let pass. */
  readonly severity?: Severity
}

/** Whether a run has no findings, of those that are meant. Throws a `UsageError` for what is no result of a run. */
export function hasNoFindings(received: unknown, { oracle, severity }: FindingFilter = {}): Assessment {
  const result = resultOf(received, 'toHaveNoFindings')
  if (oracle !== undefined) knownOracle(result, oracle)
  const findings = result.findings.filter(
    finding =>
      !finding.accepted &&
      (oracle === undefined || finding.oracle === oracle) &&
      (severity === undefined || finding.severity === severity),
  )
  const of = `${result.client} in ${result.scenario.id} (seed ${result.seed})`
  if (findings.length > 0)
    return { holds: false, isConclusive: true, message: `${of}:\n\n${tell(findings)}`, value: undefined }
  const judge = result.oracles.find(({ id }) => id === oracle)
  const why =
    result.verdict === 'inconclusive'
      ? result.reason
      : judge?.status === 'vacuous'
        ? `${oracle} had nothing to look at: ${judge.reason ?? ''}`
        : undefined
  if (why !== undefined)
    return {
      holds: false,
      isConclusive: false,
      message: `${of} has no findings, but nothing was tested: ${why}`,
      value: undefined,
    }
  const what = [severity, oracle].filter(Boolean).join(' ')
  return {
    holds: true,
    isConclusive: true,
    message: `${of} has no ${what ? `${what} ` : ''}findings`,
    value: undefined,
  }
}

/** Whether the app gave good answers again within that time after the last fault, on all surfaces it uses or on one. */
export function recoversWithin(received: unknown, within: string | number, surface?: string): Assessment {
  const result = resultOf(received, 'toRecoverWithin')
  const ms = readDuration(within, 'judge the recovery')
  const params = { within: ms, ...(surface !== undefined && { surface: [surface] }) }
  return judge(result, recovers, params, `recovered within ${formatDuration(ms)}${surface ? ` on ${surface}` : ''}`)
}

/** Whether no retry came before the time that the provider had named. */
export function honoursRetryAfter(received: unknown): Assessment {
  return judge(resultOf(received, 'toHonourRetryAfter'), retryAfterHonoured, {}, 'honoured every retry-after')
}

/** Throws an `AssertionError` when the run has findings, or tested nothing. */
export function assertNoFindings(result: RunResult, filter: FindingFilter = {}): void {
  demand(hasNoFindings(result, filter))
}

/** Throws an `AssertionError` unless the app gave good answers again within that time after the last fault. */
export function assertRecoversWithin(result: RunResult, within: string | number, surface?: string): void {
  demand(recoversWithin(result, within, surface))
}

/** Throws an `AssertionError` when a retry came too early, or no provider named a time. */
export function assertHonoursRetryAfter(result: RunResult): void {
  demand(honoursRetryAfter(result))
}

function judge(result: RunResult, oracle: Oracle, params: Readonly<Record<string, Json>>, what: string): Assessment {
  const judgement = oracle.judge(viewJournal(result.journal), faultParams(oracle.params, params), result.plan)
  const of = `${result.client} in ${result.scenario.id} (seed ${result.seed})`
  if (judgement.findings.length > 0) {
    const findings = judgement.findings.map(finding => ({ oracle: oracle.id, ...finding }))
    return { holds: false, isConclusive: true, message: `${of}:\n\n${tell(findings)}`, value: undefined }
  }
  if (judgement.examined === 0)
    return {
      holds: false,
      isConclusive: false,
      message: `${of} showed nothing of it: ${judgement.vacuous ?? 'nothing to look at'}`,
      value: undefined,
    }
  return {
    holds: true,
    isConclusive: true,
    message: `${of} ${what} (${judgement.examined} looked at)`,
    value: undefined,
  }
}

function tell(findings: readonly Finding[]): string {
  return findingLines(findings, painter(false)).join('\n')
}

function resultOf(value: unknown, matcher: string): RunResult {
  if (typeof value === 'object' && value !== null && 'journal' in value && 'findings' in value && 'plan' in value)
    return value as RunResult // whatever else made an object with these three meant it to be one
  throw refusal(
    `${matcher} judges the result of a run: what runScenario, outage.finish() or assertSurvives gave.`,
    'Await it first.',
  )
}

function knownOracle({ oracles: judged }: RunResult, id: string): void {
  const known = new Set([...oracles.keys(), ...judged.map(result => result.id)])
  if (known.has(id)) return
  const near = suggest(id, known)
  throw refusal(`There is no oracle "${id}".`, near ? `Did you mean ${near}?` : 'docs/oracles.md has all ids.')
}
