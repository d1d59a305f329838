import type { Command } from '../command.ts'

export const merge: Command = {
  name: 'merge',
  group: 'run an outage',
  says: 'join the summaries of a search’s shards into one',
  usage: 'FILE… [flags]',
  flags: {
    report: { value: 'KIND[=FILE]', says: 'terminal or json; to stdout, or to a file', many: true },
  },
  examples: ['blackstart merge search-*.json', 'blackstart merge search-*.json --report json=search.json'],
  async run(invocation) {
    const { deliverSearch, readSearchReports } = await import('../search/reports.ts')
    const { readSummary } = await import('../search/read-summary.ts')
    const { mergeSummaries } = await import('../../search/merge.ts')
    const reports = readSearchReports(invocation.values('report'))
    const summary = mergeSummaries(invocation.words.map(name => ({ name, summary: readSummary(name) })))
    deliverSearch(reports, summary, undefined)
    return summary.exitCode
  },
}
