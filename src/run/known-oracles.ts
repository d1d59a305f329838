import { UsageError } from '../lib/errors.ts'
import { suggest } from '../lib/suggest.ts'
import type { Thresholds } from '../oracles/judge-all.ts'

/** Throws a `UsageError` for a threshold of an oracle that nobody knows: it would be heeded by none. */
export function refuseUnknownOracles(
  { thresholds = {} }: { readonly thresholds?: Thresholds | undefined },
  known: ReadonlyMap<string, unknown>,
): void {
  const wrong = Object.keys(thresholds).find(id => !known.has(id))
  if (wrong === undefined) return
  const near = suggest(wrong, known.keys())
  throw new UsageError(
    `"thresholds" names "${wrong}", and there is no such oracle.`,
    near === undefined ? 'docs/oracles.md has all ids.' : `Did you mean ${near}?`,
  )
}
