/**
 * What happens to one arrival: the closed set that providers render and engines perform. A new member makes every
 * `switch` over it fail to compile, on purpose.
 */
export type Effect =
  /** Answered well. */
  | { readonly type: 'pass' }
  /** The provider answers with one of its own documented errors. */
  | { readonly type: 'answer'; readonly error: ErrorKind; readonly options: AnswerOptions }
  /** The provider (or its edge) answers with exactly this. */
  | {
      readonly type: 'answer-raw'
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: string
      readonly afterMs?: number
    }
  /** Nothing listens: ECONNREFUSED. */
  | { readonly type: 'refuse' }
  /** The name does not resolve: ENOTFOUND. */
  | { readonly type: 'dns' }
  /** The handshake fails. */
  | { readonly type: 'tls' }
  /** The connection is accepted and torn down before any byte of an answer. */
  | { readonly type: 'reset'; readonly afterMs: number }
  /** Accepted (or, with `connect`, not even that) and never answered. */
  | { readonly type: 'hold'; readonly connect: boolean }
  /** The first byte comes later by `byMs`; what follows is `then`. */
  | { readonly type: 'delay'; readonly byMs: number; readonly then: Effect }
  /** A good answer whose tokens come `perTokenMs` apart. */
  | { readonly type: 'slow'; readonly perTokenMs: number }
  /** A good answer that ends early; `clean` is an end of its framing, so that only its format can tell. */
  | { readonly type: 'cut'; readonly after: CutPoint; readonly by: 'fin' | 'rst' | 'clean' }
  /** A good answer that stops moving after `after`, for good or for `forMs`. */
  | { readonly type: 'stall'; readonly after: CutPoint; readonly pings: boolean; readonly forMs?: number }
  /** A 200 stream that carries an error event. */
  | { readonly type: 'stream-error'; readonly after: CutPoint; readonly error: string; readonly message?: string }
  /** A 200 whose bytes are not what the format promises. */
  | {
      readonly type: 'garble'
      readonly how: 'malformed-json' | 'truncated-json' | 'wrong-type' | 'odd-event' | 'no-stop'
    }
  /** A 200 with nothing in it. */
  | { readonly type: 'empty'; readonly how: 'no-content' | 'no-body' }
  /** A 200 with a well-formed answer to another question. */
  | { readonly type: 'wrong' }
  /** Processed and billed; the response is lost before headers, after them, or at the last byte. */
  | { readonly type: 'lose'; readonly at: 'headers' | 'body' | 'end' }

export type CutPoint =
  | { readonly events: number }
  | { readonly bytes: number }
  | { readonly ms: number }
  | { readonly inside: 'frame' | 'code-point' | 'tool-json' }

/** What a provider can say no with; each provider has its own status, type and words for it. */
export type ErrorKind =
  | 'overloaded'
  | 'rate-limited'
  | 'unavailable'
  | 'internal-error'
  | 'bad-gateway'
  | 'gateway-timeout'
  | 'unauthorized'
  | 'forbidden'
  | 'model-missing'
  | 'bad-request'
  | 'too-large'
  | 'origin-error'
  | 'quota'

export interface AnswerOptions {
  /** `retry-after` sent with it, and how it is spelled. */
  readonly retryAfter?: { readonly as: 'seconds' | 'date' | 'ms'; readonly ms: number }
  /** `x-should-retry` sent with it. */
  readonly shouldRetry?: boolean
  /** Who speaks: the API itself, or the edge in front of it. */
  readonly body?: 'json' | 'html' | 'edge-json' | 'text' | 'empty'
  readonly status?: number
  readonly message?: string
  /** How long the answer takes, ms. */
  readonly afterMs?: number
}

export const pass: Effect = Object.freeze({ type: 'pass' })
