import { oracles } from '../../src/oracles/index.ts'
import { cellScenario, type ProfileCell } from '../../src/profile/cell.ts'
import { catalogue } from '../../src/run/catalogue.ts'
import { printScenario } from '../../src/scenario/index.ts'
import { type Claim, claims } from './claims.ts'
import { type Subject, subjects, versionsOf } from './subjects.ts'

/** What every shipped scenario showed of a subject, by id; `undefined` for a run that showed nothing. */
export type Failures = ReadonlyMap<string, readonly string[] | undefined>

export interface Observed {
  readonly claims: readonly { readonly claim: Claim; readonly cell: ProfileCell }[]
  readonly failures: ReadonlyMap<string, Failures>
}

const intro = `# Field notes: what well-known libraries do in an outage

<!-- Written by \`npm run field-notes\`; \`npm test\` fails when a claim no longer holds or a version is another. -->

Each library as a plain user would use it, with every default, on virtual time. Nothing here is an opinion: every sentence is made
from a run, \`npm test\` repeats the run, and the YAML that shows it stands at the end. Defaults are not defects: each is a choice that
somebody made for other reasons. But in an outage they are what your app does.`

/** The page, from what was seen. */
export function fieldNotesPage({ claims: seen, failures }: Observed): string {
  const sections = subjects.map(subject => section(subject, seen, failures.get(subject.name) ?? new Map()))
  return `${[intro, ...sections, '## All scenarios', table(failures), '## The outages', ...outages()].join('\n\n')}\n`
}

function section(subject: Subject, seen: Observed['claims'], failures: Failures): string {
  const own = seen.filter(({ claim }) => claim.subject === subject.name)
  const told = (kind: Claim['kind']) =>
    own.filter(({ claim }) => claim.kind === kind).map(({ claim, cell }) => `- ${claim.says(cell)} ${linkTo(claim)}`)
  const ran = [...failures.values()].filter(failed => failed !== undefined)
  const passed = ran.filter(failed => failed.length === 0).length
  const badly = told('badly')
  const well = told('well')
  return [
    `## ${subject.name}`,
    `${versionsOf(subject).join(', ')}. Used as: ${subject.used} Of ${ran.length} shipped scenarios it passes ${passed}.`,
    ...(well.length > 0 ? [`**Does well**\n\n${well.join('\n')}`] : []),
    ...(badly.length > 0 ? [`**Beware**\n\n${badly.join('\n')}`] : []),
  ].join('\n\n')
}

const nameOf = ({ fault, streamed }: Pick<Claim, 'fault' | 'streamed'>) =>
  `${fault}, ${streamed ? 'streamed' : 'plain'}`

function linkTo(claim: Claim): string {
  return `([${nameOf(claim)}](#${nameOf(claim).replaceAll(', ', '-')}))`
}

/** Each outage that a claim rests on, once. */
function outages(): readonly string[] {
  const names = new Map(claims.map(claim => [nameOf(claim), claim]))
  return [...names]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { fault, streamed }]) => {
      const yaml = printScenario(
        cellScenario(fault, { streamed, provider: 'anthropic', assumes: undefined }),
        catalogue,
      )
      return `### ${name.replace(', ', ' ')}\n\n\`\`\`yaml\n${yaml.trimEnd()}\n\`\`\``
    })
}

function table(failures: Observed['failures']): string {
  const ids = [...new Set([...failures.values()].flatMap(byScenario => [...byScenario.keys()]))].toSorted()
  const names = subjects.map(({ name }) => name)
  const rows = ids.map(id => {
    const cells = names.map(name => {
      const byScenario = failures.get(name)
      if (!byScenario?.has(id)) return ''
      const failed = byScenario.get(id)
      if (failed === undefined) return '-'
      return failed.length === 0 ? 'passes' : failed.map(codeOf).join(' ')
    })
    return `| ${id} | ${cells.join(' | ')} |`
  })
  const failed = [
    ...new Set([...failures.values()].flatMap(byScenario => [...byScenario.values()].flatMap(one => one ?? []))),
  ]
  const legend = failed
    .map(id => `${codeOf(id)} is [${id}](oracles.md#${id})`)
    .toSorted()
    .join(', ')
  return [
    "What failed in every shipped scenario of its provider, with a quarter of the users. An empty cell is another provider's, a dash a run",
    'in which too little was met to tell. A9 and the like are the codes of [oracles](oracles.md).',
    '',
    `| scenario | ${names.join(' | ')} |`,
    `|---|${names.map(() => '---').join('|')}|`,
    ...rows,
    '',
    `${legend}.`,
  ].join('\n')
}

/** Its place in the catalogue; what the app did to its own process has none. */
function codeOf(id: string): string {
  return oracles.get(id)?.code ?? id
}
