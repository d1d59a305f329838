import { visible } from '../reports/text.ts'

/** Text on one line, with nothing in it that Markdown would take for a tag, or a terminal for an order. */
export function plain(text: string): string {
  return visible(text.replaceAll(/\s+/g, ' ')).replaceAll('<', '&lt;').trim()
}

/** A table; whatever stands in a cell stays in it. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell => plain(cell).replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')
}
