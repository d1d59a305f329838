import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { UsageError } from '../../lib/errors.ts'
import { suggest } from '../../lib/suggest.ts'
import { searchReport } from '../../reports/search.ts'
import type { SearchSummary } from '../../search/summary.ts'
import { notice, print, useColor } from '../output.ts'
import { checkWritable } from '../run/targets.ts'

const kinds = ['terminal', 'json'] as const

/** A report of a search that was asked for; without a file it goes to stdout. */
export interface SearchReportTarget {
  readonly kind: (typeof kinds)[number]
  readonly file: string | undefined
}

/** Reads `KIND[=FILE]`, each; the terminal report when nothing is given. */
export function readSearchReports(specs: readonly string[]): readonly SearchReportTarget[] {
  const targets = specs.map(spec => {
    const [, name = '', file] = /^([^=]*)(?:=(.*))?$/s.exec(spec) ?? []
    const kind = kinds.find(known => known === name)
    if (!kind) {
      const near = suggest(name, kinds)
      throw new UsageError(
        `A search has no report "${name}".`,
        near ? `Did you mean ${near}?` : `Reports: ${kinds.join(', ')}.`,
      )
    }
    if (file === '') throw new UsageError(`--report ${spec}: a file name is missing after "=".`)
    if (file !== undefined) checkWritable(file, '--report')
    return { kind, file }
  })
  if (targets.filter(({ file }) => file === undefined).length > 1)
    throw new UsageError('Two reports cannot share stdout.', 'Give all but one a file: --report json=FILE.')
  const files = targets.flatMap(({ file }) => (file === undefined ? [] : [resolve(file)]))
  const twice = files.find((file, i) => files.indexOf(file) !== i)
  if (twice !== undefined) throw new UsageError(`Two reports cannot share the file ${twice}.`)
  return targets.length > 0 ? targets : [{ kind: 'terminal', file: undefined }]
}

/** Writes the reports that were asked for. `client`: how it was named on the command line. */
export function deliverSearch(
  targets: readonly SearchReportTarget[],
  summary: SearchSummary,
  client: string | undefined,
): void {
  for (const { kind, file } of targets) {
    const color = file === undefined && useColor(process.stdout)
    const text = kind === 'json' ? `${JSON.stringify(summary, null, 2)}\n` : searchReport(summary, { color, client })
    if (file === undefined) print(text)
    else
      try {
        writeFileSync(file, text)
      } catch (error) {
        throw new UsageError(`Failed to write ${file}: ${error instanceof Error ? error.message : String(error)}.`)
      }
  }
  if (targets.every(({ file }) => file !== undefined))
    notice(`${summary.client}: ${summary.verdict} (exit ${summary.exitCode}): ${summary.reason}`)
}
