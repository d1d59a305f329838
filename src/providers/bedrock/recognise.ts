import { readMessage } from '../anthropic/reading.ts'
import { bearer, credentialName } from '../credential.ts'
import { shortHash } from '../hash.ts'
import { asText, isRecord, type JsonRecord, parseJson } from '../json.ts'
import type { Recognised, WireRequest } from '../provider.ts'
import { asMessages, maxTokensOf } from './converse-request.ts'
import { endpointOf, regionOfHost, type Surface } from './surfaces.ts'

/** Reads a request as Bedrock's runtime would; `undefined` when it is not for Bedrock. */
export function recognise({ method, url, headers, body }: WireRequest): Recognised | undefined {
  const hostRegion = regionOfHost(url.hostname)
  const endpoint = endpointOf(method, url.pathname)
  if (endpoint === undefined && hostRegion === undefined) return undefined
  const surface: Surface = endpoint?.surface ?? 'api'
  const json = parseJson(body)
  // Other services serve models under `/model/NAME/invoke` too: without a key it takes what only Claude there is told.
  const isOwn = hostRegion !== undefined || surface !== 'api.invoke' || headers['authorization'] !== undefined
  if (!isOwn && !(isRecord(json) && 'anthropic_version' in json)) return undefined
  const said = messageIn(surface, isRecord(json) ? json : {})
  const { access, scope } = signature(headers['authorization'])
  const retryCount = Number.parseInt(headers['x-stainless-retry-count'] ?? '', 10)
  const version = asText(said['anthropic_version'])
  // What was signed for names the region even where a gateway stands before it.
  const region = scope ?? hostRegion
  return {
    provider: 'bedrock',
    surface,
    ...readMessage(said),
    model: endpoint?.model,
    streaming: endpoint?.streaming ?? false,
    key: credentialName('bedrock', access ?? bearer(headers['authorization'])),
    bodyHash: callHash(`${surface} ${endpoint?.model ?? url.pathname}`, json, body),
    retryCount: Number.isNaN(retryCount) ? undefined : retryCount,
    route: `${method} ${url.pathname}`,
    ...(version !== undefined && { apiVersion: version }),
    ...(region !== undefined && { region }),
    json,
  }
}

/** The parameters as Anthropic's messages have them, whichever way they were put. */
export function messageIn(surface: string, json: JsonRecord): JsonRecord {
  if (surface === 'api.converse')
    return { messages: asMessages(json), max_tokens: maxTokensOf(json), system: json['system'] }
  if (surface !== 'api.count-tokens') return json
  const input = isRecord(json['input']) ? json['input'] : {}
  if (isRecord(input['converse'])) return messageIn('api.converse', input['converse'])
  const invoked = isRecord(input['invokeModel']) ? asText(input['invokeModel']['body']) : undefined
  const body = parseJson(Buffer.from(invoked ?? '', 'base64').toString())
  return isRecord(body) ? body : {}
}

interface Signature {
  /** Id of the access key. */
  readonly access?: string
  /** The region that it was signed for. */
  readonly scope?: string
}

/** AWS Signature Version 4: `AWS4-HMAC-SHA256 Credential=ID/20260302/us-east-1/bedrock/aws4_request, …`. */
function signature(authorization: string | undefined): Signature {
  const parts = /^AWS4-[\w-]+ .*Credential=(?<access>[^/,\s]+)\/\d+\/(?<scope>[a-z0-9-]+)\//.exec(
    authorization ?? '',
  )?.groups
  return parts === undefined ? {} : (parts as { access: string; scope: string }) // both are in every match
}

/** `metadata` (a user's id, a trace) may change from one attempt to the next. */
function callHash(where: string, json: unknown, body: string): string {
  if (!isRecord(json)) return shortHash(`${where}\n${body}`)
  const { metadata: _, requestMetadata: __, ...rest } = json
  return shortHash(`${where}\n${JSON.stringify(rest)}`)
}
