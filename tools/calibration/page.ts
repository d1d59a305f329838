import { oracles } from '../../src/oracles/index.ts'
import { defaultOf } from '../fault-reference/describe-fault.ts'
import { type Tally, type Trial, trials } from './trials.ts'

export type Tallies = ReadonlyMap<Trial, ReadonlyMap<string, Tally>>

/** Ids of the oracles that are calibrated here, in the order of the catalogue. */
export const calibrated: readonly string[] = [...oracles.keys()].filter(id =>
  trials.some(trial => trial.oracles.includes(id)),
)

/** The page, from what was counted over `seeds` seeds a trial. */
export function calibrationPage(tallies: Tallies, seeds: number): string {
  const groups = [...Map.groupBy(trials, ({ group }) => group)]
  return `${[intro(seeds), thresholds(), ...groups.map(([group, some]) => section(group, some, tallies)), closing].join('\n\n')}\n`
}

function intro(seeds: number): string {
  return `# Calibration of the statistical oracles

<!-- Written by \`npm run calibrate\`; \`npm test\` repeats a sample, and fails when a threshold is another. -->

An oracle that judges by chance can be wrong both ways. Here each is asked about made-up clients whose policy is known, drawn anew
on ${seeds.toLocaleString('en-US')} seeds, with every threshold at its default: how often is a sound one accused, and how often is an unsound one caught?

None in ${seeds.toLocaleString('en-US')} means, with 95% confidence, less than one in ${Math.floor(1 / (1 - 0.05 ** (1 / seeds))).toLocaleString('en-US')}. A run itself is a constant: the same seed gives the same verdict, so nothing
here flickers in CI. What these figures bound is the chance that an innocent change, which draws anew, is accused.`
}

/** The defaults that the figures are for: the page is out of date when they change. */
export function thresholds(): string {
  const rows = calibrated.flatMap(id => {
    const oracle = oracles.get(id)
    if (!oracle) return []
    const values = Object.entries(oracle.params).map(
      ([name, param]) => `\`${name}: ${defaultOf(param).replaceAll('`', '')}\``,
    )
    return [`| [${id}](oracles.md#${id}) | ${values.join(', ')} |`]
  })
  return ['## Thresholds', '', '| oracle | defaults |', '|---|---|', ...rows].join('\n')
}

function section(group: string, some: readonly Trial[], tallies: Tallies): string {
  const ids = [...new Set(some.flatMap(trial => trial.oracles))]
  const rows = some.map(trial => {
    const counts = tallies.get(trial)
    const cells = ids.map(id => cellOf(counts?.get(id), trial.caughtBy.includes(id)))
    return `| ${trial.name} | ${trial.caughtBy.length > 0 ? 'no' : 'yes'} | ${cells.join(' | ')} |`
  })
  return [
    `## ${group}`,
    '',
    `| client | sound | ${ids.join(' | ')} |`,
    `|---|---|${ids.map(() => '---').join('|')}|`,
    ...rows,
  ].join('\n')
}

/** Bold where the oracle is meant to catch it. */
function cellOf(tally: Tally | undefined, isMeant: boolean): string {
  if (!tally) return ''
  const all = tally.fail + tally.warn + tally.pass + tally.vacuous
  const share = (n: number) => `${Math.round((n / all) * 1_000) / 10}%`
  if (tally.vacuous === all) return 'not judged'
  const words = [
    ...(tally.fail > 0 ? [`fails ${share(tally.fail)}`] : []),
    ...(tally.warn > 0 ? [`warns ${share(tally.warn)}`] : []),
  ]
  if (words.length === 0) return 'never'
  return isMeant ? `**${words.join(', ')}**` : words.join(', ')
}

const closing = `## How to read it

- *never*: not once was anything held against it. Bold: the oracle is meant to catch this one.
- A sound policy may be *warned* of, never failed: 25% off at random, as SDKs do it, spreads callers less than jitter over the
  whole range does, and [jitter-present](oracles.md#jitter-present) says so.
- [backoff-growth](oracles.md#backoff-growth) lets a delay be that is long already: a fixed 30 s is its cap.
- [answers](oracles.md#answers) has no margin, for it is a promise: with 200 tasks and a true share of 99.5%, one run in a million
  shows less than 96%. Promise what the model of your app gives, not what one run shows, and ask many tasks.
- The policies: full, equal and decorrelated jitter as in the simulator that AWS published with its article on backoff; 25% off at
  random as the SDKs of Anthropic and OpenAI wait; 20% either way as gRPC does.`
