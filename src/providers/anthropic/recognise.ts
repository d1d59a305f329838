import { bearer, credentialName } from '../credential.ts'
import { shortHash } from '../hash.ts'
import { asArray, asText, isRecord, parseJson, textLength } from '../json.ts'
import type { Recognised, WireRequest } from '../provider.ts'
import { askedQuestion } from './conversation.ts'
import { surfaceOf } from './surfaces.ts'

/** Reads a request as Anthropic would; `undefined` when it is not for Anthropic. Both ways to send a key are in the wild. */
export function recognise(request: WireRequest): Recognised | undefined {
  const { method, url, headers } = request
  let parsed: { json: unknown } | undefined
  const body = () => {
    parsed ??= { json: parseJson(request.body) }
    return parsed.json
  }
  const surface = surfaceOf(method, url, named => {
    if (headers['anthropic-version'] !== undefined) return true
    const json = named === 'api.messages' && /\/v1\/messages\/*$/.test(url.pathname) ? body() : undefined
    return isRecord(json) && typeof json['model'] === 'string' && Array.isArray(json['messages'])
  })
  if (surface === undefined) return undefined

  const json = body()
  const fields = isRecord(json) ? json : {}
  const retryCount = Number.parseInt(headers['x-stainless-retry-count'] ?? '', 10)
  const version = headers['anthropic-version']
  return {
    provider: 'anthropic',
    surface,
    model: surface === 'api.models' ? modelInPath(url.pathname) : asText(fields['model']),
    streaming: surface === 'api.messages' && fields['stream'] === true,
    key: credentialName('anthropic', headers['x-api-key'] ?? bearer(headers['authorization'])),
    inputTokens: estimateTokens(fields),
    maxOutputTokens: typeof fields['max_tokens'] === 'number' ? fields['max_tokens'] : 0,
    question: askedQuestion(asArray(fields['messages'])),
    bodyHash: callHash(method, surface, url.pathname, json, request.body),
    json,
    retryCount: Number.isNaN(retryCount) ? undefined : retryCount,
    route: `${method} ${url.pathname}`,
    ...(version !== undefined && { apiVersion: version }),
  }
}

function modelInPath(path: string): string | undefined {
  const id = /\/models\/([^/]+)\/*$/.exec(path)?.[1]
  if (id === undefined) return undefined
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}

/** Four characters a token, over all that is read: system, messages, tools. */
function estimateTokens(fields: Readonly<Record<string, unknown>>): number {
  const tools = fields['tools'] === undefined ? 0 : JSON.stringify(fields['tools']).length
  const characters = textLength(fields['system']) + textLength(fields['messages']) + tools
  return Math.ceil(characters / 4)
}

/** `metadata` (a user's id, a trace) may change from one attempt to the next; a document also counts by its path. */
function callHash(method: string, surface: string, path: string, json: unknown, body: string): string {
  const where = surface === 'api.messages' || surface === 'api.count-tokens' ? surface : `${method} ${path}`
  if (!isRecord(json)) return shortHash(`${where}\n${body}`)
  const { metadata: _, ...rest } = json
  return shortHash(`${where}\n${JSON.stringify(rest)}`)
}
