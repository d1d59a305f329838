import { oracles } from '../../src/oracles/index.ts'
import type { Oracle } from '../../src/oracles/oracle.ts'
import { defaultOf, kindOf } from '../fault-reference/describe-fault.ts'
import { exampleOf } from './example.ts'

/** The page about all oracles, from their declarations. */
export function oraclesPage(): string {
  const all = [...oracles.values()]
  const groups = [...Map.groupBy(all, groupOf)]
    .toSorted(([a], [b]) => groupOrder.indexOf(a) - groupOrder.indexOf(b))
    .flatMap(([letter, some]) => [`## ${titles[letter] ?? letter}`, ...some.map(section)])
  return `${[intro, overview(all), hooks, ...groups].join('\n\n')}\n`
}

const titles: Readonly<Record<string, string>> = {
  A: 'Retries and deadlines',
  H: 'Herds and overload',
  C: 'Circuit breakers',
  F: 'Fallbacks and caches',
  Q: 'Queues',
  X: 'Streams and tools',
  I: 'Side effects and cost',
  T: 'Noticing, recovering, answering',
  M: 'Between runs',
}

const groupOrder = Object.keys(titles)

const groupOf = ({ code }: Oracle) => code[0] ?? ''

const intro = `# Oracles

<!-- Written by \`npm run docs\`; \`npm test\` fails when it is out of date. -->

An oracle is a check of what a client did in a run: a pure function of its journal. Most are judged in every run; the others where a
scenario's \`expect\` names them. An entry may set parameters, and speak of a part of the run:

\`\`\`yaml
expect:
  - settles: { within: 30s }
  - returns-to-primary: { severity: fail }
  - answers: { at_least: 99%, within: 10s, during: rate-limited, of: { class: critical } }
  - jitter-present: off
\`\`\`

- *Safety* holds at all times; *liveness* is asked for only after the last fault has healed, and a time after it; a *statistical* one
  needs many cases, and says nothing on few; a *relation* compares [several runs](relations.md).
- A finding that *fails* changes the verdict, and the exit code to 1; one that *warns* is told, and that is all. What a sound client
  may do now and then warns. Where an oracle has a parameter \`severity\`, \`severity: fail\` makes it strict.
- An oracle with nothing to look at is *vacuous*: it proves nothing, and is said to. Where \`expect\` names it, the run is inconclusive.
- What an app does to its own process and its keys (an unhandled rejection, \`process.exit\`, a blocked event loop, another provider's
  key) is its *conduct*, and judged in every run.`

function overview(all: readonly Oracle[]): string {
  const rows = all.map(
    oracle =>
      `| [${oracle.id}](#${oracle.id}) | ${oracle.code} | ${oracle.says} | ${oracle.byDefault ? 'every run' : oracle.kind === 'relation' ? '`--relations`' : 'where named'} | ${levelOf(oracle)} |`,
  )
  return ['| oracle | code | what a sound client does | judged | level |', '|---|---|---|---|---|', ...rows].join('\n')
}

/** What its worst finding does by default. */
function levelOf({ params }: Oracle): string {
  const { severity, fail_above: above, fail_below: below, max_age: age } = params
  const isStrict = severity?.kind === 'choice' ? severity.default === 'fail' : true
  if (!isStrict) return 'warns'
  const levels = [above, below, age].filter(param => param !== undefined)
  if (levels.length === 0) return 'fails'
  return levels.some(param => param.default !== undefined) ? 'warns, then fails' : 'warns'
}

const hooks = `## What an app can tell

Most oracles need nothing but the wire. What it does not show, a client module may add; three of them first, and
[all of them](hooks.md) on a page of their own: breakers, caches, queues, tools, retries, health.

What an answer was, and where it came from:

\`\`\`ts
import type { Integration } from 'blackstart'

interface Answer { readonly text: string; readonly from: 'live' | 'cache' | 'fallback'; readonly at: number }

export const settle: NonNullable<Integration['settle']> = ({ text, from, at }: Answer) =>
  from === 'cache'
    ? { outcome: 'degraded', source: 'cache', text, labelled: true, ageMs: Date.now() - at }
    : { outcome: 'ok', source: from, text, complete: true }
\`\`\`

What became of background jobs (the list is looked at every ten seconds):

\`\`\`ts
import type { Integration } from 'blackstart'

interface Queue { add(prompt: string): Promise<string>; all(): readonly { id: string; state: 'queued' | 'done' | 'dead' }[] }

export const jobs: NonNullable<Integration<Queue>['jobs']> = {
  submit: (queue, { prompt }) => queue.add(prompt),
  list: queue => queue.all(),
}
\`\`\`

And what is changed outside: services of the app's own, declared in the scenario, keep a record of what was really done.

\`\`\`yaml
surfaces:
  tickets: { http: { host: tickets.example } }
\`\`\``

function whenJudged({ byDefault, kind }: Oracle): string {
  if (kind === 'relation') return 'judged with `--relations`, and where a scenario names it'
  return byDefault ? 'judged in every run' : 'judged where a scenario names it'
}

function section(oracle: Oracle): string {
  const { id, code, says, kind, params, notes } = oracle
  const example = exampleOf(oracle)
  const rows = Object.entries(params).map(
    ([name, param]) => `| \`${name}\` | ${kindOf(param)} | ${defaultOf(param)} | ${param.says} |`,
  )
  const table =
    rows.length === 0
      ? 'No parameters.'
      : ['| parameter | value | default | what |', '|---|---|---|---|', ...rows].join('\n')
  const facts = notes
    ? [
        `- *Needs*: ${notes.needs}`,
        `- *Rule*: ${notes.judges}`,
        `- *Vacuous* when ${notes.vacuous}.`,
        `- *Thresholds*: ${notes.source}`,
        `- *What to change*: ${notes.change}`,
      ]
    : []
  return [
    `### ${id}`,
    `${says} (${code}, ${kind}, ${whenJudged(oracle)}.)`,
    ...(facts.length > 0 ? [facts.join('\n')] : []),
    ...(example === undefined ? [] : [`A finding reads like this: *${example}*`]),
    table,
  ].join('\n\n')
}
