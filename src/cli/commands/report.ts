import { UsageError } from '../../lib/errors.ts'
import { wholeNumber } from '../args.ts'
import type { Command, Invocation } from '../command.ts'
import { configFlag, configFlags } from '../config-flags.ts'
import { notice, print, useColor } from '../output.ts'
import type { ReportRequest } from '../report/deliver.ts'

export const report: Command = {
  name: 'report',
  group: 'run an outage',
  says: 'make a report of a run, a drill, a game day or a search, for people, or a test of a finding',
  usage: 'JOURNAL|FOUND.yaml|SEARCH.json [--html FILE] [--markdown FILE]',
  flags: {
    html: {
      value: 'FILE',
      says: 'one page with pictures, for a browser and for print; it needs no network and no script',
    },
    markdown: { value: 'FILE', says: 'the same sections for a wiki' },
    last: {
      value: 'JOURNAL',
      says: 'with --html or --markdown: the journal of the last time, to stand beside this one in the scorecard',
    },
    client: {
      value: 'MODULE',
      says: 'of a found file: the app to replay it with (default: the config’s, else the one that the file names)',
    },
    finding: { value: 'N', says: 'one of its findings, by its number' },
    as: { value: 'scenario', says: 'with --finding: as a scenario that fails for that alone, for CI' },
    out: { value: 'FILE', short: 'o', says: 'write the scenario there instead of to stdout' },
    ...configFlags,
  },
  examples: [
    'blackstart report journal.jsonl --html outage.html --markdown outage.md',
    'blackstart report day.jsonl --last last-time.jsonl --html day.html',
    'blackstart report blackstart-corpus/settles-1a2b3c4d.yaml --html found.html',
    'blackstart report journal.jsonl --finding 1 --as scenario -o outages/settles.yaml',
  ],
  async run(invocation) {
    const request = requestOf(invocation)
    const { deliverReport } = await import('../report/deliver.ts')
    const { text, notices, interrupted } = await deliverReport(request)
    if (text !== undefined) print(text)
    if (notices.length > 0) notice(notices.join('\n'))
    return interrupted ?? 0
  },
}

function requestOf(invocation: Invocation): ReportRequest {
  const [journal, ...more] = invocation.words
  if (journal === undefined)
    throw new UsageError(
      'Name the journal to report on.',
      'A run writes it with --journal FILE, or with --out DIR; a drill with --journal FILE. A file that a search found does, too, as does its --report json=FILE.',
    )
  if (more.length > 0) throw new UsageError('report reads one journal at a time.', `Leave out ${more.join(' ')}.`)
  const [html, markdown, out] = [invocation.value('html'), invocation.value('markdown'), invocation.value('out')]
  const last = invocation.value('last')
  if (last !== undefined && html === undefined && markdown === undefined)
    throw new UsageError(
      '--last is for a page or Markdown.',
      'Add --html FILE; gameday score prints the scorecard alone.',
    )
  return {
    ...{ journal, html, markdown, last, client: invocation.value('client') },
    ...{ config: configFlag(invocation), color: useColor(process.stdout) },
    scenario: scenarioOf(invocation, out),
  }
}

function scenarioOf(invocation: Invocation, out: string | undefined): ReportRequest['scenario'] {
  const finding = wholeNumber(invocation, 'finding', 1)
  const form = invocation.value('as')
  if (form !== undefined && form !== 'scenario')
    throw new UsageError(`--as ${form}: a finding can be had as a scenario.`, 'Write --as scenario.')
  if (finding === undefined) {
    if (form !== undefined) throw new UsageError('--as needs the finding it is about.', 'Add --finding 1.')
    if (out !== undefined)
      throw new UsageError('--out is for a scenario.', 'Write --finding 1 --as scenario --out FILE, or --html FILE.')
    return undefined
  }
  if (form === undefined) throw new UsageError('--finding needs to know as what.', 'Add --as scenario.')
  return { finding, out }
}
