import { type Paint, painter, type Style } from '../paint.ts'
import { plural, sentence, spell, wrap } from '../text.ts'
import type { RecordedRun } from './recorded-run.ts'

const styles: Readonly<Record<RecordedRun['result']['verdict'], Style>> = {
  pass: 'green',
  fail: 'red',
  inconclusive: 'yellow',
}

/** A journal for a person at a terminal: what it is of, its findings by number, and its verdict. */
export function overview({ result, view }: RecordedRun, { color }: { readonly color: boolean }): string {
  const paint = painter(color)
  const { scenario, client, seed, engine, verdict, reason, findings } = result
  const title = scenario.title ? `${scenario.title} (${scenario.id})` : scenario.id
  const lines = [
    ...wrap(title, { width: 100 }).map(line => paint('bold', line)),
    ...wrap(
      `client ${client}, seed ${seed}, engine ${engine}, ${spell(result.simulatedMs)}, ` +
        `${plural(view.tasks.length, 'task')}, ${plural(view.attempts.length, 'request')}`,
      { width: 100 },
    ),
    '',
    ...findings.flatMap((finding, i) => findingLines(finding, i + 1, paint)),
    ...(findings.length > 0 ? [''] : []),
    ...wrap(`${verdict.toUpperCase()}: ${reason}`, { width: 100 }).map(line => paint(styles[verdict], line)),
  ]
  return `${lines.join('\n')}\n`
}

function findingLines(finding: RecordedRun['result']['findings'][number], number: number, paint: Paint): string[] {
  const { oracle, severity, phase, message, accepted } = finding
  const standing = accepted ? 'accepted' : severity
  const style = accepted ? 'cyan' : severity === 'fail' ? 'red' : 'yellow'
  return [
    `${String(number).padStart(2)}. ${paint(style, oracle)} ${paint('dim', `(${standing}, in ${phase})`)}`,
    ...wrap(sentence(message), { width: 100, indent: '    ' }),
  ]
}
