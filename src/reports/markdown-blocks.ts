import { fenced, inline, inlineProse } from './markdown.ts'
import type { Block } from './section.ts'

/** A block of a section as Markdown; its headings are of the third level. */
export function blockMarkdown(block: Block): string {
  switch (block.type) {
    case 'heading':
      return `### ${inline(block.text)}`
    case 'text':
      return inlineProse(block.text)
    case 'quote':
      return `> ${inlineProse(block.text)}`
    case 'code':
      return fenced(block.text.trimEnd(), block.language)
    case 'list':
      return bulletList(block.items)
    case 'table':
      return markdownTable(block.heads, block.rows)
  }
}

export function bulletList(lines: readonly string[]): string {
  return lines.map(line => `- ${inlineProse(line)}`).join('\n')
}

/** Nothing, where there is no row. */
export function markdownTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const row = (cells: readonly string[]) => `| ${cells.map(inlineProse).join(' | ')} |`
  return [row(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(row)].join('\n')
}
