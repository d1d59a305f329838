import { readMessage } from '../anthropic/reading.ts'
import { bearer, credentialName } from '../credential.ts'
import { shortHash } from '../hash.ts'
import { asText, isRecord, type JsonRecord, parseJson } from '../json.ts'
import type { Recognised, WireRequest } from '../provider.ts'
import { isIssued } from '../tokens.ts'
import { endpointOf } from './surfaces.ts'

/** Reads a request as Vertex would; `undefined` when it is neither for Claude there nor for Google's tokens. */
export function recognise({ method, url, headers, body }: WireRequest): Recognised | undefined {
  const endpoint = endpointOf(method, url)
  if (endpoint === undefined) return undefined
  const { surface, model, region, streaming } = endpoint
  const json = surface === 'login' ? grantIn(body) : parseJson(body)
  const fields = isRecord(json) ? json : {}
  const said = readMessage(fields)
  const retryCount = Number.parseInt(headers['x-stainless-retry-count'] ?? '', 10)
  const version = asText(fields['anthropic_version'])
  const credential = surface === 'login' ? grantor(fields) : bearer(headers['authorization'])
  return {
    provider: 'vertex',
    surface,
    ...said,
    model: model ?? (surface === 'api.count-tokens' ? said.model : undefined),
    streaming: streaming && fields['stream'] !== false,
    key: credentialName('vertex', credential),
    bodyHash: callHash(`${method} ${url.pathname}`, json, body),
    retryCount: Number.isNaN(retryCount) ? undefined : retryCount,
    route: `${method} ${url.pathname}`,
    ...(version !== undefined && { apiVersion: version }),
    ...(region !== undefined && { region }),
    ...(isIssued('vertex', credential) && { token: credential }),
    json,
  }
}

/** A grant is sent as a form or as JSON (RFC 6749 §4.5, RFC 7523). */
function grantIn(body: string): unknown {
  return parseJson(body) ?? Object.fromEntries(new URLSearchParams(body))
}

/** Who asks for a token: a refresh token, or the account that signed an assertion, which is another one each time. */
function grantor(grant: JsonRecord): string | undefined {
  const claims = parseJson(Buffer.from(asText(grant['assertion'])?.split('.')[1] ?? '', 'base64url').toString())
  const account = isRecord(claims) ? asText(claims['iss']) : undefined
  return asText(grant['refresh_token']) ?? account ?? asText(grant['client_id'])
}

/** `metadata` (a user's id, a trace) and what an assertion is signed with change from one attempt to the next. */
function callHash(where: string, json: unknown, body: string): string {
  if (!isRecord(json)) return shortHash(`${where}\n${body}`)
  const { metadata: _, assertion: __, ...rest } = json
  return shortHash(`${where}\n${JSON.stringify(rest)}`)
}
