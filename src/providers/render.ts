import { unreachable } from '../lib/invariant.ts'
import type { AnswerOptions, Effect, ErrorKind } from '../model/effect.ts'
import { byteLength, type Piece, splitAt, toChunks } from './body.ts'
import { cutAt, type WireAnswer } from './cut.ts'
import { garble, unsized } from './garble.ts'
import { lose } from './lose.ts'
import { errorMs } from './pace.ts'
import type { Recognised, RenderContext, Respond, Script } from './provider.ts'
import { recordedAnswer } from './recorded.ts'
import type { Turn, TurnKind } from './turn.ts'

/** How often the API pings while a stream has nothing to say. */
export const pingEveryMs = 15_000

export interface Manner {
  readonly kind: TurnKind
  /** What each token takes, ms; then they also come one by one. */
  readonly perTokenMs?: number
}

export interface GoodAnswer {
  readonly answer: WireAnswer
  /** What was said, where a model was asked. */
  readonly turn: Turn | undefined
  /** Of the user's own answers, the one that this is. */
  readonly place?: number
}

export interface StreamError {
  /** The scenario's word for it: one of the provider's own error types. */
  readonly type: string
  readonly message: string | undefined
}

/** All that one provider's wire has of its own. Everything is pure; draws come from the context. */
export interface Dialect {
  /**
   * What a healthy API answers, or how it turns the request down. One draw must seed the whole answer, so that every
   * effect that spoils it spoils the same bytes.
   */
  goodAnswer(request: Recognised, context: RenderContext, manner: Manner): GoodAnswer | Respond
  /** One of its documented errors, in the API's envelope or in the words of the edge before it. */
  errorAnswer(kind: ErrorKind, options: AnswerOptions, request: Recognised, context: RenderContext): Respond
  /** An error with its own status: what a `stream-error` is where nothing is streamed. */
  plainError(error: StreamError, request: Recognised, context: RenderContext): Respond
  /** An error inside a stream whose status has long been 200, after `sent` whole frames. */
  errorFrame(error: StreamError, request: Recognised, context: RenderContext, sent: number): string | Uint8Array
  /** An event of a kind that no client can know. */
  oddFrame(request: Recognised): string | Uint8Array
  /** What is sent while a stream has nothing to say after `sent` frames; a comment where the format has no ping of its own. */
  ping(request: Recognised, sent: number): string | undefined
}

/** Any effect, as the wire of this dialect shows it. */
export function renderIn(dialect: Dialect): (effect: Effect, request: Recognised, context: RenderContext) => Script {
  return (effect, request, context) => render(dialect, effect, request, context)
}

function render(dialect: Dialect, effect: Effect, request: Recognised, context: RenderContext): Script {
  switch (effect.type) {
    case 'pass':
      return whole(dialect, request, context, { kind: 'good' })
    case 'slow':
      return whole(dialect, request, context, { kind: 'good', perTokenMs: effect.perTokenMs })
    case 'wrong':
      return whole(dialect, request, context, { kind: 'wrong' })
    case 'answer':
      return dialect.errorAnswer(effect.error, effect.options, request, context)
    case 'answer-raw':
      return raw(effect, context)
    case 'refuse':
    case 'dns':
    case 'tls':
      return { type: effect.type }
    case 'reset':
      return { type: 'reset', afterMs: effect.afterMs }
    case 'hold':
      return { type: 'hold', connect: effect.connect }
    case 'delay':
      return later(render(dialect, effect.then, request, context), effect.byMs)
    case 'cut':
      return spoil(dialect, request, context, answer => {
        const { pieces, bytes } = cutAt(answer, effect.after)
        const [chunks] = splitAt(pieces, bytes)
        const headers = effect.by === 'clean' ? unsized(answer.headers) : answer.headers
        return { ...open(answer), headers, chunks, end: { type: effect.by }, good: false }
      })
    case 'stall':
      return stall(dialect, effect, request, context)
    case 'stream-error':
      return streamError(dialect, effect, request, context)
    case 'garble':
      return spoil(dialect, request, context, answer => garble(answer, effect.how, dialect.oddFrame(request)))
    case 'lose':
      return spoil(dialect, request, context, answer => lose(answer, effect.at))
    case 'empty':
      if (effect.how === 'no-content') return whole(dialect, request, context, { kind: 'empty' })
      return spoil(dialect, request, context, answer => {
        const headers = { ...answer.headers, 'content-length': '0' }
        return { ...open(answer), headers, chunks: [], end: { type: 'finish' }, good: false }
      })
    default:
      return unreachable(effect)
  }
}

