import { bearer, credentialName } from '../credential.ts'
import { shortHash } from '../hash.ts'
import { asArray, asText, isRecord, type JsonRecord, parseJson } from '../json.ts'
import { type FormPart, formParts } from '../multipart.ts'
import type { Recognised, WireRequest } from '../provider.ts'
import { isIssued } from '../tokens.ts'
import { readMessage } from './reading.ts'
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
    if (named === 'login') return headers['anthropic-beta']?.includes('oauth') === true
    const json = named === 'api.messages' && /\/v1\/messages\/*$/.test(url.pathname) ? body() : undefined
    return isRecord(json) && typeof json['model'] === 'string' && Array.isArray(json['messages'])
  })
  if (surface === undefined) return undefined

  const json = surface === 'api.files' ? upload(request) : surface === 'login' ? form(request) : body()
  const fields = isRecord(json) ? json : {}
  const said = readMessage(fields)
  const retryCount = Number.parseInt(headers['x-stainless-retry-count'] ?? '', 10)
  const version = headers['anthropic-version']
  const origin = ownOrigin(request)
  const credential = headers['x-api-key'] ?? bearer(headers['authorization'])
  return {
    provider: 'anthropic',
    surface,
    ...said,
    ...(surface === 'api.models' && { model: modelInPath(url.pathname) }),
    ...(surface === 'api.batches' && { inputTokens: batchTokens(fields) }),
    streaming: surface === 'api.messages' && fields['stream'] === true,
    key: credentialName('anthropic', surface === 'login' ? grantor(fields) : credential),
    bodyHash: callHash(request, surface, json),
    json,
    retryCount: Number.isNaN(retryCount) ? undefined : retryCount,
    route: `${method} ${url.pathname}`,
    ...(url.search !== '' && { query: url.search.slice(1) }),
    ...(origin !== undefined && { origin }),
    ...(isIssued('anthropic', credential) && { token: credential }),
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

/** A batch is read whole. */
function batchTokens(fields: JsonRecord): number {
  return asArray(fields['requests']).reduce<number>((sum, line) => {
    const params = isRecord(line) && isRecord(line['params']) ? line['params'] : {}
    return sum + readMessage(params).inputTokens
  }, 0)
}

/** The parts of an upload, as a document: the body's own bytes begin with a boundary that is another at each attempt. */
function upload({ headers, body, bodyBytes }: WireRequest): unknown {
  const parts = formParts(headers['content-type'], body, bodyBytes ?? Buffer.byteLength(body))
  return parts === undefined ? parseJson(body) : Object.fromEntries(parts.map(part => [part.name, partValue(part)]))
}

function partValue({ filename, type, text, bytes }: FormPart): unknown {
  if (filename === undefined) return text
  return { filename, type, bytes, hash: shortHash(text) }
}

/** A login may be sent as JSON or as a form. */
function form({ headers, body }: WireRequest): unknown {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true
  return isForm ? Object.fromEntries(new URLSearchParams(body)) : parseJson(body)
}

/** Who asks for a token. */
function grantor({ refresh_token: refresh, assertion, client_id: client }: JsonRecord): string | undefined {
  return asText(refresh) ?? asText(assertion) ?? asText(client)
}

/** Where a client on this machine reaches it: links that an answer holds must lead back there, never to the real host. */
function ownOrigin({ url, headers }: WireRequest): string | undefined {
  const host = headers['host'] ?? url.host
  const scheme = headers['x-forwarded-proto'] === 'https' ? 'https' : 'http'
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/.test(host) ? `${scheme}://${host}` : undefined
}

/** `metadata` (a user's id, a trace) may change from one attempt to the next; a document also counts by its address. */
function callHash({ method, url, body }: WireRequest, surface: string, json: unknown): string {
  const isModel = surface === 'api.messages' || surface === 'api.count-tokens'
  const where = isModel ? surface : `${method} ${url.pathname}${pageOf(url)}`
  if (!isRecord(json)) return shortHash(`${where}\n${body}`)
  if (!('metadata' in json)) return shortHash(`${where}\n${JSON.stringify(json)}`)
  const { metadata: _, ...rest } = json
  return shortHash(`${where}\n${JSON.stringify(rest)}`)
}

/** `beta=true` tells nothing; which page is asked for does. */
function pageOf(url: URL): string {
  const query = url.search.slice(1)
  return query === '' || query === 'beta=true' ? '' : `?${query}`
}
