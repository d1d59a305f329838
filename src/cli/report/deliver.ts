import { readFileSync, statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { journalReport } from '../../gameday/journal-report.ts'
import { UsageError } from '../../lib/errors.ts'
import { htmlPage } from '../../reports/html/page.ts'
import { markdownPage } from '../../reports/post-incident/markdown.ts'
import { overview } from '../../reports/recorded/overview.ts'
import { type JudgedWith, recordedRun } from '../../reports/recorded/recorded-run.ts'
import { regressionOf } from '../../reports/regression/regression.ts'
import { catalogueOf, runOptionsOf } from '../../run/config/apply-config.ts'
import { type LoadedConfig, loadConfig } from '../../run/config/load-config.ts'
import { precedentPlan, scorecardOfJournal } from '../gameday/scorecards.ts'
import { maskSecrets } from '../mask.ts'
import { checkWritable } from '../run/targets.ts'
import { type FileToWrite, writeTogether } from '../run/write-together.ts'
import { deliverSummary, summaryIn } from './deliver-summary.ts'
import { type Interrupted, isFound, missingFinding, type ReplayedJournal, replayedJournal } from './found-journal.ts'
import { wroteText } from './wrote-text.ts'

export interface ReportRequest {
  /** A journal, or a file that a search found. */
  readonly journal: string
  /** Of a found file: the app it is replayed with, as `replay` takes it. */
  readonly client: string | undefined
  /** The journal of the last time. */
  readonly last: string | undefined
  readonly html: string | undefined
  readonly markdown: string | undefined
  /** The finding that is wanted as a scenario, and where to. */
  readonly scenario: { readonly finding: number; readonly out: string | undefined } | undefined
  /** As `loadConfig` takes it. */
  readonly config: string | false | undefined
  readonly color: boolean
}

export interface Delivered {
  /** For stdout; absent where all went into files. */
  readonly text: string | undefined
  /** For stderr. */
  readonly notices: readonly string[]
  /** The exit code, where a replay was broken off by a signal. */
  readonly interrupted?: 130 | 143
}

/** Reads the journal, judges it again, and writes what was asked for. Rejects with a `UsageError` for what cannot be read or written. */
export async function deliverReport(request: ReportRequest): Promise<Delivered> {
  const { journal, html, markdown, last, scenario } = request
  checkFiles(request)
  const summary = summaryIn(journal)
  if (summary) return deliverSummary(summary, request)
  const config = await loadConfig(process.cwd(), request.config)
  const { thresholds, accepted } = runOptionsOf(config)
  const options: JudgedWith = { catalogue: catalogueOf(config), thresholds, accepted }
  const mask = (text: string) => maskSecrets(text, process.env)
  const read = await journalOf(request, config)
  if ('interrupted' in read) return { text: undefined, notices: [], interrupted: read.interrupted }
  // Before anything is made of it: what is escaped is spelled in another way.
  const run = recordedRun(mask(read.text), journal, options)
  const besides = 'oracle' in read ? missingFinding(read, run.result.findings) : []

  const files: FileToWrite[] = []
  if (html !== undefined || markdown !== undefined) {
    const document = journalReport(run, {
      catalogue: options.catalogue,
      precedentOf: played => precedentPlan(played, config),
      last: last === undefined ? undefined : scorecardOfJournal(last, config),
    })
    if (html !== undefined) files.push({ file: html, text: mask(htmlPage(document, { journal: basename(journal) })) })
    if (markdown !== undefined) files.push({ file: markdown, text: mask(markdownPage(document)) })
  }
  const made = scenario && regressionOf(run, scenario.finding, options)
  if (made && scenario.out !== undefined) files.push({ file: scenario.out, text: mask(made.text) })
  writeTogether(files)
  const wrote = [...files.map(wroteText), ...besides]
  if (made)
    return { text: scenario.out === undefined ? mask(made.text) : undefined, notices: [...wrote, ...made.notices] }
  if (files.length > 0) return { text: undefined, notices: wrote }
  const hint = '--html FILE makes a page of it, --finding N --as scenario a test.'
  return { text: mask(overview(run, { color: request.color })), notices: [...besides, hint] }
}

/** What would be written where, before anything is read. */
function checkFiles({ journal, html, markdown, last, scenario }: ReportRequest): void {
  const asked = [
    ['--html', html],
    ['--markdown', markdown],
    ['--out', scenario?.out],
  ] as const
  const seen = new Map([[resolve(journal), 'the journal']])
  if (last !== undefined) seen.set(resolve(last), 'the last journal')
  for (const [flag, file] of asked) {
    if (file === undefined) continue
    const taken = seen.get(resolve(file))
    if (taken !== undefined)
      throw new UsageError(`${flag} ${file}: this is the file of ${taken}.`, 'Give each a file of its own.')
    seen.set(resolve(file), flag)
    checkWritable(file, flag)
  }
}

type Read = { readonly text: string } | ReplayedJournal | Interrupted

/** Of a found file that of a replay, which nobody has kept. */
async function journalOf({ journal: file, client }: ReportRequest, config: LoadedConfig): Promise<Read> {
  const text = readJournal(file)
  if (isFound(text, file, config)) return replayedJournal(file, { client, config })
  if (client === undefined) return { text }
  throw new UsageError(
    '--client is for a found file, which is replayed.',
    `${file} is none: a journal tells what was run.`,
  )
}

function readJournal(file: string): string {
  const hint = 'A run writes it with --journal FILE, or with --out DIR as DIR/runs/ID.jsonl.'
  try {
    if (statSync(file).isDirectory()) throw new UsageError(`${file} is a folder.`, hint)
    const text = readFileSync(file)
    // Of a line that was torn inside of a letter the rest is dropped anyway.
    return text.toString('utf8')
  } catch (error) {
    if (error instanceof UsageError) throw error
    const why =
      error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'there is no such file' : String(error)
    throw new UsageError(`Failed to read ${file}: ${why}.`, hint)
  }
}
