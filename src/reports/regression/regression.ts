import { UsageError } from '../../lib/errors.ts'
import { invariant } from '../../lib/invariant.ts'
import type { Expectation, Scenario } from '../../model/scenario.ts'
import { compilePlan } from '../../model/timeline.ts'
import { basePhase } from '../../oracles/finding.ts'
import type { Finding, Oracle } from '../../oracles/oracle.ts'
import { viewJournal } from '../../oracles/view.ts'
import { parseScenario, printScenario, schemaLine } from '../../scenario/index.ts'
import { safeText } from '../post-incident/timeline.ts'
import type { JudgedWith, RecordedRun } from '../recorded/recorded-run.ts'
import { plural, sentence, wrap } from '../text.ts'
import { cutAfter, eventsBefore } from './cut-after.ts'
import { brokenBy, judged } from './expected.ts'
import { playedScenario } from './played-scenario.ts'

/** A scenario for the tests of an app, made of one finding. */
export interface Regression {
  /** Its YAML, with a head that says where it comes from. */
  readonly text: string
  readonly scenario: Scenario
  /** What whoever uses it must know. */
  readonly notices: readonly string[]
}

/**
 * The scenario of a journal, narrowed to what one finding needs: its oracle with the parameters that were in force, during
 * its phase; the seed and the traffic; no phase after it, where the journal shows that it is found without. Other checks
 * that failed are off: each has a test of its own. Throws a `UsageError` where there is no such finding. `number` counts
 * from 1.
 */
export function regressionOf(run: RecordedRun, number: number, options: JudgedWith): Regression {
  const { findings } = run.result
  const finding = findings[number - 1]
  if (!finding)
    throw new UsageError(
      `There is no finding ${number} in it: it has ${findings.length === 0 ? 'none' : plural(findings.length, 'finding')}.`,
      findings.length === 0
        ? 'There is nothing to hold on to.'
        : findings.map((one, i) => `${i + 1} ${one.oracle}`).join(', '),
    )
  const oracle = options.catalogue.oracles.get(finding.oracle)
  const { scenario: played, nameOf } = playedScenario(run)
  const broken = oracle && brokenBy(finding, oracle, run, options)
  const whole = { ...played, expect: [] }
  const cut =
    oracle && broken && !run.isSteered ? shortened(whole, run, { finding, oracle, ...broken }, options) : undefined
  const others = othersOff(run, finding, options)
  const named = broken && {
    ...broken.expectation,
    ...(broken.expectation.during && { during: broken.expectation.during.map(nameOf) }),
  }
  const { id, title, expect: _expect, ...rest } = cut ?? whole
  const scenario: Scenario = {
    ...rest,
    id: idOf(id, finding.oracle),
    title: `${finding.oracle} in ${finding.phase}, as found in ${title ?? id}`,
    expect: [...(named ? [named] : []), ...others],
  }
  const notices = noticesOf(run, finding, { hasOracle: oracle !== undefined, fails: broken?.fails === true })
  return { ...printed(scenario, finding, run, options), notices }
}

interface Narrowing {
  readonly finding: Finding
  readonly oracle: Oracle
  readonly expectation: Expectation
  readonly fails: boolean
}

/** Without what comes after the phase, where what the journal holds until then breaks the expectation all the same. */
function shortened(
  scenario: Scenario,
  { events, result }: RecordedRun,
  { finding, oracle, expectation, fails }: Narrowing,
  { catalogue }: JudgedWith,
): Scenario | undefined {
  if (oracle.kind !== 'safety') return undefined
  const cut = cutAfter(scenario, result.plan, finding.phase)
  if (!cut) return undefined
  const plan = compilePlan(cut.scenario, catalogue.faults)
  const found = judged(expectation, oracle, viewJournal(eventsBefore(events, cut.cutMs)), plan)
  const isThere = found.some(
    ({ severity, phase }) => severity === (fails ? 'fail' : 'warn') && basePhase(phase) === basePhase(finding.phase),
  )
  return isThere ? cut.scenario : undefined
}

function othersOff({ result }: RecordedRun, finding: Finding, { catalogue }: JudgedWith): readonly Expectation[] {
  const failed = result.findings.filter(({ severity, oracle }) => severity === 'fail' && oracle !== finding.oracle)
  return [...new Set(failed.map(({ oracle }) => oracle))]
    .filter(id => catalogue.oracles.get(id)?.byDefault)
    .map(oracle => ({ oracle, off: true as const }))
}

function idOf(id: string, oracle: string): string {
  const word = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
  return word(`${id}-${oracle}`)
}

function noticesOf(
  run: RecordedRun,
  { oracle, severity }: Finding,
  { hasOracle, fails }: { hasOracle: boolean; fails: boolean },
): readonly string[] {
  const { written, started } = run
  const { answers } = written
  return [
    ...(hasOracle ? [] : [`${oracle} is judged in every run, and no scenario names it.`]),
    ...(hasOracle && !fails ? [`${oracle} only warns: a run of it exits 0, and shows the warning.`] : []),
    ...(hasOracle && fails && severity === 'warn' ? [`${oracle} only warned; here it fails.`] : []),
    ...(started.engine === 'msw'
      ? []
      : ['It comes from a drill in real time: a simulation of it may not fail in the same way.']),
    ...(answers && 'from' in answers
      ? [`It takes its answers from ${answers.from}, beside the file of the scenario.`]
      : []),
  ]
}

function printed(
  scenario: Scenario,
  finding: Finding,
  run: RecordedRun,
  { catalogue }: JudgedWith,
): Omit<Regression, 'notices'> {
  const [first, ...body] = printScenario(scenario, catalogue).split('\n')
  const says = [
    `Made of a finding: ${run.result.client} in ${run.started.scenarioId}, seed ${run.result.seed}.`,
    `${finding.oracle}, in ${finding.phase}: ${sentence(finding.message)}`,
    'Run it with that client. It fails as long as this is so, and passes once it is mended.',
  ]
  const head = says.flatMap(text => wrap(safeText(text).replace(/\s+/g, ' '), { width: 110, indent: '# ' }))
  const text = [first ?? schemaLine, ...head, ...body].join('\n')
  const { scenario: read, diagnostics } = parseScenario(text, { catalogue, file: `${scenario.id}.yaml` })
  invariant(read, `a scenario made of a finding is valid: ${diagnostics.map(({ message }) => message).join(' ')}`)
  return { text, scenario: read }
}
