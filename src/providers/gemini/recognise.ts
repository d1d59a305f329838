import { bearer, credentialName } from '../credential.ts'
import { shortHash } from '../hash.ts'
import { asArray, isRecord, type JsonRecord, parseJson, textLength } from '../json.ts'
import type { Recognised, WireRequest } from '../provider.ts'
import { configOf } from './asked.ts'
import { askedQuestion, contentsOf } from './contents.ts'
import { endpointOf } from './surfaces.ts'

/** Reads a request as the Gemini API would; `undefined` when it is not for it. */
export function recognise({ method, url, headers, body }: WireRequest): Recognised | undefined {
  const endpoint = endpointOf(method, url, headers['x-goog-api-key'] !== undefined)
  if (endpoint === undefined) return undefined
  const json = parseJson(body)
  const fields = generateRequest(isRecord(json) ? json : {})
  const limit = configOf(fields)['maxOutputTokens']
  // A key may stand in the address, from where it must not spread.
  const { key, ...query } = Object.fromEntries(url.searchParams)
  return {
    provider: 'gemini',
    surface: endpoint.surface,
    model: endpoint.model,
    streaming: endpoint.streaming,
    key: credentialName('gemini', headers['x-goog-api-key'] ?? key ?? bearer(headers['authorization'])),
    inputTokens: estimateTokens(fields),
    maxOutputTokens: typeof limit === 'number' ? limit : 8_192,
    question: askedQuestion(contentsOf(fields)),
    bodyHash: shortHash(`${method} ${url.pathname}\n${body}`),
    retryCount: undefined,
    route: `${method} ${url.pathname}`,
    query: new URLSearchParams(query).toString(),
    json,
  }
}

/** To count tokens, a request may be handed in whole. */
function generateRequest(json: JsonRecord): JsonRecord {
  return isRecord(json['generateContentRequest']) ? json['generateContentRequest'] : json
}

/** Four characters a token, over all that is read. */
function estimateTokens(fields: JsonRecord): number {
  const tools = fields['tools'] === undefined ? 0 : JSON.stringify(fields['tools']).length
  const read = [fields['systemInstruction'], fields['contents'], fields['content']]
  const batch = asArray(fields['requests']).map(request => (isRecord(request) ? request['content'] : undefined))
  const characters = [...read, ...batch].reduce<number>((sum, part) => sum + textLength(part), tools)
  return Math.ceil(characters / 4)
}

/** Server-sent events where they are asked for; else a stream is the items of one JSON array. */
export function isEventStream({ streaming, query }: Recognised): boolean {
  return streaming && new URLSearchParams(query).get('alt') === 'sse'
}