/** A whole answer. Only a good one counts the tool that it calls, so that a lost call is made again. */
function whole(dialect: Dialect, request: Recognised, context: RenderContext, manner: Manner): Script {
  const made = answerOf(dialect, request, context, manner)
  if (!('answer' in made)) return made
  context.onProcessed?.(made.turn?.outputTokens ?? 0)
  const good = manner.kind === 'good'
  if (good) count(made, context)
  return { ...open(made.answer), chunks: toChunks(made.answer.pieces), end: { type: 'finish' }, good }
}

/** A good answer with something done to it; one that the API turns down stays as it is. */
function spoil(
  dialect: Dialect,
  request: Recognised,
  context: RenderContext,
  how: (answer: WireAnswer) => Script,
): Script {
  const made = answerOf(dialect, request, context, { kind: 'good' })
  if (!('answer' in made)) return made
  context.onProcessed?.(made.turn?.outputTokens ?? 0)
  const script = how(made.answer)
  if (script.type === 'respond' && script.good) count(made, context)
  return script
}

/** What was recorded for it, else what the dialect makes of it. */
function answerOf(dialect: Dialect, request: Recognised, context: RenderContext, manner: Manner): GoodAnswer | Respond {
  return recordedAnswer(request, context, manner) ?? dialect.goodAnswer(request, context, manner)
}

/** What was given whole is not given again: the tool that it calls, the answer of the user's own. */
function count({ turn, place = turn?.place }: GoodAnswer, context: RenderContext): void {
  if (turn?.toolCalled !== undefined) context.onToolCall(turn.toolCalled)
  if (place !== undefined) context.onAnswered?.(place)
}

function open({ status, headers, firstByteMs }: WireAnswer) {
  return { type: 'respond', afterMs: firstByteMs, status, headers } as const
}

function stall(
  dialect: Dialect,
  effect: Effect & { type: 'stall' },
  request: Recognised,
  context: RenderContext,
): Script {
  return spoil(dialect, request, context, answer => {
    const pinged = effect.pings && answer.streamed && dialect.ping(request, 0) !== undefined
    const { pieces, bytes } = cutAt(answer, effect.after, pinged)
    const ping = pinged ? dialect.ping(request, framesIn(pieces, bytes)) : undefined
    const [chunks, rest] = splitAt(pieces, bytes)
    const end = {
      type: 'stall',
      ...(ping !== undefined && { pings: { everyMs: pingEveryMs, data: ping } }),
      ...(effect.forMs !== undefined && { forMs: effect.forMs, rest }),
    } as const
    return { ...open(answer), chunks, end, good: effect.forMs !== undefined }
  })
}

/** An error inside a stream; without a stream the same error has its own status. */
function streamError(
  dialect: Dialect,
  effect: Effect & { type: 'stream-error' },
  request: Recognised,
  context: RenderContext,
): Script {
  const error = { type: effect.error, message: effect.message }
  return spoil(dialect, request, context, answer => {
    if (!answer.streamed) return dialect.plainError(error, request, context)
    const { pieces, bytes } = cutAt(answer, effect.after, true)
    const [chunks] = splitAt(pieces, bytes)
    const frame = dialect.errorFrame(error, request, context, framesIn(pieces, bytes))
    return { ...open(answer), chunks: [...chunks, { afterMs: 0, data: frame }], end: { type: 'finish' }, good: false }
  })
}

/** How many whole pieces the first `bytes` are. */
function framesIn(pieces: readonly Piece[], bytes: number): number {
  let count = 0
  for (let end = 0; count < pieces.length; count++) {
    end += byteLength(pieces[count]?.data ?? '')
    if (end > bytes) break
  }
  return count
}

function raw(effect: Effect & { type: 'answer-raw' }, context: RenderContext): Respond {
  const { status, headers, body } = effect
  const afterMs = effect.afterMs ?? errorMs('api', context.draw('error-pace'))
  const chunks = body === '' ? [] : [{ afterMs: 0, data: body }]
  return { type: 'respond', afterMs, status, headers, chunks, end: { type: 'finish' }, good: false }
}

/** The same, its first sign of life `byMs` later. */
function later(script: Script, byMs: number): Script {
  if (script.type !== 'respond' && script.type !== 'reset') return script
  return { ...script, afterMs: script.afterMs + byMs }
}
