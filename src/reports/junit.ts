import type { JsonFinding, JsonReport } from './json.ts'
import type { RefusedDiagnostic, RunPart, SeveralOptions } from './report.ts'
import { placeOf, shownBelow, standingOf } from './tally.ts'

/**
 * JUnit XML: a suite is a scenario, a case is an oracle, or an oracle in a phase where it found something. What fails the
 * verdict is a failure; what warns stands in the case's output; what is accepted or had nothing to look at is skipped. A
 * run that proves nothing has a case `verdict` with an error.
 */
export function junitReport(parts: readonly RunPart[], { filesBelow = '', notices = [] }: SeveralOptions): string {
  const suites = parts.map(({ document }) => suiteOf(document, filesBelow))
  if (notices.length > 0) suites.push({ name: 'blackstart', cases: [noticeCase(notices)], seconds: 0, properties: [] })
  return xmlOf(suites)
}

/** Nothing was run: each reason is an error. */
export function junitRefused(diagnostics: readonly RefusedDiagnostic[], { filesBelow }: SeveralOptions): string {
  const cases = diagnostics.map(({ file, line, column, code, message, hint }): Case => {
    const place = file === null ? 'command line' : `${file}:${line}:${column}`
    const at = shownBelow(file, filesBelow)
    return {
      name: `${code} at ${place}`,
      classname: 'blackstart',
      ...(at !== undefined && { file: at, line: line ?? 1 }),
      result: { tag: 'error', message, type: code, text: [`${place}: ${message}`, hint].filter(Boolean).join('\n') },
    }
  })
  return xmlOf([{ name: 'blackstart', cases, seconds: 0, properties: [] }])
}

interface Suite {
  readonly name: string
  readonly cases: readonly Case[]
  readonly seconds: number
  readonly properties: readonly (readonly [name: string, value: string])[]
}

interface Case {
  readonly name: string
  readonly classname: string
  readonly file?: string
  readonly line?: number
  readonly result?: CaseResult
  /** What is said of it beside its result. */
  readonly out?: string
}

interface CaseResult {
  readonly tag: 'failure' | 'error' | 'skipped'
  readonly message: string
  readonly type?: string
  readonly text?: string
}

function suiteOf(run: JsonReport, below: string): Suite {
  const classname = run.scenario.id
  const file = shownBelow(run.scenario.file, below)
  const at = (phase?: string) => (file === undefined ? {} : { file, line: placeOf(run, phase).line })
  const cases = run.oracles.flatMap(oracle => {
    const found = run.findings.filter(finding => finding.oracle === oracle.id)
    const phases = [...new Set(found.map(finding => finding.phase))]
    if (phases.length > 0)
      return phases.map((phase): Case => {
        const here = found.filter(finding => finding.phase === phase)
        return { name: `${oracle.id} in ${phase}`, classname, ...at(phase), ...outcome(here, run) }
      })
    const result = { tag: 'skipped', message: oracle.reason ?? 'nothing to look at' } as const
    return [{ name: oracle.id, classname, ...at(), ...(oracle.status === 'vacuous' && { result }) }]
  })
  const verdict: Case = {
    name: 'verdict',
    classname,
    ...at(),
    ...(run.verdict === 'inconclusive' && { result: unproved(run) }),
  }
  return {
    name: classname,
    cases: [...cases, verdict],
    seconds: run.wallMs / 1000,
    properties: [
      ['client', run.client],
      ['seed', String(run.seed)],
      ['journalHash', run.journalHash],
      ['replay', run.replay ?? ''],
    ],
  }
}

function unproved({ reason, replay }: JsonReport): CaseResult {
  return { tag: 'error', message: reason, type: 'inconclusive', text: [reason, replay].filter(Boolean).join('\n') }
}

/** What the findings of one oracle in one phase come to: the worst of them decides. */
function outcome(findings: readonly JsonFinding[], run: JsonReport): Pick<Case, 'result' | 'out'> {
  const of = (standing: string) => findings.filter(finding => standingOf(finding) === standing)
  const [failed] = of('fail')
  const [accepted] = of('accepted')
  const out = findings.map(findingText).join('\n\n')
  if (failed) {
    const text = [...of('fail').map(findingText), ...(run.replay === undefined ? [] : [`replay: ${run.replay}`])]
    return { result: { tag: 'failure', message: failed.message, type: failed.oracle, text: text.join('\n\n') } }
  }
  if (of('warn').length > 0) return { out }
  return accepted?.accepted ? { result: { tag: 'skipped', message: `accepted: ${accepted.accepted.reason}` }, out } : {}
}

function findingText(finding: JsonFinding): string {
  const standing = standingOf(finding)
  return [
    ...(standing === 'fail' ? [] : [standing]),
    finding.message,
    ...(finding.evidence.length > 0 ? [`evidence: ${finding.evidence.join(', ')}`] : []),
    finding.advice,
  ].join('\n')
}

function noticeCase(notices: readonly string[]): Case {
  return { name: 'accepted findings', classname: 'blackstart', out: notices.join('\n') }
}

function xmlOf(suites: readonly Suite[]): string {
  const all = suites.flatMap(suite => suite.cases)
  const seconds = suites.reduce((sum, suite) => sum + suite.seconds, 0)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="blackstart" ${counts(all)} time="${seconds.toFixed(3)}">`,
    ...suites.flatMap(suiteLines),
    '</testsuites>',
    '',
  ].join('\n')
}

function suiteLines({ name, cases, seconds, properties }: Suite): string[] {
  const said = properties.filter(([, value]) => value !== '')
  return [
    `  <testsuite name="${xml(name)}" ${counts(cases)} skipped="${tagged(cases, 'skipped')}" time="${seconds.toFixed(3)}">`,
    ...(said.length > 0
      ? [
          '    <properties>',
          ...said.map(([key, value]) => `      <property name="${xml(key)}" value="${xml(value)}"/>`),
          '    </properties>',
        ]
      : []),
    ...cases.flatMap(caseLines),
    '  </testsuite>',
  ]
}

function caseLines({ name, classname, file, line, result, out }: Case): string[] {
  const place = file === undefined ? '' : ` file="${xml(file)}" line="${line ?? 1}"`
  const open = `    <testcase name="${xml(name)}" classname="${xml(classname)}"${place} time="0"`
  if (!result && out === undefined) return [`${open}/>`]
  return [
    `${open}>`,
    ...(result ? [`      ${resultElement(result)}`] : []),
    ...(out === undefined ? [] : [`      <system-out>${xml(out)}</system-out>`]),
    '    </testcase>',
  ]
}

function resultElement({ tag, message, type, text }: CaseResult): string {
  const attributes = `message="${xml(message)}"${type === undefined ? '' : ` type="${xml(type)}"`}`
  return text === undefined ? `<${tag} ${attributes}/>` : `<${tag} ${attributes}>${xml(text)}</${tag}>`
}

function counts(cases: readonly Case[]): string {
  return `tests="${cases.length}" failures="${tagged(cases, 'failure')}" errors="${tagged(cases, 'error')}"`
}

function tagged(cases: readonly Case[], tag: CaseResult['tag']): number {
  return cases.filter(({ result }) => result?.tag === tag).length
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // In an attribute a plain line break would be read as a blank.
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
}

/** Text for an element or an attribute; what XML 1.0 cannot hold becomes a question mark. */
function xml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '?')
    .replace(/[&<>"\n\r\t]/g, character => entities[character] ?? character)
}
