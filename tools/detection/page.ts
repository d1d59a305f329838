import { checks } from './checks.ts'
import { failureClasses, matrixRows } from './classes.ts'
import { gridOf } from './grid.ts'
import { type Caught, falselyAccusedBy, isCaught } from './holes.ts'

/** docs/detection.md, of the broken clients and what was found with the sound ones. */
export function detectionPage(all: readonly Caught[], soundness: string | undefined): string {
  return `${[
    '# What blackstart detects',
    '<!-- Written by `npm run detection`; `npm test` fails when it is out of date. -->',
    intro,
    figures(all),
    '## Known failures of real clients',
    table(['', 'failure', 'client', 'caught by'], failureClasses.map(classRow(all))),
    '## The kill matrix',
    'Mistakes that a check must tell from good practice, each with the clients that make it, and the checks that should see it.',
    table(['mistake', 'client', 'caught by', 'not seen by'], matrixRows.map(matrixRow(all))),
    '## Every broken client',
    'Each breaks one thing. *Fails too* is what that one thing entails, and its head owns up to it.',
    table(['client', 'what is wrong', 'scenario', 'caught by', 'fails too', 'warned of'], all.map(clientRow)),
    '## Client by check',
    gridIntro,
    `\`\`\`text\n${gridOf(all)}\n\`\`\``,
    ...unmetOf(all),
    ...(soundness === undefined ? [] : ['## Sound clients', soundness]),
  ].join('\n\n')}\n`
}

const intro =
  'A check is worth what it catches and what it leaves alone. `fixtures/clients/` has broken clients, each small and wrong in one way that\n' +
  'was seen in real projects, and sound ones. Every broken one is run through the scenario that its head names, on seed 1; the check that is\n' +
  'meant for it must see it, and no other may fail it unless its head says why.'

const gridIntro =
  '`X` is the check meant for the client, `x` another one that fails it, `w` a warning. The codes stand in [the page of checks](oracles.md).'

function figures(all: readonly Caught[]): string {
  const caught = all.filter(isCaught)
  const classes = failureClasses.filter(({ number }) => caught.some(({ head }) => head.classes.includes(number)))
  const rows = matrixRows.filter(({ id }) => caught.some(({ head }) => head.rows.includes(id)))
  return [
    `- ${caught.length} of ${all.length} broken clients caught`,
    `- ${classes.length} of ${failureClasses.length} known failures caught`,
    `- ${rows.length} of ${matrixRows.length} rows of the kill matrix caught`,
    `- ${all.flatMap(falselyAccusedBy).length} false accusations`,
  ].join('\n')
}

function classRow(all: readonly Caught[]) {
  return ({ number, says }: (typeof failureClasses)[number]) => {
    const theirs = all.filter(({ head }) => head.classes.includes(number))
    return [String(number), says, ...clientsAndOracles(theirs)]
  }
}

function matrixRow(all: readonly Caught[]) {
  return ({ id, oracles }: (typeof matrixRows)[number]) => {
    const theirs = all.filter(({ head }) => head.rows.includes(id))
    const seenAs = (oracle: string) => {
      if (theirs.some(({ row }) => row.failed.includes(oracle))) return 'fail'
      return theirs.some(({ row }) => row.warned.includes(oracle)) ? 'warn' : undefined
    }
    return [
      id,
      theirs.map(({ head }) => code(head.name)).join(', '),
      oracles
        .filter(seenAs)
        .map(oracle => `${linkOf(oracle)}${seenAs(oracle) === 'warn' ? ' (warns)' : ''}`)
        .join(', '),
      oracles
        .filter(oracle => !seenAs(oracle))
        .map(linkOf)
        .join(', '),
    ]
  }
}

function clientsAndOracles(caught: readonly Caught[]): readonly string[] {
  return [
    caught.map(({ head }) => code(head.name)).join('<br>'),
    caught.map(one => (isCaught(one) ? meantOf(one) : '**nothing**')).join('<br>'),
  ]
}

function meantOf({ head }: Caught): string {
  return `${linkOf(head.meant)}${head.level === 'warn' ? ' (warns)' : ''}`
}

function clientRow(caught: Caught): readonly string[] {
  const { head, row } = caught
  const others = row.failed.filter(oracle => oracle !== head.meant)
  const warned = row.warned.filter(oracle => oracle !== head.meant)
  return [
    `[${head.name}](../${head.file})`,
    head.breaks,
    code(head.scenario),
    isCaught(caught) ? meantOf(caught) : '**nothing**',
    others.map(linkOf).join(', '),
    warned.map(linkOf).join(', '),
  ]
}

/** Checks that no client is meant for; said, so that nobody takes them for proven. */
function unmetOf(all: readonly Caught[]): readonly string[] {
  const meant = new Set(all.map(({ head }) => head.meant))
  const unmet = [...checks.keys()].filter(id => !meant.has(id))
  if (unmet.length === 0) return []
  const seen = (id: string) => all.some(({ row }) => row.failed.includes(id) || row.warned.includes(id))
  return [
    '## Checks without a client of their own',
    'They are tested on journals; no client here is meant for them.',
    unmet.map(id => `- ${linkOf(id)}${seen(id) ? ', which some of the above meet on the way' : ''}`).join('\n'),
  ]
}

const code = (text: string) => `\`${text}\``

/** What an app does to its own process has no part of the page to itself. */
function linkOf(oracle: string): string {
  return checks.has(oracle) ? `[${oracle}](oracles.md#${oracle})` : oracle
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}
