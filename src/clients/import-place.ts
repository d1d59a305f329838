import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { findSourceMap, type SourceOrigin } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { shownPath } from './find-client.ts'

/** A file with a line and a column, both from 1. */
export type Place = readonly [file: string, line: number, column: number]

export function shownPlace([file, line, column]: Place, cwd: string): string {
  return `${shownPath(file, cwd)}:${line}:${column}`
}

/** tsx hands `.mts` and the like to its compiler under another extension: what was read tells which. */
export function compiledFile(file: string, files: ReadonlySet<string>): string {
  const stem = file.replace(/\.[^.]*$/, '')
  const candidates = [file, ...['.mts', '.mjs', '.cts', '.cjs', '.ts', '.tsx'].map(end => stem + end)]
  return candidates.find(candidate => files.has(pathToFileURL(candidate).href)) ?? file
}

/** Where a file of the graph does not parse, or imports what is not exported. */
export function placeOfSyntaxError(error: SyntaxError, files: ReadonlySet<string>): Place | undefined {
  const place = placeInText(error.stack ?? '') ?? placeInJson(error.message)
  if (place !== undefined) return place
  // Of an ES module V8 tells the line only to whoever runs it: ask Node to check what was read, newest first.
  for (const url of [...files].reverse()) {
    const found = /\.[cm]?js$/.test(url) ? placeInText(checkedByNode(fileURLToPath(url))) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

/** Reads `FILE:LINE`, the line itself, and the caret under it, as Node prints them. */
function placeInText(text: string): Place | undefined {
  const [, file, line, caret] = /^(.+):(\d+)\n.*\n( *)\^/.exec(text) ?? []
  if (file === undefined || line === undefined || caret === undefined) return undefined
  const path = file.startsWith('file:') ? fileURLToPath(file) : file.replace(/\?.*$/, '')
  return [path, Number(line), caret.length + 1]
}

function placeInJson(message: string): Place | undefined {
  const [, file, line, column] = /^(.+\.json): .*\(line (\d+) column (\d+)\)/.exec(message) ?? []
  return file === undefined || line === undefined ? undefined : [file, Number(line), Number(column)]
}

function checkedByNode(path: string): string {
  try {
    execFileSync(process.execPath, ['--check', path], { stdio: 'pipe', encoding: 'utf8', env: {} })
    return ''
  } catch (error) {
    return error instanceof Error && 'stderr' in error ? String(error.stderr) : ''
  }
}

/** First line of a stack in the app's own code. */
export function placeInStack(stack: string): Place | undefined {
  for (const line of stack.split('\n')) {
    const [, where, row, column] = /^\s+at (?:.*?\()?((?:file:\/\/|\/|[A-Za-z]:\\).+):(\d+):(\d+)\)?$/.exec(line) ?? []
    if (where === undefined || where.includes('node_modules')) continue
    return mapped(where.startsWith('file:') ? fileURLToPath(where) : where, Number(row), Number(column))
  }
  return undefined
}

/** Node maps stacks to the source by itself, but not where a test runner formats them: there they may point past its lines. */
function mapped(file: string, line: number, column: number): Place {
  const text = existsSync(file) ? readFileSync(file, 'utf8').split('\n')[line - 1] : undefined
  const origin = text === undefined || column > text.length ? findSourceMap(file)?.findOrigin(line, column) : undefined
  return origin !== undefined && isOrigin(origin)
    ? [file, origin.lineNumber, origin.columnNumber]
    : [file, line, column]
}

function isOrigin(origin: SourceOrigin | object): origin is SourceOrigin {
  return 'lineNumber' in origin
}
