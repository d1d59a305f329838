import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UsageError } from '../../lib/errors.ts'
import { reports } from '../../reports/index.ts'
import type { JsonReport } from '../../reports/json.ts'
import type { RefusedDiagnostic, SeveralOptions } from '../../reports/report.ts'
import { standingOf, tally, worstFirst } from '../../reports/tally.ts'
import { overallVerdict, worstExit } from '../../reports/worst.ts'
import type { Finished } from './collect.ts'

/** A folder that gets all that a command found, at once: it is put together inside of it, out of sight. */
export class OutFolder implements Disposable {
  readonly folder: string
  /** Where things lie until they are published. */
  readonly staging: string

  /** Throws a `UsageError` for a folder that cannot be made or written. */
  constructor(folder: string) {
    this.folder = folder
    try {
      if (existsSync(folder) && !statSync(folder).isDirectory())
        throw new UsageError(`--out ${folder}: this is a file.`, 'Name a folder.')
      mkdirSync(folder, { recursive: true })
      this.staging = mkdtempSync(join(folder, '.partial-'))
    } catch (error) {
      if (error instanceof UsageError) throw error
      const why = error instanceof Error ? error.message : String(error)
      throw new UsageError(`--out ${folder}: this cannot be written (${why}).`, 'Check its permissions.')
    }
  }

  /** Moves in a report and a journal for each run, `junit.xml` and `summary.md`, and `index.json` last. */
  publish(parts: readonly Finished[], options: SeveralOptions & { mask(text: string): string }): void {
    const { notices = [], mask } = options
    const names = fileNames(parts)
    const files = new Map<string, string>()
    parts.forEach(({ document }, i) => {
      files.set(`runs/${names[i]}.json`, `${JSON.stringify(document, null, 2)}\n`)
    })
    const plain = parts.map(({ document }) => ({ document, text: '' }))
    files.set('junit.xml', reports.junit.several(plain, options))
    files.set('summary.md', reports.markdown.several(plain, options))
    const listed = parts.map((part, i) => entryOf(part.document, names[i] ?? '', this.hasJournal(part.index)))
    const index = indexOf(listed, notices)
    files.set('index.json', `${JSON.stringify(index, null, 2)}\n`)

    const before = listedIn(this.folder)
    for (const [name, text] of files) {
      mkdirSync(dirname(join(this.staging, name)), { recursive: true })
      writeFileSync(join(this.staging, name), mask(text))
    }
    mkdirSync(join(this.folder, 'runs'), { recursive: true })
    parts.forEach((part, i) => {
      if (this.hasJournal(part.index)) this.move(stagedJournal(part.index), `runs/${names[i]}.jsonl`)
    })
    for (const name of files.keys()) this.move(name, name)
    // What an earlier run left would be taken for this one's.
    const now = listed.flatMap(filesOf)
    for (const name of before) if (!now.includes(name)) rmSync(join(this.folder, name), { force: true })
  }

  /** Says why nothing was run, in the place of what an earlier command left. */
  publishRefusal(diagnostics: readonly RefusedDiagnostic[], mask: (text: string) => string): void {
    const options = { color: false }
    const files = {
      'junit.xml': reports.junit.refused(diagnostics, options),
      'summary.md': reports.markdown.refused(diagnostics),
      'index.json': reports.json.refused(diagnostics),
    }
    const before = listedIn(this.folder)
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(this.staging, name), mask(text))
      this.move(name, name)
    }
    for (const name of before) rmSync(join(this.folder, name), { force: true })
  }

  [Symbol.dispose](): void {
    rmSync(this.staging, { recursive: true, force: true })
  }

  private hasJournal(index: number): boolean {
    return existsSync(join(this.staging, stagedJournal(index)))
  }

  private move(from: string, to: string): void {
    renameSync(join(this.staging, from), join(this.folder, to))
  }
}

/** Where the process that runs leaves the journal of a target. */
export function stagedJournal(index: number): string {
  return `${index}.jsonl`
}

/** What `index.json` says of a run. */
interface IndexEntry {
  readonly scenario: string
  readonly file: string | null
  readonly verdict: JsonReport['verdict']
  readonly exitCode: JsonReport['exitCode']
  readonly reason: string
  readonly seed: number
  readonly journalHash: string
  readonly findings: { readonly fail: number; readonly warn: number; readonly accepted: number }
  readonly report: string
  readonly journal: string | null
  readonly replay: string | null
}

function entryOf(run: JsonReport, name: string, hasJournal: boolean): IndexEntry {
  const many = (standing: string) => run.findings.filter(finding => standingOf(finding) === standing).length
  return {
    scenario: run.scenario.id,
    file: run.scenario.file,
    verdict: run.verdict,
    exitCode: run.exitCode,
    reason: run.reason,
    seed: run.seed,
    journalHash: run.journalHash,
    findings: { fail: many('fail'), warn: many('warn'), accepted: many('accepted') },
    report: `runs/${name}.json`,
    journal: hasJournal ? `runs/${name}.jsonl` : null,
    replay: run.replay ?? null,
  }
}

function indexOf(entries: readonly IndexEntry[], notices: readonly string[]) {
  const exitCode = worstExit(entries.map(entry => entry.exitCode))
  const { pass, fail, inconclusive } = tally(entries)
  return {
    version: 1,
    exitCode,
    verdict: overallVerdict(exitCode),
    passed: pass,
    failed: fail,
    inconclusive,
    runs: worstFirst(entries, entry => entry.exitCode),
    notices,
  }
}

/** A file name for each run: its scenario's id, and a number where two share one. */
function fileNames(parts: readonly Finished[]): readonly string[] {
  const plain = parts.map(({ document }) => document.scenario.id.replace(/[^\w.-]+/g, '_').replace(/^\.+/, '_'))
  return plain.map((name, i) => {
    const before = plain.slice(0, i).filter(other => other.toLowerCase() === name.toLowerCase()).length
    return before === 0 ? name : `${name}~${before + 1}`
  })
}

function filesOf({ report, journal }: Pick<IndexEntry, 'report' | 'journal'>): readonly string[] {
  return journal === null ? [report] : [report, journal]
}

/** Files of runs that the index of an earlier command names. */
function listedIn(folder: string): readonly string[] {
  try {
    const index: { runs?: readonly Partial<Pick<IndexEntry, 'report' | 'journal'>>[] } = JSON.parse(
      readFileSync(join(folder, 'index.json'), 'utf8'),
    )
    const names = (index.runs ?? []).flatMap(({ report, journal }) => [report, journal])
    return names.filter((name): name is string => typeof name === 'string' && /^runs\/[\w.~-]+\.jsonl?$/.test(name))
  } catch {
    return []
  }
}
