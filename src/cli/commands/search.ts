import type { Command } from '../command.ts'
import { configFlags } from '../config-flags.ts'
import { notice } from '../output.ts'
import { bugText } from '../tell-error.ts'

export const search: Command = {
  name: 'search',
  group: 'run an outage',
  says: 'look for outages that a client fails, and make each as small as can be',
  usage: '--client MODULE [flags]',
  flags: {
    client: {
      value: 'MODULE',
      says: 'the app under test: a path, or the name of a shipped client (default: the config’s, else the provider’s bare SDK)',
    },
    scenario: { value: 'S', says: 'an outage to vary, beside those made from nothing: an id or a path' },
    time: { value: 'D', says: 'how long to search (default 60s, unless --runs is given)' },
    runs: { value: 'N', says: 'how many outages to draw at random, after the sweep; the same ones for any --workers' },
    'stop-after': { value: 'N', says: 'end once so many failures are found and made small (default: go on)' },
    seed: { value: 'N', says: 'the seed of the search (default 1)' },
    workers: { value: 'N', says: 'how many processes search side by side (default: one a core, up to 8)' },
    shard: { value: 'I/N', says: 'search the I-th of N disjoint parts; blackstart merge joins their summaries' },
    corpus: {
      value: 'DIR',
      says: 'found files: replayed first, and where new ones are written (default blackstart-corpus)',
    },
    journals: {
      says: 'keep the journal of each failure at its smallest beside its file, for blackstart report and programs',
    },
    oracle: { value: 'ID', says: 'look for failures of this check alone', many: true },
    address: {
      value: 'PROVIDER=URL',
      says: 'where a provider is reached, when a gateway stands in front of it',
      many: true,
    },
    report: { value: 'KIND[=FILE]', says: 'terminal or json; to stdout, or to a file', many: true },
    ...configFlags,
  },
  examples: [
    'blackstart search --client ./src/assistant.ts',
    'blackstart search --client ./src/assistant.ts --scenario chat-before-api --time 10m',
    'blackstart search --client ./src/assistant.ts --runs 2000 --shard 2/8 --report json=search-2.json',
  ],
  async run(invocation) {
    const { deliverSearch, readSearchReports } = await import('../search/reports.ts')
    const { readSearchRequest } = await import('../search/request.ts')
    const { superviseSearch } = await import('../search/supervise.ts')
    const reports = readSearchReports(invocation.values('report'))
    const { request, config } = await readSearchRequest(invocation)
    const { summary, refusal, crash } = await superviseSearch(request, config)
    if (refusal) {
      notice(refusal.text)
      return 2
    }
    if (invocation.has('journals') && summary.exitCode !== 130 && summary.exitCode !== 143) {
      const { keepJournals } = await import('../search/keep-journals.ts')
      for (const line of await keepJournals(summary, request)) notice(line)
    }
    deliverSearch(reports, summary, request.client)
    if (!crash) return summary.exitCode
    if (!crash.isTold) notice(bugText(crash.message, crash.printed))
    return 70
  },
}
