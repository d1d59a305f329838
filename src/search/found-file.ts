import { createHash } from 'node:crypto'
import { phasesOf } from '../arbitraries/parts.ts'
import { journalLines } from '../journal/journal.ts'
import { formatDuration } from '../lib/duration.ts'
import type { Found, Json, Phase, Scenario } from '../model/scenario.ts'
import type { RunResult } from '../run/result.ts'
import { type Catalogue, printScenario, schemaLine } from '../scenario/index.ts'

/** `scenario` under the name that its file will have: it is in the journal too. */
export function nameFound(scenario: Scenario, oracle: string, catalogue: Catalogue): Scenario {
  const { id: _id, title: _title, found: _found, blackstart, ...rest } = scenario
  const bare = { blackstart, id: 'found', ...rest }
  const hash = createHash('sha256').update(printScenario(bare, catalogue)).digest('hex').slice(0, 8)
  return { ...bare, id: `${oracle}-${hash}`, title: titleOf(scenario, oracle) }
}

/** `settles fails: black-hole on api.messages for 1m, then clear for 5m`. */
function titleOf(scenario: Scenario, oracle: string): string {
  const phases = phasesOf(scenario).map(sayPhase)
  const tracks = (scenario.faults ?? []).map(({ fault, surface }) => `${fault?.id ?? 'a mix'} on ${surface.join(', ')}`)
  const events = (scenario.events ?? []).map(({ at: _at, ...event }) => Object.keys(event)[0] ?? 'an event')
  const besides = [...tracks, ...events]
  const what = phases.length === 0 ? 'with no outage at all' : phases.join(', then ')
  return `${oracle} fails: ${what}${besides.length > 0 ? `, with ${besides.join(', ')}` : ''}`
}

function sayPhase({ for: ms, faults = [], limits = [], capacity = [] }: Phase): string {
  const parts = [
    ...faults.map(({ fault, surface }) => `${fault?.id ?? 'a mix'} on ${surface.join(', ')}`),
    ...limits.map(({ surface }) => `a limit on ${surface.join(', ')}`),
    ...capacity.map(({ surface }) => `few slots at ${surface.join(', ')}`),
  ]
  return `${parts.length === 0 ? 'clear' : parts.join(' and ')} for ${formatDuration(ms)}`
}

/** Hash of a journal but for its first line: of what happened, whatever versions were at work. */
export function happenedHash({ journal }: Pick<RunResult, 'journal'>): string {
  const hash = createHash('sha256')
  for (const line of journalLines(journal.slice(1))) hash.update(line)
  return hash.digest('hex')
}

export interface FoundFile {
  readonly scenario: Scenario
  readonly oracle: string
  readonly message: string
  readonly journalHash: string | undefined
  readonly client: string
  /** How a command line is told which it is: `--client ./app.ts`; empty where the config says it. */
  readonly clientFlag: string
  readonly provenance: Readonly<Record<string, Json>>
  readonly catalogue: Catalogue
}

/** The text of a found file: what failed, how to see it again, and the scenario. */
export function foundText({
  scenario,
  oracle,
  message,
  journalHash,
  client,
  clientFlag,
  provenance,
  catalogue,
}: FoundFile): string {
  const found: Found = {
    oracle,
    verdict: 'fail',
    ...(journalHash !== undefined && { journal_hash: journalHash }),
    provenance,
  }
  const head = [
    `# Found by a search: with this outage ${client} fails ${oracle}.`,
    ...wrapped(message),
    `# See it again:  npx blackstart replay ${scenario.id}.yaml ${clientFlag}`.trimEnd(),
    '# Once it is mended, set `verdict: pass` below and keep the file: it is a regression test then.',
  ]
  const [first, ...body] = printScenario({ ...scenario, found }, catalogue).split('\n')
  return [first ?? schemaLine, ...head, ...body].join('\n')
}

function wrapped(text: string): readonly string[] {
  const lines: string[] = []
  for (const word of text.replaceAll(/\s+/g, ' ').split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < 110) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(`#   ${word}`)
  }
  return lines
}
