import { type ListedScenario, shelf } from '../../src/cli/shelf.ts'
import { readShipped, type Shipped } from '../../src/cli/shipped.ts'
import { formatDuration } from '../../src/lib/duration.ts'
import { invariant } from '../../src/lib/invariant.ts'
import { compilePlan, type Plan } from '../../src/model/timeline.ts'
import { spell } from '../../src/reports/text.ts'
import { catalogue } from '../../src/run/catalogue.ts'
import { chapters } from './lessons.ts'

/** The page about the outages that happened: what is from the scenarios that retell them, and what they teach. */
export function precedentsPage(): string {
  const outages = outagesThatHappened()
  const taught = chapters.flatMap(({ lessons }) => Object.keys(lessons))
  for (const { row } of outages) invariant(taught.includes(row.id), `lessons.ts says nothing of ${row.id}`)
  for (const id of taught) invariant(find(outages, id), `lessons.ts speaks of ${id}, which does not ship`)
  return `${[
    intro,
    '## All of them, by date',
    index(outages),
    ...chapters.flatMap(({ title, says, lessons }) => [
      `## ${title}`,
      says,
      ...Object.entries(lessons).flatMap(([id, teaches]) => {
        const outage = find(outages, id)
        return outage ? [section(outage, teaches)] : []
      }),
    ]),
  ].join('\n\n')}\n`
}

const intro = `# Precedents

<!-- Written by \`npm run docs\`; \`npm test\` fails when it is out of date. -->

Outages that happened, what each teaches, and the scenario that plays it. Their times are as documented; codes and shares mostly were
never published, so each file keeps apart what is known, with its sources, and what is assumed. \`show\` prints both, with the phases:

\`\`\`sh
npx blackstart show claude-2026-03-02
\`\`\`

\`\`\`
facts:
assumed:
sources:
  - https://status.claude.com/incidents/0ghc53zpsfmt
\`\`\`

*Faults for* is the time until the last fault of the scenario ends; what is told at another speed says so in its title. A *shape* has the
same idea in less time. [Scenarios](scenarios.md) lists everything that ships, and [a game day](game-days.md) can be held on any of them.`

interface Outage {
  readonly row: ListedScenario
  readonly plan: Plan
  /** First day of it, as its file is named. */
  readonly date: string
  /** `Claude on 28 April 2023`. */
  readonly name: string
  readonly says: string
  readonly shapes: readonly ListedScenario[]
}

function outagesThatHappened(): readonly Outage[] {
  const rows = shelf()
  const files = new Map(readShipped().map(shipped => [shipped.scenario.id, shipped]))
  const shapes = rows.filter(({ source }) => source === 'shape')
  return rows
    .filter(({ source }) => source === 'precedent')
    .map(row => outage(row, files.get(row.id), shapes))
    .toSorted((a, b) => compare(a.date, b.date) || compare(a.row.id, b.row.id))
}

function outage(row: ListedScenario, shipped: Shipped | undefined, shapes: readonly ListedScenario[]): Outage {
  invariant(shipped, `${row.id} is listed and does not ship`)
  const [name = '', ...says] = row.title.split(', ')
  return {
    row,
    plan: compilePlan(shipped.scenario, catalogue.faults),
    date: /(\d{4}-\d\d-\d\d)-[^/]*$/.exec(row.file)?.[1] ?? '',
    name,
    says: says.join(', '),
    shapes: shapes.filter(({ precedent = '?' }) => precedent === row.id || row.precedent?.startsWith(precedent)),
  }
}

function index(outages: readonly Outage[]): string {
  const rows = outages.map(
    ({ date, name, says, row, plan }) =>
      `| ${date} | [${name}](#${anchor(name)}): ${says} | ${spell(faultsUntil(plan))} | \`${row.id}\` |`,
  )
  return ['| begins | outage | faults for | scenario |', '|---|---|---|---|', ...rows].join('\n')
}

function section({ row, plan, name, says, shapes }: Outage, teaches: string): string {
  const sources = row.sources.map(url => `[${new URL(url).hostname}](${url})`)
  return [
    `### ${name}`,
    '',
    `*${says.charAt(0).toUpperCase()}${says.slice(1)}.* ${teaches}`,
    '',
    `- \`${row.shape}\` faults for ${spell(faultsUntil(plan))}: ${phasesOf(plan)}`,
    `- played by [\`${row.id}\`](../${row.file})${shapes.length === 0 ? '' : `; its shape is ${shapes.map(shape => `[\`${shape.id}\`](../${shape.file})`).join(', ')}`}`,
    `- sources: ${sources.join(', ')}`,
  ].join('\n')
}

/** `silent 12m20s, bad 5m × 6`; laps of one phase are told once. */
function phasesOf({ phases }: Plan): string {
  const laps = Map.groupBy(phases, ({ base }) => base)
  return [...laps]
    .map(([base, [first, ...more]]) => {
      const length = first ? formatDuration(first.endMs - first.startMs) : ''
      return `${base} ${length}${more.length === 0 ? '' : ` × ${more.length + 1}`}`
    })
    .join(', ')
}

function faultsUntil({ phases, tracks }: Plan): number {
  const entries = phases.flatMap(({ faults, limits }) => [...faults, ...limits])
  return Math.max(...[...entries, ...tracks].map(({ endMs }) => endMs))
}

function find(outages: readonly Outage[], id: string): Outage | undefined {
  return outages.find(({ row }) => row.id === id)
}

function anchor(heading: string): string {
  return heading.toLowerCase().replaceAll(' ', '-')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
