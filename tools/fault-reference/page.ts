import { readFileSync } from 'node:fs'
import { faults } from '../../src/faults/index.ts'
import { outcomeCell, retriesCell } from './cell.ts'
import { faultSection } from './describe-fault.ts'
import { type Observation, observe } from './observe.ts'
import type { Sdk } from './sdk.ts'
import { sdks } from './sdks/index.ts'

/** Longer than `fetch` and the SDKs wait by their own defaults. */
const patienceMs = 11 * 60_000
/** With retries, an SDK may wait that long several times. */
const retryPatienceMs = 60 * 60_000

/** Rows beside each fault's own defaults: what another value of a parameter changes for the app. */
const variants: Readonly<Record<string, readonly string[]>> = {
  'stream-cut': ['after: 6 events', 'after: 6 events, by: rst', 'after: 6 events, by: clean'],
  'stream-stall': ['after: 6 events', 'pings: true'],
  'stream-error': ['after: 6 events'],
  'empty-answer': ['how: no-body'],
  'lost-response': ['at: body', 'at: end'],
}

/** Providers whose wire has columns of its own, and what they are called. */
const wires: ReadonlyMap<string, string> = new Map([
  ['anthropic', 'Anthropic'],
  ['openai', 'OpenAI'],
])

/** The page about all faults, from their declarations and from what the real SDKs do in simulated runs. */
export async function faultsPage(): Promise<string> {
  const parts = [intro]
  for (const [provider, name] of wires) parts.push(`### On ${name}'s wire`, await outcomes(provider))
  parts.push(retriesIntro, await retryTable(), '## Every fault', ...[...faults.values()].map(faultSection))
  return `${parts.join('\n\n')}\n`
}

const intro = `# Faults

<!-- Written by \`npm run docs\`; \`npm test\` fails when it is out of date. -->

A fault is what a provider or the network does wrong. A scenario names it by its id, alone or with parameters:
\`fault: overloaded\`, \`fault: { overloaded: { retry_after: 30s } }\`. Where, when and how often it strikes belongs to the entry that
names it, never to the fault.

Everything below is taken from the faults' own declarations, and from calls that the real SDKs made in simulated runs, on virtual
time:

${versions()}

## What an app sees

One call of one attempt (\`maxRetries: 0\`), with every default of the SDK and of the fault, streamed or not. The class that is
caught comes first, then its HTTP status, or what is at the root of its causes.

- *After text*: the app already had text of the answer in hand.
- *Returns*: nothing is thrown; the app gets this as if it were the answer. *Finish* is the reason that the SDK gives for its end,
  where that is not the reason of a good answer.
- *Tells onError*: nothing is thrown either. \`textStream\` ends as if there were no more to say, and the error goes to the
  \`onError\` callback alone.
- *Hangs*: neither returns nor throws in ten minutes.`

const retriesIntro = `## What SDKs do by themselves

The same calls with the SDK's own retries: how many attempts one call makes while the fault lasts, and the time until it settles.
Faults that are not listed are never retried.`

async function outcomes(provider: string): Promise<string> {
  const columns = sdks.filter(sdk => sdk.provider === provider)
  const calls = columns.map(({ name, whole, streamed }) => `- ${name}: \`${whole}\`; \`${streamed}\``)
  const lines = [
    ...calls,
    '',
    `| fault | streamed | ${columns.map(({ name }) => name).join(' | ')} |`,
    `|---|---|${columns.map(() => '---|').join('')}`,
  ]
  const good = await inTurn([false, true], stream => inTurn(columns, sdk => once(sdk, undefined, stream)))
  for (const id of faults.keys())
    for (const params of ['', ...(variants[id] ?? [])])
      for (const [i, stream] of [false, true].entries()) {
        const fault = params === '' ? id : `{ ${id}: { ${params} } }`
        const cells = await inTurn(columns, async (sdk, n) => {
          const usual = good[i]?.[n]
          return usual ? outcomeCell(await once(sdk, fault, stream), usual) : ''
        })
        if (cells.every(cell => cell === '—')) continue
        const label = `[${id}](#${id})${params === '' ? '' : ` \`${params}\``}`
        lines.push(`| ${label} | ${stream ? 'yes' : 'no'} | ${cells.join(' | ')} |`)
      }
  return lines.join('\n')
}

function once(sdk: Sdk, fault: string | undefined, stream: boolean): Promise<Observation> {
  return observe(sdk, fault, { stream, maxRetries: 0 }, patienceMs)
}

/** Attempts and time of every SDK; faults with the same figures share a row. */
async function retryTable(): Promise<string> {
  const rows = new Map<string, string[]>()
  for (const id of faults.keys())
    for (const stream of [false, true]) {
      const seen = await inTurn(sdks, sdk => observe(sdk, id, { stream, maxRetries: undefined }, retryPatienceMs))
      if (seen.every(({ attempts }) => attempts <= 1)) continue
      const row = seen.map(retriesCell).join(' | ')
      rows.set(row, [...(rows.get(row) ?? []), `${id}${stream ? ' (streamed)' : ''}`])
    }
  const heads = sdks.map(({ name, provider }) => {
    const wire = wires.get(provider) ?? provider
    return name.startsWith(wire) ? name : `${name} on ${wire}`
  })
  return [
    `| fault | ${heads.join(' | ')} |`,
    `|---|${sdks.map(() => '---|').join('')}`,
    ...[...rows].map(([row, ids]) => `| ${together(ids)} | ${row} |`),
  ].join('\n')
}

/** What holds streamed and not is named once, without saying so. */
function together(labels: readonly string[]): string {
  const streamed = labels.filter(label => label.endsWith(' (streamed)')).map(label => label.replace(' (streamed)', ''))
  const whole = labels.filter(label => !label.endsWith(' (streamed)'))
  return [
    ...whole.map(id => (streamed.includes(id) ? id : `${id} (not streamed)`)),
    ...streamed.filter(id => !whole.includes(id)).map(id => `${id} (streamed)`),
  ].join(', ')
}

/** One after the other: a run has the globals to itself. */
async function inTurn<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (const [i, item] of items.entries()) results.push(await work(item, i))
  return results
}

/** The packages that were installed, one a line. */
function versions(): string {
  const names = [...new Set(sdks.flatMap(({ packages }) => packages))]
  return names.map(name => `- \`${name}\` ${versionOf(name)}`).join('\n')
}

function versionOf(name: string): string {
  const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url)
  const manifest: { readonly version?: string } = JSON.parse(readFileSync(file, 'utf8'))
  return manifest.version ?? 'unknown'
}
