import { isBuiltin } from 'node:module'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { UsageError } from '../lib/errors.ts'
import { nearbyPath, shownPath } from './find-client.ts'
import { compiledFile, placeInStack, placeOfSyntaxError, shownPlace } from './import-place.ts'
import type { FailedImport } from './module-graph.ts'

/** What a module is loaded as. */
export type LoadedKind = 'client' | 'config'

export interface ImportProblem {
  readonly error: unknown
  /** What is loaded; a client when absent. */
  readonly what?: LoadedKind
  /** As the person named it. */
  readonly specifier: string
  readonly cwd: string
  readonly tsconfig: string | undefined
  readonly failedImport: FailedImport | undefined
  /** URLs of the files that were read. */
  readonly files: ReadonlySet<string>
}

/** What went wrong while a client module was imported, in words that name the place and the fix. */
export function importProblem(problem: ImportProblem): UsageError {
  const { error, failedImport } = problem
  if (failedImport !== undefined) return unresolved(problem, failedImport)
  if (isTransformError(error)) return notParsed(problem, error.message)
  if (error instanceof SyntaxError) {
    const place = placeOfSyntaxError(error, problem.files)
    if (place !== undefined) return misspelt(problem, shownPlace(place, problem.cwd), error.message)
  }
  // CommonJS finds this out as it resolves, an ES module as it loads.
  if (error instanceof Error && codeOf(error) === 'ERR_UNKNOWN_BUILTIN_MODULE')
    return failed(problem, `${error.message}.`, `Node ${process.version} does not have it.`)
  return thrown(problem, error)
}

function failed(problem: ImportProblem, what: string, hint: string): UsageError {
  return new UsageError(`Failed to load ${problem.what ?? 'client'} "${problem.specifier}": ${what}`, hint)
}

function unresolved(problem: ImportProblem, { specifier, importer }: FailedImport): UsageError {
  const from = importer.startsWith('file:') ? fileURLToPath(importer) : importer
  const what = `cannot find "${specifier}", imported from ${shownPath(from, problem.cwd)}.`
  return failed(problem, what, fixOf(specifier, from, problem))
}

function fixOf(specifier: string, from: string, problem: ImportProblem): string {
  const { error, tsconfig, cwd } = problem
  if (specifier.startsWith('file:') || /^(\.{0,2}[/\\]|\.{1,2}$)/.test(specifier)) {
    const path = specifier.startsWith('file:') ? fileURLToPath(specifier) : resolve(dirname(from), specifier)
    const near = nearbyPath(path)
    return near === undefined || near === path
      ? `There is no module at ${shownPath(path, cwd)}. Check the path.`
      : `Did you mean ${importable(relative(dirname(from), near))}?`
  }
  if (specifier.startsWith('node:') || isBuiltin(specifier)) return `Node ${process.version} has no such module.`
  if (specifier.startsWith('#')) return 'Add it to "imports" in the package.json above that file.'
  if (/^(@|~)\//.test(specifier) || specifier.startsWith('~'))
    return tsconfig === undefined
      ? `It looks like an alias, but there is no tsconfig.json above the ${problem.what ?? 'client'}. Add one with "paths".`
      : `It looks like an alias. Add it to "paths" in ${shownPath(tsconfig, cwd)}, or check the path behind it.`
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
  if (codeOf(error) === 'ERR_PACKAGE_PATH_NOT_EXPORTED')
    return `The package ${name} is there, but does not export that. Check the path, or its version.`
  return `Run npm install ${name} in the project of that file.`
}

/** What V8 says of a file: its syntax, or an import that links to nothing. */
function misspelt(problem: ImportProblem, place: string, message: string): UsageError {
  const said = message.replace(/^.+\.json: /, '').replace(/ in JSON at position .*$/, '')
  return failed(
    problem,
    `${place}: ${said}.`,
    said.includes('does not provide an export')
      ? 'Check the name; a type needs `import type`.'
      : 'The file does not parse.',
  )
}

/** `Transform failed with 1 error:`, then a line each of `FILE:LINE:COLUMN: ERROR: TEXT`, with columns from 0. */
function notParsed(problem: ImportProblem, message: string): UsageError {
  const [, file = '', line = '', column = '', text = message] = /^(.+):(\d+):(\d+): ERROR: (.*)$/m.exec(message) ?? []
  const place = `${shownPath(compiledFile(file, problem.files), problem.cwd)}:${line}:${Number(column) + 1}`
  if (text.includes('Top-level await'))
    return failed(
      problem,
      `${place}: await at the top level of a CommonJS module.`,
      'Name the file .mts, or put "type": "module" in its package.json.',
    )
  return failed(problem, `${place}: ${text}.`, 'The file does not parse.')
}

function thrown(problem: ImportProblem, error: unknown): UsageError {
  const place = error instanceof Error ? placeInStack(error.stack ?? '') : undefined
  const where = place === undefined ? 'it' : shownPlace(place, problem.cwd)
  const what = error instanceof Error ? `${error.name}: ${error.message}` : inspect(error, { depth: 1 })
  return failed(
    problem,
    `${where} threw while it was imported: ${what}`,
    problem.what === 'config'
      ? 'What stands at the top level runs on import.'
      : 'What stands at the top level runs on import. What can fail belongs in `start`.',
  )
}

function isTransformError(error: unknown): error is Error {
  return error instanceof Error && error.message.startsWith('Transform failed')
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

function importable(path: string): string {
  return path.startsWith('.') ? path : `./${path}`
}
