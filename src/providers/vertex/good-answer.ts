import { randomStream } from '../../lib/draw.ts'
import { document } from '../anthropic/good-answer.ts'
import { ping, sseEvent } from '../anthropic/message.ts'
import { type MessageWire, modelAnswer } from '../anthropic/model-answer.ts'
import { messageFault, notJson } from '../anthropic/rules.ts'
import { isForeign } from '../credential.ts'
import { frontEndAnswer } from '../google/front-end.ts'
import { isRecord } from '../json.ts'
import type { Recognised, RenderContext, Respond } from '../provider.ts'
import type { GoodAnswer, Manner } from '../render.ts'
import { checkToken } from '../tokens.ts'
import { modelError, rpcError, unauthenticated } from './errors.ts'
import { modelHeaders } from './headers.ts'
import { tokenAnswer } from './login.ts'

/** What a healthy Vertex answers, or how it turns the request down. */
export function goodAnswer(request: Recognised, context: RenderContext, manner: Manner): GoodAnswer | Respond {
  const random = randomStream(Math.floor(context.draw('answer') * 2 ** 52))
  if (request.surface === 'login') return tokenAnswer(request, context, manner, random)
  if (request.surface === 'api') return frontEndAnswer(404, 'html', {}, context)
  if (request.key === 'none') return rpcError(unauthenticated('CREDENTIALS_MISSING'), {}, request, context)
  if (isForeign(request.key)) return rpcError(unauthenticated('ACCESS_TOKEN_TYPE_UNSUPPORTED'), {}, request, context)
  const state = checkToken(context.store, request.token, context.nowMs)
  if (state !== 'good')
    return rpcError(
      unauthenticated(state === 'expired' ? 'ACCESS_TOKEN_EXPIRED' : 'ACCESS_TOKEN_TYPE_UNSUPPORTED'),
      {},
      request,
      context,
    )
  const counting = request.surface === 'api.count-tokens'
  const fault = faultIn(request, counting)
  if (fault !== undefined)
    return modelError({ status: 400, type: 'invalid_request_error', message: fault }, {}, context)
  if (!counting)
    return modelAnswer({ ...request, model: ownName(request.model ?? '') }, context, manner, random, wire(context))
  const inputTokens = manner.kind === 'wrong' ? request.inputTokens * 2 + 1 : request.inputTokens
  const text = JSON.stringify(manner.kind === 'empty' ? {} : { input_tokens: inputTokens })
  return { answer: document(text, modelHeaders(context), 30, random), turn: undefined }
}

/** The version stands in the body, and may be the cloud's own or the API's. */
function faultIn({ json, apiVersion }: Recognised, counting: boolean): string | undefined {
  if (!isRecord(json)) return notJson
  if (apiVersion === undefined) return 'anthropic_version: Field required'
  return messageFault(json, /^\d{4}-/.test(apiVersion) ? apiVersion : undefined, counting)
}

function wire(context: RenderContext): MessageWire {
  return {
    tag: 'vrtx_',
    stream: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' },
    headers: () => modelHeaders(context),
    frame: sseEvent,
    ping,
  }
}

/** `claude-sonnet-4-5@20250929` is `claude-sonnet-4-5-20250929`. */
function ownName(id: string): string {
  return id.replace('@', '-')
}
