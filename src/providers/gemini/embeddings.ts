import { asArray, isRecord, type JsonRecord } from '../json.ts'
import { textVector } from '../vector.ts'
import { textOf } from './contents.ts'

/** The vectors of `embedContent` or, of many texts, `batchEmbedContents`. `salt` makes them those of other texts. */
export function embeddings(json: JsonRecord, model: string, salt = ''): unknown {
  if (!Array.isArray(json['requests'])) return { embedding: embed(json, model, salt) }
  return { embeddings: asArray(json['requests']).map(request => embed(isRecord(request) ? request : {}, model, salt)) }
}

function embed(request: JsonRecord, model: string, salt: string) {
  const full = model.includes('gemini-embedding') ? 3_072 : 768
  const config = isRecord(request['embedContentConfig']) ? request['embedContentConfig'] : {}
  const wanted = request['outputDimensionality'] ?? config['outputDimensionality']
  const text = isRecord(request['content']) ? textOf(request['content']) : ''
  const vector = textVector(`${salt}${text}`, model, full, typeof wanted === 'number' ? Math.min(wanted, full) : full)
  return { values: Array.from(vector) }
}
