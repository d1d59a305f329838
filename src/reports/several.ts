import type { JsonReport } from './json.ts'
import { type Paint, painter, type Style } from './paint.ts'
import type { RunPart, SeveralOptions } from './report.ts'
import { standingOf, tallyText, worstFirst } from './tally.ts'
import { count, spell, table } from './text.ts'
import { overallVerdict, worstExit } from './worst.ts'

/** A run's own document; of several one document with the worst exit code and each run's own. */
export function severalJson(parts: readonly RunPart[], { single = false, notices = [] }: SeveralOptions): string {
  const [only] = parts
  if (single && only) {
    const document = { ...only.document, notices: [...only.document.notices, ...notices] }
    return `${JSON.stringify(document, null, 2)}\n`
  }
  const exitCode = worstExit(parts.map(part => part.document.exitCode))
  const document = {
    version: 1,
    exitCode,
    verdict: overallVerdict(exitCode),
    ...(notices.length > 0 && { notices }),
    runs: parts.map(part => part.document),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

/** Each run's own text, then one table, worst first. */
export function severalTerminal(parts: readonly RunPart[], { color, notices = [] }: SeveralOptions): string {
  const paint = painter(color)
  const exitCode = worstExit(parts.map(part => part.document.exitCode))
  const head = ['scenario', 'verdict', 'exit', 'tasks', 'attempts', 'simulated', 'findings']
  const documents = parts.map(part => part.document)
  const rows = worstFirst(documents, run => run.exitCode).map(run => tableRow(run, paint))
  const [first = '', ...rest] = table([head, ...rows], { right: [2, 3, 4, 5] })
  return [
    ...parts.map(part => part.text),
    [
      ...[paint('dim', first), ...rest, ''],
      ...notices.map(notice => `note: ${notice}`),
      ...(notices.length > 0 ? [''] : []),
      `${tallyText(documents)} (exit ${exitCode})`,
      '',
    ].join('\n'),
  ].join('\n')
}

const styles: Readonly<Record<JsonReport['verdict'], Style>> = { pass: 'green', fail: 'red', inconclusive: 'yellow' }

function tableRow(run: JsonReport, paint: Paint): string[] {
  const of = (standing: string) => [
    ...new Set(run.findings.filter(finding => standingOf(finding) === standing).map(finding => finding.oracle)),
  ]
  const named = of('fail')
  const findings = [
    ...named,
    ...of('warn')
      .filter(id => !named.includes(id))
      .map(id => `${id} (warn)`),
    ...of('accepted').map(id => `${id} (accepted)`),
  ].join(', ')
  return [
    run.scenario.id,
    paint(styles[run.verdict], run.verdict),
    String(run.exitCode),
    count(run.tasks.total),
    count(run.attempts),
    spell(run.simulatedMs),
    findings || (run.verdict === 'inconclusive' ? run.reason : ''),
  ]
}
