import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, extname, join, resolve } from 'node:path'
import { UsageError } from '../../lib/errors.ts'
import { suggest } from '../../lib/suggest.ts'
import { isReportKind, type ReportKind, reports } from '../../reports/index.ts'

/** A report that was asked for; without a file it goes to stdout. */
export interface ReportTarget {
  readonly kind: ReportKind
  readonly file: string | undefined
}

/** Reads `KIND[=FILE]`, each; the terminal report when nothing is given. */
export function readReports(specs: readonly string[]): readonly ReportTarget[] {
  const targets = specs.map(readReport)
  const onStdout = targets.filter(target => target.file === undefined).map(target => target.kind)
  // A log is for people and for the runner that reads annotations out of it.
  const isLog = onStdout.every(kind => kind === 'terminal' || kind === 'github') && new Set(onStdout).size === 2
  if (onStdout.length > 1 && !(isLog && onStdout.length === 2))
    throw new UsageError('Two reports cannot share stdout.', 'Give all but one a file: --report json=FILE.')
  const files = targets.flatMap(target => (target.file === undefined ? [] : [resolve(target.file)]))
  const named = targets.find(target => target.kind === 'github' && target.file !== undefined)
  if (named)
    throw new UsageError(
      `--report github=${named.file}: annotations are read from the log.`,
      'Write --report github; --report markdown=FILE is for a file.',
    )
  const twice = files.find((file, i) => files.indexOf(file) !== i)
  if (twice !== undefined) throw new UsageError(`Two reports cannot share the file ${twice}.`)
  return targets.length > 0 ? targets : [{ kind: 'terminal', file: undefined }]
}

function readReport(spec: string): ReportTarget {
  const at = spec.indexOf('=')
  const kind = at < 0 ? spec : spec.slice(0, at)
  const file = at < 0 ? undefined : spec.slice(at + 1)
  if (!isReportKind(kind)) {
    const kinds = Object.keys(reports)
    const near = suggest(kind, kinds)
    throw new UsageError(
      `There is no report "${kind}".`,
      near ? `Did you mean ${near}?` : `Reports: ${kinds.join(', ')}.`,
    )
  }
  if (file === '') throw new UsageError(`--report ${spec}: a file name is missing after "=".`)
  if (file !== undefined) checkWritable(file, '--report')
  return { kind, file }
}

/** Throws a `UsageError`, before hours of simulation, for a file that could not be written after them. */
export function checkWritable(file: string, flag: string, { folder = false } = {}): void {
  const path = resolve(file)
  if (existsSync(path) && statSync(path).isDirectory()) {
    if (!folder) throw new UsageError(`${flag} ${file}: this is a folder.`, 'Name a file in it.')
    return
  }
  const parent = dirname(path)
  if (!existsSync(parent))
    throw new UsageError(`${flag} ${file}: there is no folder ${dirname(file)}.`, 'Make it first.')
  try {
    accessSync(existsSync(path) ? path : parent, constants.W_OK)
  } catch {
    throw new UsageError(`${flag} ${file}: this cannot be written.`, 'Check its permissions.')
  }
}

/**
 * Where one scenario's journal goes. `FILE` as it is for a single one; for several, and for a folder, each has its own:
 * `out.jsonl` gives `out.ID.jsonl`, `out/` gives `out/ID.jsonl`.
 */
export function journalFile(file: string, id: string, isOnly: boolean): string {
  const isFolder = /[/\\]$/.test(file) || (existsSync(file) && statSync(file).isDirectory())
  if (isFolder) {
    mkdirSync(file, { recursive: true })
    return join(file, `${id}.jsonl`)
  }
  if (isOnly) return file
  const extension = extname(file)
  return `${file.slice(0, file.length - extension.length)}.${id}${extension}`
}
