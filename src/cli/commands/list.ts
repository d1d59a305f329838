import { painter } from '../../reports/paint.ts'
import { clip, spell, table } from '../../reports/text.ts'
import type { Command } from '../command.ts'
import { print, useColor } from '../output.ts'
import type { ListedScenario } from '../shelf.ts'

export const list: Command = {
  name: 'list',
  group: 'run an outage',
  says: 'list the scenarios that ship, with the shape of each in one line',
  usage: '[WORD…] [--tag T] [--provider P] [--json]',
  flags: {
    tag: { value: 'T', says: 'only those with this tag; with all of them, if several', many: true },
    provider: { value: 'P', says: 'only those that befall this provider, or stand on its shelf' },
    json: { says: 'as JSON, for machines' },
  },
  examples: ['blackstart list --tag ci', 'blackstart list --provider openai', 'blackstart list retry-after'],
  async run(invocation) {
    const { chosen, shelf } = await import('../shelf.ts')
    const rows = chosen(shelf(), {
      words: invocation.words,
      tags: invocation.values('tag'),
      provider: invocation.value('provider'),
    })
    print(invocation.has('json') ? `${JSON.stringify(rows, null, 2)}\n` : asTable(rows))
    return 0
  },
}

function asTable(rows: readonly ListedScenario[]): string {
  const paint = painter(useColor(process.stdout))
  const cells = rows.map(row => [row.id, row.shape, spell(row.lengthMs), sourceOf(row), row.title, row.tags.join(', ')])
  const [head = '', ...lines] = table([['id', 'shape', 'length', 'source', 'title', 'tags'], ...cells], { right: [2] })
  // On a terminal a row stays a line: what does not fit is in the JSON, and in `show`.
  const width = process.stdout.isTTY ? Math.max(60, process.stdout.columns || 80) : Number.POSITIVE_INFINITY
  return `${[paint('dim', clip(head, width)), ...lines.map(line => clip(line, width))].join('\n')}\n`
}

/** The site that documents a precedent; of a shape, the precedent it is taken from. */
function sourceOf({ source, sources, precedent }: ListedScenario): string {
  const [first] = sources
  if (source === 'precedent' && first !== undefined && URL.canParse(first)) return new URL(first).hostname
  return precedent ?? source
}
