import { canaryOwner, canaryOwnersIn } from './canary.ts'
import { shortHash } from './hash.ts'

/**
 * What a credential is called in a journal, as seen by `provider`: `canary`, `canary:openai` (another provider's: a
 * leak), `none`, or a short hash. The credential itself never leaves.
 */
export function credentialName(provider: string, credential: string | undefined): string {
  const key = credential?.trim()
  if (!key) return 'none'
  const owner = canaryOwner(key)
  if (owner === undefined) return shortHash(key)
  return owner === provider ? 'canary' : `canary:${owner}`
}

/** Whether a name of {@link credentialName} is that of another provider's key, which opens nothing here. */
export function isForeign(name: string): boolean {
  return name.startsWith('canary:')
}

/**
 * Names of other providers' keys in a request: the one that it asks with (`key` is its name), and those in its other
 * headers, which are sent all the same.
 */
export function foreignKeys(
  { provider, key }: { readonly provider: string; readonly key: string },
  headers: Readonly<Record<string, string>>,
): ReadonlySet<string> {
  const names = new Set<string>()
  if (isForeign(key)) names.add(key)
  for (const name in headers)
    for (const owner of canaryOwnersIn(headers[name] ?? '')) if (owner !== provider) names.add(`canary:${owner}`)
  return names
}

/** The token of an `Authorization: Bearer` header. */
export function bearer(authorization: string | undefined): string | undefined {
  return authorization === undefined ? undefined : (/^bearer\s+(.+)$/i.exec(authorization)?.[1] ?? authorization)
}
