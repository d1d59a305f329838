import { randomStream } from '../../lib/draw.ts'
import { contentHeaders } from '../body.ts'
import type { WireAnswer } from '../cut.ts'
import type { Recognised, RenderContext, Respond } from '../provider.ts'
import type { GoodAnswer, Manner } from '../render.ts'
import { checkToken } from '../tokens.ts'
import { type ApiError, apiError, oauthError } from './errors.ts'
import { missingFile } from './file-references.ts'
import { apiHeaders, rateLimitHeaders, requestId } from './headers.ts'
import { asksForToken, grantToken } from './login.ts'
import { ping, sseEvent } from './message.ts'
import { type MessageWire, modelAnswer } from './model-answer.ts'
import { productPage } from './product-pages.ts'
import { jsonReply, type Page } from './reply.ts'
import { resource } from './resource.ts'
import { refusal } from './rules.ts'

/**
 * What a healthy API answers, or how it turns the request down. One draw seeds the whole answer: every effect that
 * spoils it spoils the same bytes.
 */
export function goodAnswer(request: Recognised, context: RenderContext, manner: Manner): GoodAnswer | Respond {
  const refused = badToken(request, context) ?? refusal(request) ?? unknownFile(request, context)
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
      const reply = manner.kind === 'good' ? resource(request, context) : jsonReply({})
      if ('status' in reply) return apiError(reply, {}, context)
      return { answer: pageAnswer(reply, apiHeaders(context), 30, random), turn: undefined }
    }
    case 'login': {
      if (!asksForToken(request)) return productAnswer(request, manner, random)
      const reply = manner.kind === 'good' ? grantToken(request, context) : jsonReply({})
      if ('status' in reply) return oauthError(reply, context)
      return { answer: pageAnswer(reply, { 'request-id': requestId(context.attemptId) }, 60, random), turn: undefined }
    }
    default:
      return productAnswer(request, manner, random)
  }
}

function productAnswer(request: Recognised, { kind }: Manner, random: () => number): GoodAnswer {
  const { type, text } = productPage(request)
  const page = { contentType: type, text: kind === 'good' ? text : '' }
  return { answer: pageAnswer(page, {}, 60, random), turn: undefined }
}

/** A token that has run out, or that another run handed out. */
function badToken({ surface, token }: Recognised, { store, nowMs }: RenderContext): ApiError | undefined {
  const state = surface.startsWith('api') ? checkToken(store, token, nowMs) : 'good'
  if (state === 'good') return undefined
  const message =
    state === 'unknown'
      ? 'Invalid bearer token'
      : 'OAuth token has expired. Please obtain a new token or refresh your existing token.'
  return { status: 401, type: 'authentication_error', message }
}

function wire(context: RenderContext): MessageWire {
  const stream = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' }
  return { tag: '', stream, headers: () => rateLimited(context), frame: sseEvent, ping }
}

/** An answer in JSON that no model had to think about. */
export function document(
  text: string,
  headers: Readonly<Record<string, string>>,
  medianMs: number,
  random: () => number,
): WireAnswer {
  return pageAnswer({ contentType: 'application/json', text }, headers, medianMs, random)
}

function pageAnswer(
  { contentType, text, headers: own }: Page,
  headers: Readonly<Record<string, string>>,
  medianMs: number,
  random: () => number,
): WireAnswer {
  return {
    status: 200,
    headers: { ...contentHeaders(contentType, text), ...headers, ...own },
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

function unknownFile({ surface, json }: Recognised, { store, nowMs }: RenderContext): ApiError | undefined {
  return surface === 'api.messages' || surface === 'api.count-tokens' ? missingFile(json, store, nowMs) : undefined
}
