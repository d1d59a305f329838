import { unreachable } from '../../lib/invariant.ts'
import type { Effect } from '../../model/effect.ts'
import { splitAt, toChunks } from '../body.ts'
import { cutAt, type WireAnswer } from '../cut.ts'
import { errorMs } from '../pace.ts'
import type { Recognised, RenderContext, Respond, Script } from '../provider.ts'
import { sseFrame } from '../sse.ts'
import { apiError, errorAnswer, errorEvent, errorOfType } from './errors.ts'
import { garble } from './garble.ts'
import { goodAnswer, type Manner } from './good-answer.ts'
import { lose } from './lose.ts'
import { ping } from './message.ts'

/** How often the API pings while a stream has nothing to say. */
const pingEveryMs = 15_000

/** Any effect as Anthropic's wire shows it. */
export function render(effect: Effect, request: Recognised, context: RenderContext): Script {
  switch (effect.type) {
    case 'pass':
      return whole(request, context, { kind: 'good' })
    case 'slow':
      return whole(request, context, { kind: 'good', perTokenMs: effect.perTokenMs })
    case 'wrong':
      return whole(request, context, { kind: 'wrong' })
    case 'answer':
      return errorAnswer(effect.error, effect.options, request, context)
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
      return later(render(effect.then, request, context), effect.byMs)
    case 'cut':
      return spoil(request, context, answer => {
        const { pieces, bytes } = cutAt(answer, effect.after)
        const [chunks] = splitAt(pieces, bytes)
        return { ...open(answer), chunks, end: { type: effect.by }, good: false }
      })
    case 'stall':
      return stall(effect, request, context)
    case 'stream-error':
      return streamError(effect, request, context)
    case 'garble':
      return spoil(request, context, answer => garble(answer, effect.how))
    case 'lose':
      return spoil(request, context, answer => lose(answer, effect.at))
    case 'empty':
      if (effect.how === 'no-content') return whole(request, context, { kind: 'empty' })
      return spoil(request, context, answer => {
        const headers = { ...answer.headers, 'content-length': '0' }
        return { ...open(answer), headers, chunks: [], end: { type: 'finish' }, good: false }
      })
    default:
      return unreachable(effect)
  }
}

/** A whole answer. Only a good one counts the tool that it calls, so that a lost call is made again. */
function whole(request: Recognised, context: RenderContext, manner: Manner): Script {
  const made = goodAnswer(request, context, manner)
  if (!('answer' in made)) return made
  const good = manner.kind === 'good'
  if (good && made.turn?.toolCalled !== undefined) context.onToolCall(made.turn.toolCalled)
  return { ...open(made.answer), chunks: toChunks(made.answer.pieces), end: { type: 'finish' }, good }
}

/** A good answer with something done to it; one that the API turns down stays as it is. */
function spoil(request: Recognised, context: RenderContext, how: (answer: WireAnswer) => Script): Script {
  const made = goodAnswer(request, context, { kind: 'good' })
  if (!('answer' in made)) return made
  const script = how(made.answer)
  if (script.type === 'respond' && script.good && made.turn?.toolCalled !== undefined)
    context.onToolCall(made.turn.toolCalled)
  return script
}

function open({ status, headers, firstByteMs }: WireAnswer) {
  return { type: 'respond', afterMs: firstByteMs, status, headers } as const
}

function stall(effect: Effect & { type: 'stall' }, request: Recognised, context: RenderContext): Script {
  return spoil(request, context, answer => {
    const pings = effect.pings && answer.streamed
    const { pieces, bytes } = cutAt(answer, effect.after, pings)
    const [chunks, rest] = splitAt(pieces, bytes)
    const end = {
      type: 'stall',
      ...(pings && { pings: { everyMs: pingEveryMs, data: ping } }),
      ...(effect.forMs !== undefined && { forMs: effect.forMs, rest }),
    } as const
    return { ...open(answer), chunks, end, good: effect.forMs !== undefined }
  })
}

/** An error inside a stream; without a stream the same error has its own status. */
function streamError(effect: Effect & { type: 'stream-error' }, request: Recognised, context: RenderContext): Script {
  const usual = errorOfType(effect.error)
  const message = effect.message ?? usual.message
  return spoil(request, context, answer => {
    if (!answer.streamed) return apiError({ status: usual.status, type: effect.error, message }, {}, context)
    const { pieces, bytes } = cutAt(answer, effect.after, true)
    const [chunks] = splitAt(pieces, bytes)
    const frame = sseFrame('error', errorEvent(effect.error, message, context))
    return { ...open(answer), chunks: [...chunks, { afterMs: 0, data: frame }], end: { type: 'finish' }, good: false }
  })
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
