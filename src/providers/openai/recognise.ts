import { bearer, credentialName } from '../credential.ts'
import { shortHash } from '../hash.ts'
import { asArray, asText, isRecord, type JsonRecord, parseJson, textLength } from '../json.ts'
import type { Recognised, WireRequest } from '../provider.ts'
import { askedQuestion } from './conversation.ts'
import { deploymentIn, modelIn, type Surface, surfaceOf } from './surfaces.ts'

/** What an answer is reckoned at where the request sets no limit: the field is optional here. */
const usualMaxTokens = 1_024

/** Reads a request as OpenAI would; `undefined` when it is not for OpenAI. */
export function recognise(request: WireRequest): Recognised | undefined {
  const { method, url, headers } = request
  let parsed: { json: unknown } | undefined
  const body = () => {
    parsed ??= { json: parseJson(request.body) }
    return parsed.json
  }
  const surface = surfaceOf(url, named => speaksOpenAi(named, request, body))
  if (surface === undefined) return undefined

  const json = body()
  const fields = isRecord(json) ? json : {}
  const retryCount = Number.parseInt(headers['x-stainless-retry-count'] ?? '', 10)
  const asked = asText(fields['model']) ?? deploymentIn(url.pathname)
  return {
    provider: 'openai',
    surface,
    model: surface === 'api.models' ? modelIn(url.pathname) : asked,
    streaming: (surface === 'api.chat-completions' || surface === 'api.responses') && fields['stream'] === true,
    key: credentialName('openai', headers['api-key'] ?? bearer(headers['authorization'])),
    inputTokens: estimateTokens(fields),
    maxOutputTokens: surface === 'api.embeddings' ? 0 : maxTokens(fields),
    question: askedQuestion(surface, fields),
    bodyHash: callHash(method, surface, url.pathname, json, request.body),
    json,
    retryCount: Number.isNaN(retryCount) ? undefined : retryCount,
    route: `${method} ${url.pathname}`,
  }
}

/** Whether a request on somebody else's host has the form that OpenAI's endpoint asks for. */
function speaksOpenAi(surface: Surface, { method, url, headers }: WireRequest, body: () => unknown): boolean {
  if (headers['anthropic-version'] !== undefined || headers['x-goog-api-key'] !== undefined) return false
  if (surface === 'api.models') {
    const keyed = headers['api-key'] !== undefined || /^bearer /i.test(headers['authorization'] ?? '')
    // Anything may have models, and one of them under such a path.
    const isOurs = /^OpenAI\//.test(headers['user-agent'] ?? '') || /\/v1\/models\/*$/.test(url.pathname)
    return method === 'GET' && keyed && isOurs
  }
  if (surface === 'api.responses' && /\/responses\/resp_[^/]+/.test(url.pathname)) return true
  const json = method === 'POST' ? body() : undefined
  if (!isRecord(json)) return false
  if (typeof json['model'] !== 'string' && deploymentIn(url.pathname) === undefined) return false
  if (surface === 'api.chat-completions') return Array.isArray(json['messages'])
  return json['input'] !== undefined || json['previous_response_id'] !== undefined || json['prompt'] !== undefined
}

function maxTokens(fields: JsonRecord): number {
  const limit = fields['max_completion_tokens'] ?? fields['max_output_tokens'] ?? fields['max_tokens']
  return typeof limit === 'number' ? limit : usualMaxTokens
}

/** Four characters a token, over all that is read; an embedding may be asked for in tokens. */
function estimateTokens(fields: JsonRecord): number {
  const input = asArray(fields['input']).flat()
  const tokens = input.filter(item => typeof item === 'number').length
  const read = ['messages', 'input', 'instructions'].reduce((sum, name) => sum + textLength(fields[name]), 0)
  const schemas = ['tools', 'functions', 'response_format', 'text'].reduce(
    (sum, name) => sum + (fields[name] === undefined ? 0 : JSON.stringify(fields[name]).length),
    0,
  )
  return tokens + Math.ceil((read + schemas) / 4)
}

/** `metadata` may change from one attempt to the next; a document also counts by its path. */
function callHash(method: string, surface: Surface, path: string, json: unknown, body: string): string {
  const where = method === 'POST' && surface !== 'api' ? surface : `${method} ${path}`
  if (!isRecord(json)) return shortHash(`${where}\n${body}`)
  const { metadata: _, ...rest } = json
  return shortHash(`${where}\n${JSON.stringify(rest)}`)
}
