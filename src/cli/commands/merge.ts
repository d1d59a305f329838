import { readFileSync } from 'node:fs'
import { UsageError } from '../../lib/errors.ts'
import type { SearchSummary } from '../../search/summary.ts'
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
    const { mergeSummaries } = await import('../../search/merge.ts')
    const reports = readSearchReports(invocation.values('report'))
    const summary = mergeSummaries(invocation.words.map(name => ({ name, summary: readSummary(name) })))
    deliverSearch(reports, summary, undefined)
    return summary.exitCode
  },
}

function readSummary(file: string): SearchSummary {
  const hint = 'It is written by `blackstart search --report json=FILE`.'
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new UsageError(`Failed to read ${file}: ${error instanceof Error ? error.message : String(error)}.`, hint)
  }
  if (!isSummary(value)) throw new UsageError(`${file} is no summary of a search.`, hint)
  return value
}

/** Whether it says it is one; what it then holds was written by the same version, or the merge refuses it. */
function isSummary(value: unknown): value is SearchSummary {
  return (
    typeof value === 'object' &&
    value !== null &&
    Reflect.get(value, 'kind') === 'search' &&
    Reflect.get(value, 'version') === 1 &&
    Array.isArray(Reflect.get(value, 'parts')) &&
    Array.isArray(Reflect.get(value, 'found'))
  )
}
