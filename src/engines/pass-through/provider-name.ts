import { UsageError } from '../../lib/errors.ts'
import { suggest } from '../../lib/suggest.ts'
import { providers } from '../../providers/index.ts'

/** Throws a `UsageError` when there is no such provider; `what` says what it was named for. */
export function checkProviderName(name: string, what: string): void {
  const known = providers.map(({ id }) => id)
  if (known.includes(name)) return
  const meant = suggest(name, known)
  const hint = meant === undefined ? `The providers are: ${known.join(', ')}.` : `Did you mean "${meant}"?`
  throw new UsageError(`There is no provider "${name}" ${what}.`, hint)
}
