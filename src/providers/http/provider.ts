import { canaryKeys } from '../canary.ts'
import { bearer, credentialName } from '../credential.ts'
import { shortHash } from '../hash.ts'
import { asText, isRecord, parseJson, textLength } from '../json.ts'
import { lastQuestion } from '../marks.ts'
import type { Provider, Recognised, WireRequest } from '../provider.ts'
import { renderIn } from '../render.ts'
import { dialect } from './dialect.ts'

/** Where one surface of one's own is reached; all that is given must match. */
export interface HttpAddress {
  readonly host?: string
  /** Beginning of the path. */
  readonly path?: string
  readonly port?: number
}

const canary = canaryKeys['http'] ?? ''

/**
 * Any HTTP service, with surfaces of the scenario's own: a tool that the app calls, a vector store, a gateway's own
 * endpoint. A request is for the surface with the most telling address that matches it. What changes something (POST,
 * PUT, PATCH, DELETE) is a side effect: `idempotency-key` names it, so that the service does it once.
 */
export function httpProvider(surfaces: ReadonlyMap<string, HttpAddress>): Provider {
  const places = [...surfaces].toSorted(([, a], [, b]) => weight(b) - weight(a))
  return Object.freeze({
    id: 'http',
    surfaces: [...surfaces.keys()],
    hosts: [...surfaces.values()].flatMap(({ host }) => (host === undefined ? [] : [host])),
    canary,
    env: {},
    recognise: (request: WireRequest) => {
      const place = places.find(([, address]) => isAt(request.url, address))
      return place && recognise(place[0], request)
    },
    render: renderIn(dialect),
  })
}

/** A longer path tells more than a shorter one, and any path more than a host or a port alone. */
function weight({ host, path, port }: HttpAddress): number {
  return (path?.length ?? 0) * 4 + (host === undefined ? 0 : 2) + (port === undefined ? 0 : 1)
}

function isAt(url: URL, { host, path, port }: HttpAddress): boolean {
  if (host !== undefined && url.hostname !== host) return false
  if (port !== undefined && portOf(url) !== port) return false
  if (path === undefined) return true
  // `/tools` covers `/tools/refund` and not `/toolshed`.
  return url.pathname === path || url.pathname.startsWith(path.endsWith('/') ? path : `${path}/`)
}

function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}

const changing: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

function recognise(surface: string, { method, url, headers, body }: WireRequest): Recognised {
  const json = parseJson(body)
  const fields = isRecord(json) ? json : {}
  const key = headers['idempotency-key'] ?? headers['x-idempotency-key']
  return {
    provider: 'http',
    surface,
    model: asText(fields['model']),
    streaming: headers['accept']?.includes('text/event-stream') === true,
    key: credentialName('http', headers['x-api-key'] ?? bearer(headers['authorization'])),
    inputTokens: Math.ceil(textLength(json) / 4),
    maxOutputTokens: 256,
    question: lastQuestion(body),
    bodyHash: shortHash(`${method} ${url.pathname}\n${body}`),
    json,
    retryCount: undefined,
    route: `${method} ${url.pathname}`,
    ...(changing.has(method) && { sideEffect: key === undefined ? {} : { key: shortHash(key) } }),
  }
}
