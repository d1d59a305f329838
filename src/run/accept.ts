import type { Accepted } from '../model/accepted.ts'
import type { Finding, OracleResult } from '../oracles/oracle.ts'

/** Where a finding was made. */
export interface AcceptContext {
  readonly scenario: string
  readonly accepted: readonly Accepted[]
  /** The day that decides which of them still hold, ms since the epoch. */
  readonly todayMs: number
}

/** The same judgements, with every finding that is accepted marked as such. */
export function acceptFindings(results: readonly OracleResult[], context: AcceptContext): readonly OracleResult[] {
  const { scenario, accepted, todayMs } = context
  const inForce = accepted.filter(entry => !isExpired(entry, todayMs))
  if (inForce.length === 0) return results
  const marked = (finding: Finding): Finding => {
    const entry = inForce.find(one => accepts(one, finding, scenario))
    return entry ? { ...finding, accepted: entry } : finding
  }
  return results.map(result => ({ ...result, findings: result.findings.map(marked) }))
}

/** Whether the last day of an entry is over. */
export function isExpired({ until }: Accepted, todayMs: number): boolean {
  return until !== undefined && todayMs >= Date.parse(`${until}T00:00:00Z`) + 24 * 60 * 60_000
}

/** A run as far as acceptance goes. */
export interface JudgedRun {
  readonly scenario: string
  /** Whether it came to a verdict on the app; what did not happen in any other proves nothing. */
  readonly isConclusive: boolean
  readonly findings: readonly Pick<Finding, 'oracle' | 'phase'>[]
}

/** A line for each entry that has expired, or that no run needed though one it speaks of was made. */
export function staleAccepted(
  accepted: readonly Accepted[],
  runs: readonly JudgedRun[],
  todayMs: number,
): readonly string[] {
  return accepted.flatMap(entry => {
    const concerned = runs.filter(run => run.isConclusive && isOf(entry, run.scenario))
    const occurred = runs.some(run => run.findings.some(finding => accepts(entry, finding, run.scenario)))
    if (isExpired(entry, todayMs))
      return concerned.length === 0 && !occurred
        ? []
        : [
            `${acceptedText(entry)} expired on ${entry.until}${occurred ? ' and is still there: mend it, or renew the entry' : ' and did not occur: remove it'}.`,
          ]
    if (occurred || concerned.length === 0) return []
    const where = entry.scenario === undefined && runs.length > 1 ? ` in any of ${runs.length} scenarios` : ''
    return [`${acceptedText(entry)} did not occur${where}: remove it from "accepted".`]
  })
}

function acceptedText({ oracle, scenario, phase }: Accepted): string {
  return `The accepted finding ${[oracle, scenario && `in ${scenario}`, phase && `(${phase})`].filter(Boolean).join(' ')}`
}

function accepts(entry: Accepted, finding: Pick<Finding, 'oracle' | 'phase'>, scenario: string): boolean {
  return (
    entry.oracle === finding.oracle &&
    isOf(entry, scenario) &&
    (entry.phase === undefined || entry.phase === finding.phase || entry.phase === finding.phase.replace(/#\d+$/, ''))
  )
}

/** Variants of a matrix have the scenario's id and what they vary in brackets. */
function isOf({ scenario }: Accepted, id: string): boolean {
  return scenario === undefined || scenario === id || scenario === id.replace(/\[.*/s, '')
}
