import { readFileSync } from 'node:fs'
import { UsageError } from '../../lib/errors.ts'
import { searchReport } from '../../reports/search.ts'
import { searchMarkdown, searchPage } from '../../reports/search-page.ts'
import { plural } from '../../reports/text.ts'
import type { SearchSummary } from '../../search/summary.ts'
import { maskSecrets } from '../mask.ts'
import { type FileToWrite, writeTogether } from '../run/write-together.ts'
import { isSummary } from '../search/read-summary.ts'
import type { Delivered, ReportRequest } from './deliver.ts'
import { wroteText } from './wrote-text.ts'

/** The summary of a search, where a file is one. */
export function summaryIn(file: string): SearchSummary | undefined {
  if (!/\.json$/i.test(file)) return undefined
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return isSummary(value) ? value : undefined
  } catch {
    // What it is instead is said by who reads it as a journal.
    return undefined
  }
}

/** Writes what was asked for of a search. Throws a `UsageError` for what cannot be had of one. */
export function deliverSummary(summary: SearchSummary, request: ReportRequest): Delivered {
  const { html, markdown, scenario, color } = request
  const odd = request.last !== undefined ? '--last' : request.client !== undefined ? '--client' : undefined
  if (odd !== undefined) throw new UsageError(`${odd} is for one run, and ${request.journal} is of a search.`)
  const mask = (text: string) => maskSecrets(text, process.env)
  const outage = scenario && outageOf(summary, scenario.finding)
  const files: readonly FileToWrite[] = [
    ...(html === undefined ? [] : [{ file: html, text: mask(searchPage(summary)) }]),
    ...(markdown === undefined ? [] : [{ file: markdown, text: mask(searchMarkdown(summary)) }]),
    ...(scenario?.out === undefined || outage === undefined ? [] : [{ file: scenario.out, text: mask(outage) }]),
  ]
  writeTogether(files)
  const notices = files.map(wroteText)
  if (outage !== undefined) return { text: scenario?.out === undefined ? mask(outage) : undefined, notices }
  return { text: files.length > 0 ? undefined : mask(searchReport(summary, { color })), notices }
}

function outageOf({ found }: SearchSummary, number: number): string {
  const one = found[number - 1]
  if (one) return one.text
  throw new UsageError(`There is no finding ${number} in it: it has ${plural(found.length, 'finding')}.`)
}
