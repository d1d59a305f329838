// Dates on which each was made, seconds since the epoch.
const models = [
  ['gpt-5.5', 1_776_800_000, 'system'],
  ['gpt-5.4', 1_772_500_000, 'system'],
  ['gpt-5.4-mini', 1_773_700_000, 'system'],
  ['gpt-5', 1_754_425_777, 'system'],
  ['gpt-4.1', 1_744_316_542, 'system'],
  ['gpt-4o', 1_715_367_049, 'system'],
  ['gpt-4o-mini', 1_721_172_741, 'system'],
  ['o4-mini', 1_744_225_351, 'system'],
  ['text-embedding-3-small', 1_705_948_997, 'system'],
  ['text-embedding-3-large', 1_705_953_180, 'system'],
  ['text-embedding-ada-002', 1_671_217_299, 'openai-internal'],
] as const

/** What `GET /v1/models` answers, or `/v1/models/ID`; `undefined` for a model that OpenAI could not have. */
export function modelsJson(model: string | undefined): string | undefined {
  const all = models.map(([id, created, owner]) => modelInfo(id, created, owner))
  if (model === undefined) return JSON.stringify({ object: 'list', data: all })
  const found = all.find(({ id }) => id === model)
  if (found !== undefined) return JSON.stringify(found)
  // The other endpoints take any model, so a name of the right family is not denied here.
  return /^(?:gpt-|o\d|text-embedding-|chatgpt-|ft:)/.test(model)
    ? JSON.stringify(modelInfo(model, 1_772_500_000, 'system'))
    : undefined
}

function modelInfo(id: string, created: number, owner: string) {
  return { id, object: 'model', created, owned_by: owner }
}
