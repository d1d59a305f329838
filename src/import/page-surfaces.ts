import type { PageComponent } from './incident.ts'

/** Component ids of known pages: names change from one year to the next, ids stay. */
const byId: Readonly<Record<string, string>> = {
  rwppv331jlwc: 'chat',
  k8w3r06qmzrp: 'api',
  yyzkbfz2thpt: 'code',
}

/** By name, in order: the first that fits and that the provider has. */
const byName: readonly (readonly [RegExp, string])[] = [
  [/government|cowork/i, ''],
  [/log.?in|sign.?in|auth/i, 'login'],
  [/chat.?completions/i, 'api.chat-completions'],
  [/\bresponses\b/i, 'api.responses'],
  [/embeddings/i, 'api.embeddings'],
  [/batch/i, 'api.batches'],
  [/\bfiles?\b/i, 'api.files'],
  [/claude code|codex/i, 'code'],
  [/console|platform|dashboard/i, 'console'],
  [/\bapis?\b|inference|vertex|bedrock|gemini/i, 'api'],
  [/claude\.ai|chatgpt|\bapp\b|\bweb\b|conversations?/i, 'chat'],
]

/** The surface that a component of a status page stands for; `undefined` where the provider has none like it. */
export function surfaceOfComponent(
  { id, name }: Pick<PageComponent, 'id' | 'name'>,
  known: ReadonlySet<string>,
): string | undefined {
  const fixed = byId[id]
  if (fixed !== undefined && known.has(fixed)) return fixed
  for (const [pattern, surface] of byName) {
    if (!pattern.test(name)) continue
    if (surface === '') return undefined
    if (known.has(surface)) return surface
  }
  return undefined
}

/** Whose page it is, told by the words in it. */
export function providerOfPage(words: string): string | undefined {
  if (/anthropic|claude/i.test(words)) return 'anthropic'
  if (/openai|chatgpt/i.test(words)) return 'openai'
  if (/bedrock/i.test(words)) return 'bedrock'
  if (/vertex/i.test(words)) return 'vertex'
  return /gemini|aistudio/i.test(words) ? 'gemini' : undefined
}

/** The surface that a path or a name in a log stands for: the known one whose last part is the latest in it. */
export function surfaceOfPath(path: string, known: ReadonlySet<string>): string | undefined {
  const plain = path.trim().toLowerCase()
  if (known.has(plain)) return plain
  const [withoutQuery = ''] = plain.split(/[?#]/)
  const words = `-${withoutQuery.replace(/[^a-z0-9]+/g, '-')}-`
  const found = [...known]
    .filter(surface => surface.includes('.'))
    .map(surface => ({ surface, at: words.lastIndexOf(`-${surface.split('.').at(-1)}-`) }))
    .filter(({ at }) => at !== -1)
    .sort((a, b) => b.at - a.at)
  return found[0]?.surface
}
