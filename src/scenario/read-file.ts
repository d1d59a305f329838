import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { suggest } from '../lib/suggest.ts'
import type { Catalogue } from './catalogue.ts'
import type { Diagnostic } from './diagnostic.ts'
import { largestScenario, notText, type ParseResult, parseScenario, tooLarge } from './parse.ts'
import { positionsOf } from './positions.ts'

export interface ReadResult extends ParseResult {
  /** What the file holds, for excerpts; empty when it could not be read. */
  readonly text: string
}

type Problem = Pick<Diagnostic, 'code' | 'message' | 'hint'>

/** Reads a scenario file. A file that is missing, too large or no text is a diagnostic like any other. */
export function readScenarioFile(path: string, { catalogue }: { readonly catalogue: Catalogue }): ReadResult {
  const content = readText(path)
  if (typeof content === 'string') return { ...parseScenario(content, { catalogue, file: path }), text: content }
  const { code, message, hint } = content
  const place = { line: 1, column: 1 }
  const diagnostic: Diagnostic = { file: path, ...place, code, severity: 'error', message, ...(hint && { hint }) }
  return { diagnostics: [diagnostic], positions: positionsOf(new Map()), text: '' }
}

/** The text of a file, or why there is none. */
export function readText(path: string): string | Problem {
  let bytes: Uint8Array
  try {
    const stats = statSync(path)
    if (stats.isDirectory()) return directory(path)
    if (stats.size > largestScenario) return tooLarge(stats.size)
    bytes = readAtMost(path, largestScenario + 1)
  } catch (error) {
    return unreadable(path, error)
  }
  // Devices and pipes do not tell their size.
  if (bytes.length > largestScenario) return tooLarge(undefined)
  if (bytes.includes(0)) return notText
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch {
    return notText
  }
}

function readAtMost(path: string, limit: number): Uint8Array {
  const buffer = new Uint8Array(limit)
  const descriptor = openSync(path, 'r')
  try {
    let length = 0
    for (let count = -1; count !== 0 && length < limit; length += count)
      count = readSync(descriptor, buffer, length, limit - length, null)
    return buffer.subarray(0, length)
  } finally {
    closeSync(descriptor)
  }
}

function directory(path: string): Problem {
  const inside = filesBeside(join(path, 'x')).filter(name => /\.ya?ml$/.test(name))
  const first = inside[0]
  const hint = first === undefined ? 'Name a scenario file.' : `Name a file in it, for example ${join(path, first)}.`
  return { code: 'file-is-directory', message: 'This is a directory, not a scenario file.', hint }
}

function unreadable(path: string, error: unknown): Problem {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
  if (code === 'ENOENT') {
    const meant = suggest(basename(path), filesBeside(path))
    const hint = meant
      ? `Did you mean "${join(dirname(path), meant)}"?`
      : 'Check the path; it is looked up from the current folder.'
    return { code: 'file-missing', message: 'There is no such file.', hint }
  }
  if (code === 'EACCES' || code === 'EPERM')
    return { code: 'file-unreadable', message: 'This file may not be read.', hint: 'Check its permissions.' }
  return { code: 'file-unreadable', message: `This file cannot be read (${code}).` }
}

function filesBeside(path: string): readonly string[] {
  try {
    return readdirSync(dirname(path)).sort()
  } catch {
    return []
  }
}
