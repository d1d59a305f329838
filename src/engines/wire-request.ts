import type { WireRequest } from '../providers/provider.ts'

/** A request of the Fetch standard as providers read it. */
export function wireRequest(request: Request, body: string): WireRequest {
  return { method: request.method, url: new URL(request.url), headers: plainHeaders(request.headers), body }
}

/** Names in lower case. */
export function plainHeaders(headers: Headers): Record<string, string> {
  const plain: Record<string, string> = {}
  for (const [name, value] of headers) plain[name] = value
  return plain
}

/** The port of an address, its scheme's own when it names none. */
export function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === 'http:' ? 80 : 443)
}
