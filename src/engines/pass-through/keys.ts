import { redact } from '../../journal/redact.ts'
import { UsageError } from '../../lib/errors.ts'
import { canaryKeys, canaryOwner, tokenStems } from '../../providers/canary.ts'
import { checkProviderName } from './provider-name.ts'

/** The names of environment variables that hold real keys, by provider. */
export type KeyFrom = Readonly<Record<string, string>>

/** Real keys for canary ones. */
export interface Keys {
  /** `text` with the real key of `provider` wherever its canary key stood; as it is when no real one was named. */
  replaceIn(provider: string, text: string): string
  /** `text` without any key at all, for what people read. */
  hideIn(text: string): string
}

/** Longer than any message, so that nothing is cut for its length. */
const wholeText = 4_000

/**
 * Reads the keys that the user named, and no others. Throws a `UsageError`, without the key, when a variable is empty or
 * holds a canary key.
 */
export function readKeys(keyFrom: KeyFrom, env: Readonly<Record<string, string | undefined>>): Keys {
  const real = new Map<string, { readonly key: string; readonly canary: RegExp }>()
  for (const [provider, name] of Object.entries(keyFrom)) {
    checkProviderName(provider, 'to have a key')
    const key = env[name]?.trim()
    if (!key)
      throw new UsageError(
        `The key of ${provider} was to come from ${name}, which is not set.`,
        `Set ${name} where you start the drill, or leave --key-from out: then the client's own key goes through.`,
      )
    if (canaryOwner(key) !== undefined)
      throw new UsageError(
        `${name} holds a canary key, which opens nothing at ${provider}.`,
        `Name a variable with a real key of ${provider}.`,
      )
    real.set(provider, { key, canary: canaryOf(provider) })
  }
  return {
    replaceIn(provider, text) {
      const known = real.get(provider)
      return known === undefined ? text : text.replace(known.canary, () => known.key)
    },
    hideIn(text) {
      let hidden = text
      for (const { key } of real.values()) hidden = hidden.replaceAll(key, '[redacted]')
      return redact(hidden, wholeText)
    },
  }
}

/** The provider's canary key, and the access tokens that a run hands out in its name. */
function canaryOf(provider: string): RegExp {
  const stem = Object.entries(tokenStems).find(([owner]) => owner === provider)?.[1]
  const words = [literally(canaryKeys[provider] ?? provider)]
  if (stem !== undefined) words.push(`${literally(stem)}\\.[\\w-]+`)
  return new RegExp(words.join('|'), 'g')
}

function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
