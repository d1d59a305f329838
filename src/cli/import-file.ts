import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { scenarioFromIncident } from '../import/from-incident.ts'
import { type FromLogOptions, scenarioFromLog } from '../import/from-log.ts'
import { readIncident } from '../import/incident.ts'
import { isProblems, readLog } from '../import/log.ts'
import { providerOfPage, surfaceOfPath } from '../import/page-surfaces.ts'
import { formatProblems, type ImportProblem } from '../import/problem.ts'
import { UsageError } from '../lib/errors.ts'
import { invariant } from '../lib/invariant.ts'
import { suggest } from '../lib/suggest.ts'
import type { Scenario } from '../model/scenario.ts'
import { catalogue } from '../run/catalogue.ts'
import { formatDiagnostics, parseScenario, printScenario } from '../scenario/index.ts'

export interface ImportOptions {
  readonly provider?: string
  readonly id?: string
  /** Id of one incident of several. */
  readonly incident?: string
  readonly latencyUnit?: 'ms' | 's'
}

export interface Imported {
  readonly scenario: Scenario
  /** It passes `check`. */
  readonly yaml: string
  /** What a person should know of how the file was read. */
  readonly notices: readonly string[]
}

/** More than a string can hold. */
const largestBytes = 500_000_000

/** A scenario made of a file. Throws a `UsageError` that names the file and the line of whatever cannot be read. */
export function importFile(file: string, options: ImportOptions = {}): Imported {
  return importText(readText(file), { ...options, file })
}

/** A scenario made of a file's text: JSON is an incident, anything else a log. Throws as {@link importFile} does. */
export function importText(text: string, { file, ...options }: ImportOptions & { readonly file: string }): Imported {
  if (options.provider !== undefined) checkProvider(options.provider)
  const isJson = /^\uFEFF?\s*[[{]/.test(text)
  const { made, notices } = isJson ? fromIncident(text, options) : fromLog(text, { ...options, file: basename(file) })
  if (isProblems(made)) throw new UsageError(`Failed to import:\n${formatProblems(file, made)}`)
  const yaml = printScenario(made, catalogue)
  const { scenario, diagnostics } = parseScenario(yaml, { catalogue })
  invariant(scenario, `an imported scenario does not pass check: ${formatDiagnostics(diagnostics, yaml)}`)
  return { scenario, yaml, notices }
}

/** Writes a file that is not there yet; with `force`, any. */
export function writeNew(path: string, text: string, { force }: { readonly force: boolean }): void {
  try {
    writeFileSync(path, text, { flag: force ? 'w' : 'wx' })
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EEXIST') throw new UsageError(`${path} is there already.`, 'Choose another name, or add --force.')
    if (code === 'EISDIR') throw new UsageError(`${path} is a folder.`, 'Name a file in it.')
    if (code === 'ENOENT') throw new UsageError(`${path} cannot be written: there is no folder ${dirname(path)}.`)
    throw new UsageError(`${path} cannot be written (${code}).`)
  }
}

type Made = { readonly made: Scenario | readonly ImportProblem[]; readonly notices: readonly string[] }

function fromIncident(text: string, options: ImportOptions): Made {
  const incident = readIncident(text, options.incident)
  if (isProblems(incident)) return { made: incident, notices: [] }
  const told = providerOfPage(incident.page)
  const provider = options.provider ?? told ?? 'anthropic'
  const { id } = options
  return {
    made: scenarioFromIncident(incident, { provider, surfaces: surfacesOf(provider), ...(id !== undefined && { id }) }),
    notices: [
      'Codes and shares are guesses, listed under basis.assumed: a status page does not tell them.',
      ...(options.provider === undefined && told === undefined
        ? ['The page does not say whose it is: taken as anthropic; --provider says otherwise.']
        : []),
    ],
  }
}

function fromLog(
  text: string,
  { file, provider = 'anthropic', id, latencyUnit }: ImportOptions & { file: string },
): Made {
  const log = readLog(text, latencyUnit === undefined ? {} : { latencyUnit })
  if (isProblems(log)) return { made: log, notices: [] }
  const known = surfacesOf(provider)
  const options: FromLogOptions = {
    file,
    provider,
    surface: known.has('api') ? 'api' : ([...known][0] ?? 'api'),
    surfaceOf: name => surfaceOfPath(name, known),
    ...(id !== undefined && { id }),
  }
  return { made: scenarioFromLog(log, options), notices: log.notices }
}

function surfacesOf(provider: string): ReadonlySet<string> {
  return new Set(catalogue.surfaces.get(provider) ?? ['api'])
}

function checkProvider(name: string): void {
  const known = [...catalogue.surfaces.keys()]
  if (known.includes(name)) return
  const near = suggest(name, known)
  throw new UsageError(
    `There is no provider "${name}".`,
    near ? `Did you mean ${near}?` : `Providers: ${known.join(', ')}.`,
  )
}

function readText(file: string): string {
  if (!existsSync(file))
    throw new UsageError(`${file}: there is no such file.`, 'It is looked up from the current folder.')
  let bytes: Uint8Array
  try {
    const { size } = statSync(file)
    if (size > largestBytes)
      throw new UsageError(`${file} has ${Math.round(size / 1e6)} MB.`, 'Cut it to the hours around the outage.')
    bytes = readFileSync(file)
  } catch (error) {
    if (error instanceof UsageError) throw error
    if (codeOf(error) === 'EISDIR') throw new UsageError(`${file} is a folder.`, 'Name a file in it.')
    throw new UsageError(`${file} cannot be read (${codeOf(error)}).`)
  }
  // Spreadsheets like to save UTF-16.
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'
  const text = new TextDecoder(encoding).decode(bytes)
  if (text.includes('\0')) throw new UsageError(`${file} is no text file.`, 'Save it as CSV or JSON, in UTF-8.')
  return text
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
