import { randomStream } from '../../lib/draw.ts'
import { contentHeaders } from '../body.ts'
import type { WireAnswer } from '../cut.ts'
import { firstTokenMs, tokenMsOf } from '../pace.ts'
import type { Recognised, RenderContext, Respond } from '../provider.ts'
import type { GoodAnswer, Manner } from '../render.ts'
import { speak, type Turn, unmarked } from '../turn.ts'
import { type ApiError, apiError } from './api-error.ts'
import { asked } from './asked.ts'
import { modelsJson } from './catalogue.ts'
import { completionChunks, completionJson, type Streamed } from './chat.ts'
import { embeddingsJson } from './embeddings.ts'
import { noSuchModel, noSuchUrl } from './errors.ts'
import { apiHeaders, rateLimitHeaders } from './headers.ts'
import { responseJson } from './response.ts'
import { responseEvents } from './response-events.ts'
import { refusal } from './rules.ts'
import { calledBefore, storedResponse, storeResponse } from './stored.ts'

/**
 * What a healthy API answers, or how it turns the request down. One draw seeds the whole answer: every effect that
 * spoils it spoils the same bytes.
 */
export function goodAnswer(request: Recognised, context: RenderContext, manner: Manner): GoodAnswer | Respond {
  const refused = refusal(request)
  if (refused !== undefined) return apiError(refused, {}, request, context)
  const random = randomStream(Math.floor(context.draw('answer') * 2 ** 52))
  const document = (text: string, medianMs: number, limits: object) => ({
    answer: documentAnswer(text, medianMs, limits, context, random),
    turn: undefined,
  })
  const { surface, route = '', model } = request
  switch (`${surface} ${route.split(' ')[0]}`) {
    case 'api.chat-completions POST':
      return modelAnswer(request, context, manner, random)
    case 'api.responses POST':
      if (/\/responses\/*$/.test(route)) return modelAnswer(request, context, manner, random)
      break
    case 'api.responses GET': {
      const stored = storedResponse(/\/responses\/([^/]+)\/*$/.exec(route)?.[1], context)
      if (stored !== undefined) return document(stored.json(), 60, {})
      break
    }
    case 'api.embeddings POST': {
      const text =
        manner.kind === 'empty' ? emptyList(model) : embeddingsJson(request, manner.kind === 'wrong' ? 'x' : '')
      return document(text, 90, rateLimitHeaders(request, context))
    }
    case 'api.models GET': {
      const text = manner.kind === 'good' ? modelsJson(model) : emptyList(undefined)
      return text === undefined ? apiError(noSuchModel(model ?? ''), {}, request, context) : document(text, 60, {})
    }
  }
  return apiError(notThere(request), {}, request, context)
}

function modelAnswer(request: Recognised, context: RenderContext, manner: Manner, random: () => number): GoodAnswer {
  const firstMs = firstTokenMs(random)
  const other = manner.kind === 'wrong' ? unmarked(context.attemptId) : undefined
  const ask = asked(request, other, calledBefore(request, context))
  const turn = speak(ask, request, context, manner.kind, random)
  if (request.surface === 'api.responses') storeResponse(turn, ask, request, context)
  const pace = manner.perTokenMs ?? tokenMsOf(request.model, context.draw)
  const generatingMs = Math.round(turn.outputTokens * pace)
  const common = { status: 200, generatingMs } as const
  if (!request.streaming) {
    const firstByteMs = firstMs + generatingMs
    const text = whole(turn, request, context)
    const at = argumentsAt(turn, text)
    const headers = { ...contentHeaders('application/json', text), ...limited(request, context, firstByteMs) }
    const pieces = [{ afterMs: 0, data: text }]
    const frames = 10 + 6 * Math.max(1, turn.parts.length)
    const answer = { ...common, headers, firstByteMs, pieces, streamed: false, frames }
    return { answer: { ...answer, ...(at !== undefined && { toolJsonAt: { piece: 0, chars: at } }) }, turn }
  }
  const count = 6 + Math.floor(random() * 5)
  const deltas = (text: string) => (manner.perTokenMs === undefined ? count : Math.ceil(text.length / 4))
  const { pieces, ...rest } = streamed(turn, request, context, { tokenMs: pace, deltas })
  const headers = { 'content-type': 'text/event-stream; charset=utf-8', ...limited(request, context, firstMs) }
  const answer = { ...common, headers, firstByteMs: firstMs, pieces, streamed: true, frames: pieces.length, ...rest }
  return { answer, turn }
}

function streamed(
  turn: Turn,
  request: Recognised,
  context: RenderContext,
  streaming: Parameters<typeof completionChunks>[3],
): Streamed {
  return request.surface === 'api.responses'
    ? responseEvents(turn, request, context, streaming)
    : completionChunks(turn, request, context, streaming)
}

function whole(turn: Turn, request: Recognised, context: RenderContext): string {
  return request.surface === 'api.responses'
    ? responseJson(turn, request, context)
    : completionJson(turn, request, context)
}

/** The middle of a call's arguments in a whole answer, which are a string of JSON in JSON. */
function argumentsAt({ parts }: Turn, text: string): number | undefined {
  const call = parts.find(part => part.type === 'tool-call')
  if (call === undefined) return undefined
  const json = JSON.stringify(JSON.stringify(call.input))
  return text.indexOf(json) + Math.ceil(json.length / 2)
}

/** An answer that no model had to think about. */
function documentAnswer(
  text: string,
  medianMs: number,
  limits: object,
  context: RenderContext,
  random: () => number,
): WireAnswer {
  const firstByteMs = Math.round(medianMs * (0.7 + random() * 0.6))
  return {
    status: 200,
    headers: { ...contentHeaders('application/json', text), ...apiHeaders(context, firstByteMs - 20), ...limits },
    firstByteMs,
    pieces: [{ afterMs: 0, data: text }],
    streamed: false,
    generatingMs: medianMs,
    frames: 10,
  }
}

function limited(request: Recognised, context: RenderContext, firstByteMs: number): Record<string, string> {
  return { ...apiHeaders(context, firstByteMs - 20), ...rateLimitHeaders(request, context) }
}

function emptyList(model: string | undefined): string {
  const usage = { prompt_tokens: 0, total_tokens: 0 }
  return JSON.stringify({ object: 'list', data: [], ...(model !== undefined && { model, usage }) })
}

function notThere({ surface, route = '' }: Recognised): ApiError {
  const id = surface === 'api.responses' ? /\/responses\/([^/]+)/.exec(route)?.[1] : undefined
  if (id === undefined) return noSuchUrl(route)
  const message = `Response with id '${id}' not found.`
  return { status: 404, type: 'invalid_request_error', message, param: null, code: null }
}
