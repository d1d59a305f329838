import { viewJournal } from '../oracles/view.ts'
import type { RunResult, Verdict } from '../run/result.ts'
import { findingLines, oracleLines } from './findings.ts'
import { againWords } from './json.ts'
import { landingLines } from './landing.ts'
import { type Paint, painter, type Style } from './paint.ts'
import { picture } from './picture.ts'
import type { ReportOptions } from './report.ts'
import { spell, wrap } from './text.ts'

/** A run for a person at a terminal: a picture, the findings, what was felt, the verdict, and how to see it again. */
export function terminalReport(result: RunResult, options: ReportOptions): string {
  const paint = painter(options.color)
  const view = viewJournal(result.journal)
  const sections = [
    headerLines(result, paint),
    // Without a journal there is nothing to see but the outage itself.
    result.journal.length > 0 ? picture(result, view, paint) : [],
    findingLines(result.findings, paint),
    oracleLines(result.oracles, paint),
    landingLines(result.faults, result.scenario.provider, paint),
    result.notices.flatMap(notice => wrap(`note: ${notice}`, { width: 100 })),
    verdictLines(result, options, paint),
  ]
  return `${sections
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n')}\n`
}

/** A run that passed among several: its title and its verdict. */
export function briefReport(result: RunResult, options: ReportOptions): string {
  const paint = painter(options.color)
  return `${[...headerLines(result, paint), verdictLine(result, paint)].join('\n')}\n`
}

function headerLines(result: RunResult, paint: Paint): string[] {
  const { scenario } = result
  const title = scenario.title ? `${scenario.title} (${scenario.id})` : scenario.id
  const isDrill = result.engine !== 'msw'
  const span = `${isDrill ? 'drilled' : 'simulated'} ${spell(result.simulatedMs)} in ${spell(result.wallMs)}`
  const io = result.realIo && !isDrill ? ', with real I/O' : ''
  return [paint('bold', title), `client ${result.client}, seed ${result.seed}, engine ${result.engine}, ${span}${io}`]
}

const verdictStyles: Readonly<Record<Verdict, Style>> = { pass: 'green', fail: 'red', inconclusive: 'yellow' }

function verdictLine(result: RunResult, paint: Paint): string {
  return `${paint(verdictStyles[result.verdict], result.verdict.toUpperCase())} (exit ${result.exitCode}): ${result.reason}`
}

function verdictLines(result: RunResult, options: ReportOptions, paint: Paint): string[] {
  const isDrill = result.engine !== 'msw'
  const replay = [againWords(result.engine, options.command), ...options.replay].join(' ')
  const task = result.findings.flatMap(finding => finding.evidence).find(id => /^[tca]\d/.test(id))
  return [
    verdictLine(result, paint),
    paint('dim', `${isDrill ? 'again' : 'replay'}: ${replay}`),
    ...(task && !isDrill && options.replay.length > 0 ? [paint('dim', `story:  ${replay} --task ${task}`)] : []),
  ]
}
