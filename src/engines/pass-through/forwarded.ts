import type { Readable } from 'node:stream'
import type { WireHeaders } from './headers.ts'

export interface ForwardRequest {
  readonly provider: string
  readonly method: string
  /** What follows the host in the request line. */
  readonly pathAndQuery: string
  readonly headers: WireHeaders
  readonly body: Uint8Array
  /** Aborted when the client goes away: then the upstream is left too. */
  readonly signal?: AbortSignal
}

/** What became of a request. */
export type Forwarded = Answered | { readonly type: 'unreachable'; readonly why: string } | { readonly type: 'aborted' }

/** The upstream has begun to answer. */
export interface Answered {
  readonly type: 'answered'
  readonly status: number
  /** Without what was said about the connection to the upstream alone. */
  readonly headers: Readonly<Record<string, string | string[]>>
  /** As it comes in; what is not read is not sent for. Reading it fails when the upstream breaks off. */
  readonly body: Readable
  /** Real ms from the request to these headers. */
  readonly waitedMs: number
  /** What came after the body; nothing before its end. */
  trailers(): Readonly<Record<string, string>>
  /** Why reading the body failed, in words and without keys. */
  why(error: unknown): string
  /** Lets go of the upstream; what is left of the body is not wanted. */
  cancel(): void
}

/** Whether the upstream itself did badly, as far as its headers tell. A client that went away tells nothing of it. */
export function upstreamFailed(forwarded: Forwarded): boolean {
  return forwarded.type === 'unreachable' || (forwarded.type === 'answered' && forwarded.status >= 400)
}
