import { readFileSync } from 'node:fs'
import { UsageError } from '../../lib/errors.ts'
import type { SearchSummary } from '../../search/summary.ts'

/** Reads the summary of a search. Throws a `UsageError` for what is none. */
export function readSummary(file: string): SearchSummary {
  const hint = 'It is written by `blackstart search --report json=FILE`.'
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new UsageError(`Failed to read ${file}: ${error instanceof Error ? error.message : String(error)}.`, hint)
  }
  if (!isSummary(value)) throw new UsageError(`${file} is no summary of a search.`, hint)
  return value
}

/** Whether it says it is one; what it then holds was written by the same version, or the merge refuses it. */
export function isSummary(value: unknown): value is SearchSummary {
  return (
    typeof value === 'object' &&
    value !== null &&
    Reflect.get(value, 'kind') === 'search' &&
    Reflect.get(value, 'version') === 1 &&
    Array.isArray(Reflect.get(value, 'parts')) &&
    Array.isArray(Reflect.get(value, 'found'))
  )
}
