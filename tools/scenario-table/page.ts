import { type ListedScenario, shelf } from '../../src/cli/shelf.ts'
import { spell } from '../../src/reports/text.ts'

/** The page about all scenarios that ship, from the files themselves. */
export function scenariosPage(): string {
  const rows = shelf()
  const shapes = rows.filter(row => row.source === 'shape')
  const precedents = rows.filter(row => row.source === 'precedent')
  return `${[intro, '## Shapes', shapesIntro, tableOf(shapes), '## Precedents', precedentsIntro, tableOf(precedents)].join('\n\n')}\n`
}

const intro = `# Scenarios

<!-- Written by \`npm run docs\`; \`npm test\` fails when it is out of date. -->

Every outage that ships. \`blackstart list\` prints the same with filters, \`blackstart show ID\` draws one with its facts and its
assumptions, and \`blackstart run ID\` takes a client through it. The shape is how much of the API fails over time, or of all
surfaces where the API has no fault; \`~\` is a rate limit.`

const shapesIntro = 'One idea each, short, and made up but for what the source says.'

const precedentsIntro = `Outages that happened. Each file keeps apart what is documented (\`basis.facts\`, with its sources) and what nobody published and
the file had to make up (\`basis.assumed\`). Where sources contradict each other, both are kept. Times and the status page are
as they were; codes and shares mostly are not known. [What each of them teaches](precedents.md).`

function tableOf(rows: readonly ListedScenario[]): string {
  return [
    '| id | title | shape | length | source | tags |',
    '|---|---|---|---|---|---|',
    ...rows.map(row => `| ${cellsOf(row).map(escaped).join(' | ')} |`),
  ].join('\n')
}

function cellsOf(row: ListedScenario): readonly string[] {
  const needs = row.needs === undefined ? '' : ` (needs a client that ${row.needs.replaceAll('-', ' ')})`
  const tags = row.tags.filter(tag => tag !== 'precedent').join(', ')
  return [
    `[${row.id}](../${row.file})`,
    row.title + needs,
    `\`${row.shape}\``,
    spell(row.lengthMs),
    sourceOf(row),
    tags,
  ]
}

function sourceOf({ source, sources, precedent = '' }: ListedScenario): string {
  if (source === 'shape') return precedent
  return sources.map((url, i) => `[${i === 0 ? new URL(url).hostname : i + 1}](${url})`).join(' ')
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|')
}
