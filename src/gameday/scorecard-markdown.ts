import { fenced } from '../reports/markdown.ts'
import type { Block } from '../reports/section.ts'
import { markdownTable, plain } from './markdown-text.ts'
import type { Scorecard } from './scorecard.ts'
import { scorecardBlocks, spirit } from './scorecard-blocks.ts'

/** A scorecard for a wiki, or the round after the exercise. */
export function scorecardMarkdown(card: Scorecard): string {
  return `${[
    `# Scorecard: ${plain(card.title)}`,
    `Scenario \`${card.id}\`, ${plain(card.client)}, seed ${card.seed}. ${plain(card.verdict)}`,
    spirit,
    ...scorecardBlocks(card).map(blockText),
  ].join('\n\n')}\n`
}

function blockText(block: Block): string {
  switch (block.type) {
    case 'heading':
      return `## ${plain(block.text)}`
    case 'text':
      return plain(block.text)
    case 'quote':
      return `> ${plain(block.text)}`
    case 'code':
      return fenced(block.text.trimEnd(), block.language)
    case 'list':
      return block.items.map(item => `- ${plain(item)}`).join('\n')
    case 'table':
      return markdownTable(block.heads, block.rows)
  }
}
