/**
 * The keys that a run hands to apps in place of real ones, by provider. A stray client cannot spend money with them,
 * and one that turns up at another provider is a leak.
 */
export const canaryKeys: Readonly<Record<string, string>> = Object.freeze({
  anthropic: 'sk-ant-canary-blackstart',
  openai: 'sk-canary-blackstart-openai',
  gemini: 'AIza-canary-blackstart-gemini',
  bedrock: 'AKIACANARYBLACKSTART',
  vertex: 'ya29.canary-blackstart-vertex',
  http: 'canary-blackstart-http',
})

const owners: ReadonlyMap<string, string> = new Map(Object.entries(canaryKeys).map(([owner, key]) => [key, owner]))

/** What the access tokens begin with that a run hands out, by provider; each ends in a dot and a name of its own. */
export const tokenStems = Object.freeze({
  anthropic: 'sk-ant-oat01-canary-blackstart',
  vertex: 'ya29.canary-blackstart-token',
})

const stemOwners: ReadonlyMap<string, string> = new Map(
  Object.entries(tokenStems).map(([owner, stem]) => [stem, owner]),
)

/** The provider whose canary key this is, or one of whose tokens. */
export function canaryOwner(key: string): string | undefined {
  return owners.get(key) ?? stemOwners.get(key.slice(0, key.lastIndexOf('.')))
}

/** The providers whose canary key or token stands somewhere in `text`. */
export function canaryOwnersIn(text: string): readonly string[] {
  // Every header of every request is looked through, and hardly one has any: one of these stands in each mark.
  if (!text.includes('canary') && !text.includes('CANARY')) return none
  return ownersInKeys.get(text) ?? ownersIn(text)
}

const none: readonly string[] = []

function ownersIn(text: string): readonly string[] {
  return marks.flatMap(([mark, owner]) => (text.includes(mark) ? [owner] : []))
}

const marks: readonly (readonly [mark: string, owner: string])[] = [...owners, ...stemOwners]

/** Most texts that have any are just a key. */
const ownersInKeys: ReadonlyMap<string, readonly string[]> = new Map(
  [...owners.keys()].map(key => [key, ownersIn(key)]),
)
