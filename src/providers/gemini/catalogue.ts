const generating = ['generateContent', 'countTokens', 'createCachedContent', 'batchGenerateContent']
const embedding = ['embedContent', 'countTextTokens', 'countTokens']

interface Model {
  readonly id: string
  readonly displayName: string
  readonly embeds?: boolean
}

const models: readonly Model[] = [
  { id: 'gemini-2.5-pro', displayName: 'Gemini 2.5 Pro' },
  { id: 'gemini-2.5-flash', displayName: 'Gemini 2.5 Flash' },
  { id: 'gemini-2.5-flash-lite', displayName: 'Gemini 2.5 Flash-Lite' },
  { id: 'gemini-embedding-001', displayName: 'Gemini Embedding 001', embeds: true },
]

/** The list of models, or one of them; `undefined` for one that is no model of Gemini's. */
export function catalogue(model: string | undefined): unknown {
  if (model === undefined) return { models: models.map(info) }
  const found = models.find(({ id }) => id === model)
  if (found === undefined && !model.startsWith('gemini-')) return undefined
  return info(found ?? { id: model, displayName: model })
}

function info({ id, displayName, embeds = false }: Model) {
  return {
    name: `models/${id}`,
    version: '001',
    displayName,
    inputTokenLimit: embeds ? 2_048 : 1_048_576,
    outputTokenLimit: embeds ? 1 : 65_536,
    supportedGenerationMethods: embeds ? embedding : generating,
  }
}
