import { relative, sep } from 'node:path'
import { UsageError } from '../../lib/errors.ts'
import { suggest } from '../../lib/suggest.ts'
import { painter } from '../../reports/paint.ts'
import { clip, spell, table } from '../../reports/text.ts'
import type { Command } from '../command.ts'
import { print, useColor } from '../output.ts'
import { packageRoot } from '../registry.ts'

export const list: Command = {
  name: 'list',
  group: 'run an outage',
  says: 'list the scenarios that ship',
  usage: '[--tag T] [--json]',
  flags: {
    tag: { value: 'T', says: 'only those with this tag' },
    json: { says: 'as JSON, for machines' },
  },
  examples: ['blackstart list --tag ci'],
  async run(invocation) {
    const { readShipped } = await import('../shipped.ts')
    const all = readShipped()
    const tag = invocation.value('tag')
    const tags = [...new Set(all.flatMap(({ scenario }) => scenario.tags ?? []))].sort()
    if (tag !== undefined && !tags.includes(tag)) {
      const near = suggest(tag, tags)
      throw new UsageError(
        `No scenario has the tag "${tag}".`,
        near ? `Did you mean ${near}?` : `Tags: ${tags.join(', ')}.`,
      )
    }
    const rows = all
      .filter(({ scenario }) => tag === undefined || scenario.tags?.includes(tag))
      .map(({ scenario, path, lengthMs }) => {
        const file = relative(packageRoot, path).split(sep).join('/')
        const source = file.startsWith('scenarios/precedents/') ? 'precedent' : 'shape'
        return { id: scenario.id, title: scenario.title ?? '', lengthMs, source, tags: scenario.tags ?? [], file }
      })
    print(invocation.has('json') ? `${JSON.stringify(rows, null, 2)}\n` : asTable(rows))
    return 0
  },
}

interface Row {
  readonly id: string
  readonly title: string
  readonly lengthMs: number
  readonly source: string
  readonly tags: readonly string[]
}

function asTable(rows: readonly Row[]): string {
  const paint = painter(useColor(process.stdout))
  const idWidth = Math.max(...rows.map(row => row.id.length))
  const rest = Math.max(...rows.map(row => row.tags.join(', ').length)) + idWidth + 30
  // On a terminal a title gives way, so that a row stays a line.
  const titleWidth = process.stdout.isTTY
    ? Math.max(24, (process.stdout.columns || 80) - rest)
    : Number.POSITIVE_INFINITY
  const cells = rows.map(row => [
    row.id,
    clip(row.title, titleWidth),
    spell(row.lengthMs),
    row.source,
    row.tags.join(', '),
  ])
  const [head = '', ...lines] = table([['id', 'title', 'length', 'source', 'tags'], ...cells], { right: [2] })
  return `${[paint('dim', head), ...lines].join('\n')}\n`
}
