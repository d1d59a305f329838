import type { Effect } from '../model/effect.ts'
import type { StatusView } from '../model/status.ts'
import type { Span } from '../model/timeline.ts'
import type { PlannedAnswer } from './answers.ts'
import type { RawResponse } from './recorded.ts'
import type { Store } from './store.ts'

/** A request as a provider reads it: no body is consumed twice, nothing is parsed unless asked. */
export interface WireRequest {
  readonly method: string
  readonly url: URL
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  /** The body as text; empty when there is none. */
  readonly body: string
  /** Size of the body on the wire, where it was no text. */
  readonly bodyBytes?: number
}

/** What a provider recognised in a request. */
export interface Recognised {
  readonly provider: string
  /** Without the provider's name: `api.messages`. */
  readonly surface: string
  readonly model: string | undefined
  readonly streaming: boolean
  /** Name of the credential: `canary` (this provider's own), `canary:openai` (another's: a leak), `none`, or a short hash. */
  readonly key: string
  readonly inputTokens: number
  readonly maxOutputTokens: number
  /** Markers `[q:ID]` found in the newest user text; the last one is the question asked. */
  readonly question: string | undefined
  /** Hash of what makes this request this call: the body without volatile parts. Short hex. */
  readonly bodyHash: string
  /** How often the client says it has retried, from `x-stainless-retry-count`. */
  readonly retryCount: number | undefined
  /** Method and path without the query, `GET /v1/models/x`: tells the endpoints of one surface apart. */
  readonly route?: string
  /** It changes something outside the conversation; `key` (a hash) is the client's own name for it, under which it is done but once. */
  readonly sideEffect?: { readonly key?: string }
  /** What follows the `?`, where it says which page is asked for. */
  readonly query?: string
  /** `http://host:port` where the client reached it, when that is on this machine. */
  readonly origin?: string
  /** The version of the API that the client asks for, where the provider has such a header. */
  readonly apiVersion?: string
  /** Part of the provider's network that it was sent to, where its address tells: `us-east-1`. */
  readonly region?: string
  /** The access token that came with it, if the run handed it out. */
  readonly token?: string
  /** The parsed JSON body, for `render`. */
  readonly json: unknown
}

/** State of one rate limit, for the headers. */
export interface RateLimitView {
  readonly dimension: 'requests' | 'input_tokens' | 'output_tokens'
  /** Per minute. */
  readonly limit: number
  readonly remaining: number
  /** Ms until the bucket is full again. */
  readonly resetMs: number
}

export interface RenderContext {
  /** Wall time of the arrival on the run's clock, ms since the epoch. */
  readonly nowMs: number
  /** Deterministic id of this attempt, unique in the run; the provider makes its request id of it. */
  readonly attemptId: string
  readonly rateLimits: readonly RateLimitView[]
  /** What this provider has kept from earlier requests of the run: batches, files, tokens. */
  readonly store: Store
  /** Stretches in which a surface (without the provider's name) is down by the scenario, ms since the epoch, in order. */
  down?(surface: string): readonly Span[]
  /** This provider's status page now; `originMs` is t = 0 of its times, ms since the epoch. */
  statusPage?(): { readonly view: StatusView; readonly originMs: number }
  /** A keyed draw in [0, 1) for this attempt. */
  draw(purpose: string): number
  /** Whether this task has already had its tool calls (each tool is called at most once a task). */
  readonly toolsCalled: ReadonlySet<string>
  /** How many times faster than the clock of `nowMs` the run goes: what takes long takes so much less of it. 1 when absent. */
  readonly speed?: number
  /** How long an access token is good for, ms; an hour when absent. */
  readonly tokenLifetimeMs?: number
  /** What another server has answered, in place of the provider's own words. */
  readonly given?: RawResponse
  /** Answers of the user's own, tried in order. */
  readonly answers?: readonly PlannedAnswer[]
  /** How often each of them (by its place) was given in this task. */
  readonly answered?: ReadonlyMap<number, number>
  /** One of them was given. */
  onAnswered?(place: number): void
  /** The answer calls this tool; it is not called again in this task. */
  onToolCall(name: string): void
  /** The request was taken and worked on, for so many tokens of output, whatever becomes of the answer on the wire. */
  onProcessed?(outputTokens: number): void
}

/** What the wire carries back for one attempt, as plain data; engines perform it. */
export type Script =
  | { readonly type: 'refuse' }
  | { readonly type: 'dns' }
  | { readonly type: 'tls' }
  /** `connect`: the connection itself is never accepted. */
  | { readonly type: 'hold'; readonly connect: boolean }
  | { readonly type: 'reset'; readonly afterMs: number }
  | Respond

export interface Respond {
  readonly type: 'respond'
  /** From arrival to headers. */
  readonly afterMs: number
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly chunks: readonly Chunk[]
  readonly end: ScriptEnd
  /** The answer is whole and good: everything the client needs was sent before `end`. */
  readonly good: boolean
}

export interface Chunk {
  /** From the previous chunk (or the headers) to this one. */
  readonly afterMs: number
  readonly data: string | Uint8Array
}

export type ScriptEnd =
  | { readonly type: 'finish' }
  /** The sender closes early: content-length or chunking is left unfinished. */
  | { readonly type: 'fin' }
  /** A clean end of the body before the format's own end (an edge that re-chunks). */
  | { readonly type: 'clean' }
  | { readonly type: 'rst' }
  /** Nothing more comes; `pings` are sent meanwhile; after `forMs` (if given) the `rest` follows. */
  | {
      readonly type: 'stall'
      readonly pings?: { readonly everyMs: number; readonly data: string }
      readonly forMs?: number
      readonly rest?: readonly Chunk[]
    }

export interface Provider {
  readonly id: string
  /** Surfaces that can fail alone, without the provider's name; a dot makes a part of a part. */
  readonly surfaces: readonly string[]
  readonly hosts: readonly string[]
  /** The canary key, and the environment variables that hold it and the base URL. */
  readonly canary: string
  readonly env: Readonly<Record<string, string>>
  /** By host and by path; `undefined` when the request is not for this provider. */
  recognise(request: WireRequest): Recognised | undefined
  /** The effect in this provider's true wire shape. Pure. */
  render(effect: Effect, request: Recognised, context: RenderContext): Script
}
