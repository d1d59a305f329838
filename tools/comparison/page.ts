import { infrastructure } from './infrastructure.ts'
import { models } from './models.ts'
import type { Said, Tool } from './tool.ts'

/** The page that sets blackstart beside its neighbours. A cell cannot be written without its source. */
export function comparisonPage(): string {
  return `${[intro, choose, '## What breaks systems', table(infrastructure), '## What stands in for a model', table(models), missing].join('\n\n')}\n`
}

const intro = `# Beside other tools

<!-- Written by \`npm run docs\`; \`npm test\` fails when it is out of date. The cells are in \`tools/comparison/\`. -->

What the neighbours are for, and where they are the better choice. Every cell links its source, as it was on the day in the first
column; tools move on, so look there before you decide. Where a source is a file, “no” means that it was looked for there and not
found. Correct us in \`tools/comparison/\`.`

const choose = `## Which one

| you want | take |
|---|---|
| machines, pods, disks, packets to fail | Chaos Mesh or Litmus in Kubernetes, AWS FIS on AWS, Gremlin as a service |
| a database’s promises tested | Jepsen; Antithesis for whole systems |
| a TCP service slow, cut or gone | Toxiproxy, alone or [through blackstart](engines.md#on-a-tcp-service) |
| a model’s answers in tests, nothing failing | aimock, a recorder, or the SDK’s own mock |
| an agent’s judgement under bad tool results | agent-chaos, Dev Proxy’s failure plugin |
| an HTTP service of yours stubbed | WireMock, MockServer, MSW |
| to know what your LLM client does in a provider’s outage, hour by hour, and whether it comes back | blackstart |

For the last of these, blackstart has [outages over time](scenarios-guide.md), for each surface and model, [some of them real](precedents.md);
[virtual time](concepts.md#time-and-chance) on both sides; the same [seed](concepts.md#time-and-chance), the same journal; [checks](oracles.md)
of what the app did, which are [inconclusive](concepts.md#findings-and-the-verdict) where no fault landed; and [game days](game-days.md).`

const missing = `## What blackstart lacks

- It breaks what an app calls, not the machine the app runs on: no killed pods, no full disks, no CPU pressure.
- Runs on virtual time are for code that Node can load. Other languages are [drilled](drills.md), in real time, where no two journals
  are the same.
- Five providers, and services of your own over HTTP. Mocks have many more.
- Its answers are filler: it does not judge what a model says.
- One machine: no agents on many hosts, no dashboard for a whole company.`

function table(tools: readonly Tool[]): string {
  return [
    '| tool, as read | is | an outage over time | judges | the same again | better than blackstart at |',
    '|---|---|---|---|---|---|',
    ...tools.map(row),
  ].join('\n')
}

function row({ name, version, read, is, overTime, judges, again, better }: Tool): string {
  return `| ${[`${name} ${version}, ${read}`, ...[is, overTime, judges, again, better].map(cell)].join(' | ')} |`
}

function cell({ says, from }: Said): string {
  return `${says} ([source](${from}))`.replaceAll('|', '\\|')
}
