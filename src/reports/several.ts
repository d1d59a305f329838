import type { JsonReport } from './json.ts'
import { type Paint, painter, type Style } from './paint.ts'
import type { RunPart } from './report.ts'
import { count, spell, table } from './text.ts'
import { overallVerdict, worstExit } from './worst.ts'

/** All runs in one JSON document: the worst exit code, and each run's own document. */
export function severalJson(parts: readonly RunPart[]): string {
  const exitCode = worstExit(parts.map(part => part.document.exitCode))
  const document = { version: 1, exitCode, verdict: overallVerdict(exitCode), runs: parts.map(part => part.document) }
  return `${JSON.stringify(document, null, 2)}\n`
}

/** Each run's own text, then one table. */
export function severalTerminal(parts: readonly RunPart[], { color }: { color: boolean }): string {
  const paint = painter(color)
  const exitCode = worstExit(parts.map(part => part.document.exitCode))
  const head = ['scenario', 'verdict', 'exit', 'tasks', 'attempts', 'simulated', 'findings']
  const rows = parts.map(part => tableRow(part.document, paint))
  const [first = '', ...rest] = table([head, ...rows], { right: [2, 3, 4, 5] })
  const passed = parts.filter(part => part.document.verdict === 'pass').length
  return [
    ...parts.map(part => part.text),
    [paint('dim', first), ...rest, '', `${passed} of ${parts.length} passed (exit ${exitCode})`, ''].join('\n'),
  ].join('\n')
}

const styles: Readonly<Record<JsonReport['verdict'], Style>> = { pass: 'green', fail: 'red', inconclusive: 'yellow' }

function tableRow(run: JsonReport, paint: Paint): string[] {
  const named = [...new Set(run.findings.filter(f => f.severity === 'fail').map(f => f.oracle))]
  const warned = [...new Set(run.findings.filter(f => f.severity === 'warn').map(f => f.oracle))]
  const findings = [...named, ...warned.filter(id => !named.includes(id)).map(id => `${id} (warn)`)].join(', ')
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
