import { invariant } from '../lib/invariant.ts'
import { faultParams } from '../model/fault.ts'
import type { Expectation, Json } from '../model/scenario.ts'
import type { Plan } from '../model/timeline.ts'
import { judgeConduct } from './conduct.ts'
import { narrow } from './filter.ts'
import { sortFindings } from './finding.ts'
import type { Finding, Judgement, Oracle, OracleResult } from './oracle.ts'
import type { JournalView } from './view.ts'

/** Parameters by oracle id, between an oracle's own defaults and what a scenario's `expect` says. */
export type Thresholds = Readonly<Record<string, Readonly<Record<string, Json>>>>

/**
 * Judges a run by every default oracle, by what `expectations` name, and by its conduct. An entry without `during` and
 * `of` sets the parameters of its oracle; any other is judged besides; `off` takes the oracle's own judgement out.
 */
export function judgeAll(...all: Parameters<typeof judgeEach>): OracleResult[] {
  return [...judgeEach(...all)]
}

/** The same, one oracle after the other. */
export function* judgeEach(
  view: JournalView,
  plan: Plan,
  oracles: ReadonlyMap<string, Oracle>,
  expectations: readonly Expectation[],
  thresholds: Thresholds = {},
): Generator<OracleResult, void> {
  for (const { oracle } of expectations) invariant(oracles.has(oracle), `unknown oracle ${oracle}`)
  for (const oracle of oracles.values()) {
    const entries = expectations.filter(entry => entry.oracle === oracle.id)
    const judgements = trials(oracle, entries).map(({ entry, isNamed }): Trial => {
      const params = faultParams(oracle.params, { ...thresholds[oracle.id], ...entry.params })
      const part = isWhole(entry) ? view : narrow(view, entry, plan)
      return { isNamed, judgement: oracle.judge(part, params, plan) }
    })
    if (judgements.length > 0) yield resultOf(oracle, judgements)
  }
  yield judgeConduct(view)
}

interface Trial {
  readonly isNamed: boolean
  readonly judgement: Judgement
}

const isWhole = ({ during, of }: Pick<Expectation, 'during' | 'of'>) => during === undefined && of === undefined

/** What an oracle is asked: by itself, or as the first entry on the whole run asks it; then by each other entry. */
function trials(oracle: Oracle, entries: readonly Expectation[]) {
  const isOff = entries.some(({ off }) => off)
  const named = entries.filter(({ off }) => !off).map(entry => ({ entry, isNamed: true }))
  const isByItself = oracle.byDefault && !isOff && !named.some(({ entry }) => isWhole(entry))
  const own: Expectation = { oracle: oracle.id }
  return [...(isByItself ? [{ entry: own, isNamed: false }] : []), ...named]
}

function resultOf(oracle: Oracle, all: readonly Trial[]): OracleResult {
  const findings = withoutRepeats(all.flatMap(({ judgement }) => judgement.findings)).map(finding => ({
    oracle: oracle.id,
    ...finding,
  }))
  const examined = Math.max(...all.map(({ judgement }) => judgement.examined))
  // An expectation that had nothing to look at proves nothing, whatever the oracle saw elsewhere.
  const empty = all.find(({ isNamed, judgement }) => judgement.examined === 0 && (isNamed || examined === 0))
  const has = (severity: string) => findings.some(finding => finding.severity === severity)
  const status = has('fail') ? 'fail' : empty ? 'vacuous' : has('warn') ? 'warn' : 'pass'
  return {
    id: oracle.id,
    status,
    examined,
    ...(status === 'vacuous' && { reason: empty?.judgement.vacuous ?? 'nothing to look at' }),
    named: all.some(({ isNamed }) => isNamed),
    findings: sortFindings(findings),
  }
}

/** Two judgements of one oracle may see the same offence. */
function withoutRepeats(findings: readonly Omit<Finding, 'oracle'>[]): readonly Omit<Finding, 'oracle'>[] {
  const seen = new Set<string>()
  return findings.filter(({ severity, phase, message }) => {
    const key = `${severity} ${phase} ${message}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
