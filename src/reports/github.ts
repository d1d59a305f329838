import type { JsonFinding, JsonReport } from './json.ts'
import type { RefusedDiagnostic, RunPart, SeveralOptions } from './report.ts'
import { placeOf, shownBelow, standingOf, tallyText, worstFirst } from './tally.ts'
import { visible } from './text.ts'

type Level = 'error' | 'warning' | 'notice'

interface Annotation {
  readonly level: Level
  readonly file: string | undefined
  readonly line: number
  readonly title: string
  readonly message: string
}

/** GitHub shows so many of each level from one step, and drops the rest. */
const shownOfALevel = 10

/**
 * Workflow commands of GitHub Actions that mark the scenarios' lines, worst first: a failing finding or an inconclusive
 * run is an error, a finding that warns or an accepted entry that is of no use a warning.
 */
export function githubReport(parts: readonly RunPart[], { filesBelow, notices = [] }: SeveralOptions): string {
  const runs = worstFirst(
    parts.map(part => part.document),
    run => run.exitCode,
  )
  const found = runs.flatMap(run => annotationsOf(run, filesBelow))
  const stale = notices.map(
    (message): Annotation => ({ ...nowhere, level: 'warning', title: 'accepted findings', message }),
  )
  const closing: Annotation = { ...nowhere, level: 'notice', title: 'blackstart', message: tallyText(runs) }
  return commandsOf([...found, ...stale], [closing])
}

/** Nothing was run: each reason is an error, at its place. */
export function githubRefused(diagnostics: readonly RefusedDiagnostic[], { filesBelow }: SeveralOptions): string {
  const annotations = diagnostics.map(({ file, line, code, message, hint }): Annotation => {
    const text = hint === undefined ? message : `${message}\n${hint}`
    return {
      level: 'error',
      file: shownBelow(file, filesBelow),
      line: line ?? 1,
      title: `blackstart: ${code}`,
      message: text,
    }
  })
  return commandsOf(annotations, [])
}

const nowhere = { file: undefined, line: 1 } as const

function annotationsOf(run: JsonReport, below: string | undefined): readonly Annotation[] {
  const { id } = run.scenario
  const at = (phase?: string) => {
    const { file, line } = placeOf(run, phase)
    return { file: shownBelow(file, below), line }
  }
  const again = run.replay === undefined ? '' : `\n${run.replay}`
  const findings = run.findings.flatMap((finding): Annotation[] => {
    const standing = standingOf(finding)
    if (standing === 'accepted') return []
    const level = standing === 'fail' ? 'error' : 'warning'
    return [
      {
        level,
        ...at(finding.phase),
        title: titleOf(id, finding),
        message: `${finding.message}\n${finding.advice}${again}`,
      },
    ]
  })
  if (run.verdict !== 'inconclusive') return findings
  return [{ level: 'error', ...at(), title: `${id}: inconclusive`, message: `${run.reason}${again}` }, ...findings]
}

function titleOf(id: string, { oracle, phase }: JsonFinding): string {
  return `${id}: ${oracle} in ${phase}`
}

/** As many as are shown, in the order of their levels, and how many more there are. */
function commandsOf(annotations: readonly Annotation[], closing: readonly Annotation[]): string {
  const shown = (['error', 'warning'] as const).flatMap(level => {
    const all = annotations.filter(annotation => annotation.level === level)
    return all.slice(0, shownOfALevel)
  })
  const more = annotations.length - shown.length
  const rest: Annotation = {
    ...nowhere,
    level: 'notice',
    title: 'blackstart',
    message: `${more} more annotation${more === 1 ? '' : 's'} did not fit: the summary of this step has all findings.`,
  }
  return [...shown, ...(more > 0 ? [rest] : []), ...closing].map(command).join('')
}

function command({ level, file, line, title, message }: Annotation): string {
  const properties = [
    ...(file === undefined ? [] : [`file=${property(file)}`, `line=${line}`]),
    `title=${property(title)}`,
  ]
  return `::${level} ${properties.join(',')}::${data(message)}\n`
}

/** A message, as workflow commands escape it. */
function data(text: string): string {
  return visible(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

/** A property: the separators are escaped besides. */
function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
