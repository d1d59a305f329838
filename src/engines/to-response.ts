import { STATUS_CODES } from 'node:http'
import type { Performed } from './perform.ts'

type Body = Extract<Performed, { type: 'response' }>['body']

/** Statuses that have no body, by the Fetch standard; `Response` refuses one. */
const bodiless = new Set([101, 204, 205, 304])

/**
 * What was performed as a `Response`, with the reason phrase that HTTP/1.1 sends. `chunked` is for emulated sockets:
 * without chunked framing a broken stream would look like a clean end, and an abort would kill undici.
 */
export function toResponse(performed: Extract<Performed, { type: 'response' }>, { chunked = false } = {}): Response {
  const { status, headers, body } = performed
  return new Response(bodiless.has(status) ? null : asSent(body, headers), {
    status,
    statusText: STATUS_CODES[status] ?? '',
    headers: chunked && typeof body !== 'string' ? inChunks(headers) : headers,
  })
}

/** Of a text that nobody says the type of, `Response` would say that it is plain, and no server did. */
function asSent(body: Body, headers: Readonly<Record<string, string>>): Body | Uint8Array<ArrayBuffer> {
  if (typeof body !== 'string' || 'content-type' in headers) return body
  return body === '' ? new Uint8Array() : encoder.encode(body)
}

const encoder = new TextEncoder()

/** HTTP/1.1 allows one framing or the other, and parsers refuse a message that has both (RFC 9112 §6.3). */
function inChunks({ 'content-length': _, ...headers }: Readonly<Record<string, string>>): Record<string, string> {
  return { ...headers, 'transfer-encoding': 'chunked' }
}
