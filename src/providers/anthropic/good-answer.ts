import { randomStream } from '../../lib/draw.ts'
import { contentHeaders } from '../body.ts'
import type { WireAnswer } from '../cut.ts'
import type { Recognised, RenderContext, Respond } from '../provider.ts'
import type { GoodAnswer, Manner } from '../render.ts'
import { catalogue } from './catalogue.ts'
import { apiError } from './errors.ts'
import { apiHeaders, rateLimitHeaders } from './headers.ts'
import { ping, sseEvent } from './message.ts'
import { type MessageWire, modelAnswer } from './model-answer.ts'
import { productPage } from './product-pages.ts'
import { refusal } from './rules.ts'

/**
 * What a healthy API answers, or how it turns the request down. One draw seeds the whole answer: every effect that
 * spoils it spoils the same bytes.
 */
export function goodAnswer(request: Recognised, context: RenderContext, manner: Manner): GoodAnswer | Respond {
  const refused = refusal(request)
  if (refused !== undefined) return apiError(refused, {}, context)
  const random = randomStream(Math.floor(context.draw('answer') * 2 ** 52))
  switch (request.surface) {
    case 'api.messages':
      return modelAnswer(request, context, manner, random, wire(context))
    case 'api.count-tokens': {
      const inputTokens = manner.kind === 'wrong' ? request.inputTokens * 2 + 1 : request.inputTokens
      const counted = manner.kind === 'empty' ? {} : { input_tokens: inputTokens }
      return { answer: document(JSON.stringify(counted), rateLimited(context), 30, random), turn: undefined }
    }
    case 'api':
    case 'api.batches':
    case 'api.files':
    case 'api.models': {
      const text = manner.kind === 'good' ? catalogue(request) : '{}'
      if (text === undefined) return notFound(request, context)
      return { answer: document(text, apiHeaders(context), 30, random), turn: undefined }
    }
    default: {
      const { type, text } = productPage(request, context.nowMs)
      const body = manner.kind === 'good' ? text : ''
      return { answer: { ...document(body, {}, 60, random), headers: contentHeaders(type, body) }, turn: undefined }
    }
  }
}

function wire(context: RenderContext): MessageWire {
  const stream = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' }
  return { tag: '', stream, headers: () => rateLimited(context), frame: sseEvent, ping }
}

/** An answer that no model had to think about. */
export function document(
  text: string,
  headers: Readonly<Record<string, string>>,
  medianMs: number,
  random: () => number,
): WireAnswer {
  return {
    status: 200,
    headers: { ...contentHeaders('application/json', text), ...headers },
    firstByteMs: Math.round(medianMs * (0.7 + random() * 0.6)),
    pieces: [{ afterMs: 0, data: text }],
    streamed: false,
    generatingMs: medianMs,
    frames: 10,
  }
}

function rateLimited(context: RenderContext): Record<string, string> {
  return { ...apiHeaders(context), ...rateLimitHeaders(context) }
}

function notFound({ model, surface }: Recognised, context: RenderContext): Respond {
  const missing = surface === 'api.models' && model !== undefined ? `model: ${model}` : undefined
  const message = missing ?? 'The requested resource could not be found.'
  return apiError({ status: 404, type: 'not_found_error', message }, {}, context)
}
