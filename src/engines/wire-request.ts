import type { WireRequest } from '../providers/provider.ts'

/** A request of the Fetch standard as providers read it. */
export function wireRequest(request: Request, body: string): WireRequest {
  return { method: request.method, url: new URL(request.url), headers: plainHeaders(request.headers), body }
}

/** The same with its body, which is read to its end: text, and its size where it may have been none. */
export async function readRequest(request: Request): Promise<WireRequest> {
  const bytes = await request.arrayBuffer()
  return { ...wireRequest(request, new TextDecoder().decode(bytes)), bodyBytes: bytes.byteLength }
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
