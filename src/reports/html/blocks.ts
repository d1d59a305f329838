import type { Block } from '../section.ts'
import { type Html, html, prose } from './markup.ts'
import { bullets } from './sections.ts'
import { dataTable, scrolled } from './table.ts'

/** The blocks of a section, below its heading. */
export function blocksMarkup(blocks: readonly Block[]): Html {
  return html`${blocks.map(
    block => html`${blockMarkup(block)}
`,
  )}`
}

function blockMarkup(block: Block): Html {
  switch (block.type) {
    case 'heading':
      return html`<h3>${block.text}</h3>`
    case 'text':
      return html`<p>${prose(block.text)}</p>`
    case 'quote':
      return html`<blockquote>${prose(block.text)}</blockquote>`
    case 'code': {
      const { caption, text } = block
      return html`<pre tabindex="0" aria-label="${caption}" role="region">${text.trimEnd()}</pre>`
    }
    case 'list':
      return bullets(block.items)
    case 'table': {
      const { caption, heads, rows } = block
      const cells = rows.map(row => row.map(prose))
      return scrolled(caption, dataTable(caption, heads, cells))
    }
  }
}
