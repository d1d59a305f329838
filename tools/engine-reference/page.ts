import { type EngineName, type Support, supportOf } from '../../src/engines/supports.ts'
import { fixedEffect } from '../../src/engines/toxiproxy/fixed-effect.ts'
import { type WireAction, wireAction } from '../../src/engines/toxiproxy/wire-effect.ts'
import { faults } from '../../src/faults/index.ts'
import { type Fault, faultParams } from '../../src/model/fault.ts'
import type { ParamValue } from '../../src/model/scenario.ts'
import { type Difference, differences } from '../../test/support/parity-differences.ts'
import { effectOf } from './default-effect.ts'

/** The page about the engines: what each declares, and what the parity suite holds of their differences. */
export function enginesPage(): string {
  const notes = new Notes()
  const rows = shownFaults.map(shown => row(shown, notes))
  return `${[intro, kinds, '## Which fault works where', tableIntro, table(rows), notes.text(), tcpIntro, tcpTable(), '## Differences between engines', differencesIntro, differencesTable()].join('\n\n')}\n`
}

const intro = `# Engines

<!-- Written by \`npm run docs\`; \`npm test\` fails when it is out of date. -->

An engine carries what a scenario says to an app. The scenario is the same for all three, and so is everything that decides: which
attempt is hit, what is answered, to the byte. They differ in what is between the app and that.`

const kinds = `| engine | what is between | time | for |
|---|---|---|---|
| \`msw\` | nothing: requests are caught in the app's own process | virtual: hours in seconds | \`run\`, \`search\`, tests |
| \`loopback\` | real sockets: an HTTP server on 127.0.0.1, a port for each part of a provider that can fail alone | real, or faster by \`--speed\` | \`drill\`, for programs in any language |
| \`toxiproxy\` | the same server with a real Toxiproxy before each port, and before TCP services of your own | real, or faster by \`--speed\` | \`drill --engine toxiproxy\` |`

const tableIntro = `*Yes* is just as life has it. A number is a note on how near it comes. *Toxiproxy* means that the proxy does it by itself where
the fault is for all that is behind one address, without a share and without conditions; *server* that the server behind it does.`

const tcpIntro = `### On a TCP service

A service of your own that speaks no HTTP (\`surfaces: { cache: { tcp: 127.0.0.1:6379 } }\`) can fail through Toxiproxy alone. Faults
that are not listed need HTTP, and a scenario that asks for them there is refused before the drill begins.`

const differencesIntro = `One suite (\`test/parity/\`) makes the same calls with the same clients (the SDKs of Anthropic and OpenAI and \`fetch\`, streamed and not,
over HTTP and HTTPS) under every fault on all three engines. It compares what the app saw (outcome, error classes and their causes,
status, headers, text and events so far, attempts, waits) and what the journal has of it, and takes a client through a staged restore
with a limit and a track. This is all in which the engines differ; a line that is not true any more fails the suite as well.`

/** A fault, with those of its parameters that decide which engine does it how. */
export interface ShownFault {
  readonly fault: Fault
  readonly says?: string
  readonly values?: Readonly<Record<string, ParamValue>>
}

/** Rows beside each fault's own defaults. */
const variants: Readonly<Record<string, Omit<ShownFault, 'fault'>>> = {
  'stream-cut': { says: 'by: rst', values: { by: 'rst' } },
}

export const shownFaults: readonly ShownFault[] = [...faults.values()].flatMap(fault => {
  const variant = variants[fault.id]
  return variant ? [{ fault }, { fault, ...variant }] : [{ fault }]
})

const enginesShown: readonly EngineName[] = ['msw', 'loopback', 'toxiproxy']

function row({ fault, says, values }: ShownFault, notes: Notes): string {
  const support = supportOf(fault, effectOf(fault, values))
  const cells = enginesShown.map(engine => {
    const cell = cellOf(support[engine], notes)
    return engine === 'toxiproxy' ? `${cell}, ${doneBy(fault)}` : cell
  })
  return `| [${fault.id}](faults.md#${fault.id})${says ? ` \`${says}\`` : ''} | ${cells.join(' | ')} |`
}

function cellOf(support: Support, notes: Notes): string {
  return support === 'yes' ? 'yes' : notes.mark(support.nearly)
}

function doneBy(fault: Fault): string {
  const { type } = actionOf(fault, 'http')
  return type === 'closed' || type === 'toxic' ? 'Toxiproxy' : 'server'
}

function actionOf(fault: Fault, kind: 'http' | 'tcp', values: Readonly<Record<string, ParamValue>> = {}): WireAction {
  const effect = fixedEffect({ fault, params: faultParams(fault.params, values), share: 1 })
  return effect ? wireAction(effect, kind) : { type: 'cannot', because: '' }
}

function table(rows: readonly string[]): string {
  return ['| fault | msw | loopback | toxiproxy |', '|---|---|---|---|', ...rows].join('\n')
}

/** Parameters with which a fault works on a TCP service where its defaults do not. */
const onTcp: Readonly<
  Record<string, { readonly says: string; readonly values: Readonly<Record<string, ParamValue>> }>
> = {
  'stream-cut': { says: 'after: 100 bytes', values: { after: { bytes: 100 } } },
  'stream-stall': { says: 'after: 0 bytes', values: { after: { bytes: 0 } } },
}

function tcpTable(): string {
  const rows = [...faults.values()].flatMap(fault => {
    const special = onTcp[fault.id]
    const action = actionOf(fault, 'tcp', special?.values)
    if (action.type !== 'closed' && action.type !== 'toxic') return []
    const how = action.type === 'closed' ? 'the port is closed' : `\`${action.toxic.type}\``
    return [`| [${fault.id}](faults.md#${fault.id}) | ${special ? `\`${special.says}\`` : 'any'} | ${how} |`]
  })
  return ['| fault | parameters | by |', '|---|---|---|', ...rows].join('\n')
}

const scopes: Readonly<Record<Difference['scopes'][number], string>> = {
  all: 'for all of an address',
  some: 'for some requests: a share, or `when`',
  begins: 'as it begins',
  ends: 'as it ends',
}

function differencesTable(): string {
  const rows = differences.map(({ faults, scopes: where, engines, simulated, real, why }) => {
    const links = faults.map(id => `[${id}](faults.md#${id})`).join(', ')
    const when = where.length > 1 ? 'always' : where.map(scope => scopes[scope]).join('')
    return `| ${links} | ${when} | ${engines.join(', ')} | ${simulated} | ${real} | ${why} |`
  })
  return ['| fault | when | engine | in a simulation | there | why |', '|---|---|---|---|---|---|', ...rows].join('\n')
}

/** Sentences that cells refer to by a number, each once. */
class Notes {
  private readonly sentences: string[] = []

  mark(sentence: string): string {
    if (!this.sentences.includes(sentence)) this.sentences.push(sentence)
    return `(${this.sentences.indexOf(sentence) + 1})`
  }

  text(): string {
    return this.sentences.map((sentence, i) => `${i + 1}. ${sentence}`).join('\n')
  }
}
