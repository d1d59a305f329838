import type { Diagnostic } from './diagnostic.ts'

/** Columns of an excerpt; of a longer line the part around the problem is shown. */
const excerptWidth = 100

/** Diagnostics as text: the place and a sentence, the line with a caret, the hint. No colour. */
export function formatDiagnostics(diagnostics: readonly Diagnostic[], text = ''): string {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  return diagnostics.map(diagnostic => format(diagnostic, lines[diagnostic.line - 1])).join('\n')
}

/** What `blackstart check FILE` prints: nothing for a clean file. */
export function renderCheck(file: string, diagnostics: readonly Diagnostic[], text = ''): string {
  if (diagnostics.length === 0) return ''
  const count = (severity: Diagnostic['severity']) => {
    const many = diagnostics.filter(diagnostic => diagnostic.severity === severity).length
    return many === 0 ? [] : [`${many} ${severity}${many === 1 ? '' : 's'}`]
  }
  const total = [...count('error'), ...count('warning')].join(' and ')
  return `${formatDiagnostics(diagnostics, text)}\n${total} in ${file}\n`
}

function format({ file, line, column, severity, message, hint }: Diagnostic, source: string | undefined): string {
  const head = `${file}:${line}:${column}: ${severity}: ${message}\n`
  return head + (source?.trim() ? excerpt(source, line, column) : '') + (hint === undefined ? '' : `  hint: ${hint}\n`)
}

function excerpt(source: string, line: number, column: number): string {
  const from = column > excerptWidth ? column - excerptWidth / 2 : 0
  const shown = printable(source.slice(from, from + excerptWidth))
  // Tabs stay tabs, so that the caret stands under its character.
  const indent = shown.slice(0, column - 1 - from).replace(/[^\t]/g, ' ')
  const number = String(line)
  return `  ${number} | ${shown.trimEnd()}\n  ${' '.repeat(number.length)} | ${indent}^\n`
}

/** Control characters would play tricks on a terminal. */
function printable(text: string): string {
  return text.replace(/[^\P{Cc}\t]/gu, '?')
}
