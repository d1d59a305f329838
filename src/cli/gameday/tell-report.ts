import { UsageError } from '../../lib/errors.ts'
import { shellWord } from '../../reports/text.ts'
import type { RunResult } from '../../run/result.ts'
import type { Invocation } from '../command.ts'
import { notice } from '../output.ts'
import { checkWritable } from '../run/targets.ts'
import { type FileToWrite, writeTogether } from '../run/write-together.ts'
import { type ReportPapers, type ReportPapersOptions, reportPapers } from './report-papers.ts'

/** Where the report of a game day goes. */
export interface ReportFiles {
  readonly html: string | undefined
  readonly markdown: string | undefined
}

/** Reads `--html` and `--markdown`. Throws a `UsageError` for what could not be written, or made again, after the show. */
export function readReportFiles(invocation: Invocation, journal: string | undefined): ReportFiles {
  const files = { html: invocation.value('html'), markdown: invocation.value('markdown') }
  for (const [flag, file] of Object.entries(files)) {
    if (file === undefined) continue
    if (journal === undefined)
      throw new UsageError(
        `--${flag} ${file}: a report shows how tests are made of its findings, from the journal.`,
        'Keep that, too: --journal FILE.',
      )
    checkWritable(file, `--${flag}`)
  }
  return files
}

/** Writes the report, or says how it is made. A show of two hours is not lost to a disk that is full. */
export function tellReport(
  result: Pick<RunResult, 'journal'>,
  files: ReportFiles,
  options: ReportPapersOptions & { readonly lastFile: string | undefined },
): void {
  const command = commandFor(files, options)
  if (files.html === undefined && files.markdown === undefined) {
    notice(`blackstart: a report of it: ${command}`)
    return
  }
  try {
    const wrote = writeReport(reportPapers(result, options), files)
    notice(`blackstart: wrote ${wrote.join(' and ')}`)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    notice(`blackstart: There is no report yet: ${why}\nblackstart: made again by: ${command}`)
  }
}

function writeReport(papers: ReportPapers, { html, markdown }: ReportFiles): readonly string[] {
  const files: readonly FileToWrite[] = [
    ...(html === undefined ? [] : [{ file: html, text: papers.html() }]),
    ...(markdown === undefined ? [] : [{ file: markdown, text: papers.markdown() }]),
  ]
  writeTogether(files)
  return files.map(({ file }) => file)
}

function commandFor(
  { html, markdown }: ReportFiles,
  { journal, lastFile }: { readonly journal: string; readonly lastFile: string | undefined },
): string {
  const base = journal.replace(/\.jsonl?$/, '')
  const last = lastFile === undefined ? '' : ` --last ${shellWord(lastFile)}`
  const files = `--html ${shellWord(html ?? `${base}.html`)} --markdown ${shellWord(markdown ?? `${base}-report.md`)}`
  return `npx blackstart report ${shellWord(journal)}${last} ${files}`
}
