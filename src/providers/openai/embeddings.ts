import { isRecord, type JsonRecord } from '../json.ts'
import type { Recognised } from '../provider.ts'
import { textVector } from '../vector.ts'

/** The size of a model's own embeddings. */
export function sizeOfModel(model: string): number {
  return model.includes('embedding-3-large') ? 3_072 : 1_536
}

/** An embedding list as `POST /v1/embeddings` returns it. `salt` makes them those of other texts. */
export function embeddingsJson({ json: body, model = '', inputTokens }: Recognised, salt = ''): string {
  const json = isRecord(body) ? body : {}
  const full = sizeOfModel(model)
  const size = typeof json['dimensions'] === 'number' ? json['dimensions'] : full
  const base64 = json['encoding_format'] === 'base64'
  const data = inputsOf(json).map((input, index) => {
    const vector = textVector(`${salt}${input}`, model, full, size)
    const embedding = base64 ? Buffer.from(vector.buffer).toString('base64') : Array.from(vector)
    return { object: 'embedding', index, embedding }
  })
  return JSON.stringify({
    object: 'list',
    data,
    model,
    usage: { prompt_tokens: inputTokens, total_tokens: inputTokens },
  })
}

/** The texts to embed, one each; one given in tokens stands for a text of its own. */
export function inputsOf(json: JsonRecord): readonly string[] {
  const { input } = json
  if (typeof input === 'string') return [input]
  if (!Array.isArray(input)) return []
  const tokens = input.every(item => typeof item === 'number')
  if (tokens && input.length > 0) return [input.join(' ')]
  return input.map(item => (Array.isArray(item) ? item.join(' ') : String(item)))
}
