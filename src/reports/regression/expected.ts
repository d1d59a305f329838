import { type FaultParams, faultParams } from '../../model/fault.ts'
import type { Expectation, Json } from '../../model/scenario.ts'
import type { Plan } from '../../model/timeline.ts'
import { basePhase } from '../../oracles/finding.ts'
import { judgeAll } from '../../oracles/judge-all.ts'
import type { Finding, Oracle } from '../../oracles/oracle.ts'
import type { JournalView } from '../../oracles/view.ts'
import type { JudgedWith, RecordedRun } from '../recorded/recorded-run.ts'

/** The expectation that a finding breaks, as narrow as it still is broken by what the journal holds. */
export interface Broken {
  readonly expectation: Expectation
  /** Whether breaking it fails a run; a check that can only warn does not. */
  readonly fails: boolean
}

/**
 * Looks for it among what the scenario expects of that oracle, and what it is judged by by default: with every parameter
 * that was in force, on the phase of the finding alone where it is broken there too, and failing where the check lets it.
 */
export function brokenBy(finding: Finding, oracle: Oracle, run: RecordedRun, options: JudgedWith): Broken {
  const { plan } = run.result
  const entries = (run.written.expect ?? []).filter(entry => entry.oracle === oracle.id && !entry.off)
  const given = [...entries, { oracle: oracle.id } satisfies Expectation].map(entry =>
    withParams(entry, oracle, options),
  )
  const source =
    given.find(entry => judged(entry, oracle, run.view, plan).some(one => isSame(one, finding))) ?? given.at(-1)
  const base = source ?? { oracle: oracle.id }
  const phase = basePhase(finding.phase)
  const isPhase = plan.phases.some(one => one.base === phase)
  const narrow = isPhase && base.during === undefined ? [{ ...base, during: [phase] }] : []
  const strict =
    finding.severity === 'fail' ? [...narrow, base] : [...narrow, base].map(entry => failing(entry, oracle))
  const isBroken = (entry: Expectation, severity: Finding['severity']) =>
    judged(entry, oracle, run.view, plan).some(one => one.severity === severity && basePhase(one.phase) === phase)
  const fails = strict.find(entry => isBroken(entry, 'fail'))
  if (fails) return { expectation: fails, fails: true }
  return { expectation: [...narrow, base].find(entry => isBroken(entry, 'warn')) ?? base, fails: false }
}

/** What this oracle finds by this expectation alone. */
export function judged(entry: Expectation, oracle: Oracle, view: JournalView, plan: Plan): readonly Finding[] {
  const alone: Oracle = { ...oracle, byDefault: false }
  return judgeAll(view, plan, new Map([[oracle.id, alone]]), [entry])
    .filter(({ id }) => id === oracle.id)
    .flatMap(({ findings }) => findings)
}

function withParams(entry: Expectation, { id }: Oracle, { thresholds }: JudgedWith): Expectation {
  const params = { ...thresholds?.[id], ...entry.params }
  return { ...entry, ...(Object.keys(params).length > 0 && { params }) }
}

/** What would only warn fails, where the check has a word for that. */
function failing(entry: Expectation, oracle: Oracle): Expectation {
  const values = faultParams(oracle.params, entry.params ?? {})
  const params = { ...entry.params, ...strictest(oracle, values) }
  return { ...entry, ...(Object.keys(params).length > 0 && { params }) }
}

function strictest({ params }: Oracle, values: FaultParams): Readonly<Record<string, Json>> {
  const strict: Record<string, Json> = {}
  if (params['severity']?.kind === 'choice' && values.text('severity') !== 'fail') strict['severity'] = 'fail'
  for (const name of Object.keys(params)) {
    const warns = name.startsWith('fail_') ? name.replace('fail_', 'warn_') : undefined
    if (warns === undefined || !(warns in params)) continue
    const [fail, warn] = [values.optionalNumber(name), values.optionalNumber(warns)]
    if (warn !== undefined && fail !== warn) strict[name] = warn
  }
  return strict
}

function isSame(one: Finding, other: Finding): boolean {
  return one.message === other.message && one.phase === other.phase
}
