import { randomStream } from '../../lib/draw.ts'
import { contentHeaders } from '../body.ts'
import { isForeign } from '../credential.ts'
import type { WireAnswer } from '../cut.ts'
import { apiHeaders } from '../google/rpc-error.ts'
import { isRecord } from '../json.ts'
import { firstTokenMs, tokenMsOf } from '../pace.ts'
import type { Recognised, RenderContext, Respond } from '../provider.ts'
import type { GoodAnswer, Manner } from '../render.ts'
import { speak } from '../turn.ts'
import { asked } from './asked.ts'
import { catalogue } from './catalogue.ts'
import { embeddings } from './embeddings.ts'
import { keyInvalid, keyMissing, rpc, rpcError } from './errors.ts'
import { isEventStream } from './recognise.ts'
import { responseChunks, responseJson } from './response.ts'
import { faultIn } from './rules.ts'

const jsonType = 'application/json; charset=UTF-8'

/** What a healthy API answers, or how it turns the request down. */
export function goodAnswer(request: Recognised, context: RenderContext, manner: Manner): GoodAnswer | Respond {
  const refuse = (error: ReturnType<typeof rpc>) => rpcError(error, {}, request, context)
  if (request.key === 'none') return refuse(keyMissing)
  if (isForeign(request.key)) return refuse(keyInvalid)
  const random = randomStream(Math.floor(context.draw('answer') * 2 ** 52))
  const { surface, model = '', inputTokens } = request
  const json = isRecord(request.json) ? request.json : {}
  switch (surface) {
    case 'api.generate': {
      const fault = faultIn(request)
      return fault === undefined ? generated(request, context, manner, random) : refuse(rpc(400, fault))
    }
    case 'api.embeddings': {
      const made = manner.kind === 'empty' ? {} : embeddings(json, model, manner.kind === 'wrong' ? 'another ' : '')
      return { answer: document(made, 90, random), turn: undefined }
    }
    case 'api.count-tokens': {
      const totalTokens = manner.kind === 'wrong' ? inputTokens * 2 + 1 : inputTokens
      const details = { promptTokensDetails: [{ modality: 'TEXT', tokenCount: totalTokens }] }
      return {
        answer: document(manner.kind === 'empty' ? {} : { totalTokens, ...details }, 40, random),
        turn: undefined,
      }
    }
    default: {
      const found = surface === 'api.models' ? catalogue(request.model) : undefined
      if (found === undefined) return refuse(rpc(404, 'Requested entity was not found.'))
      return { answer: document(manner.kind === 'good' ? found : {}, 40, random), turn: undefined }
    }
  }
}

function generated(request: Recognised, context: RenderContext, manner: Manner, random: () => number): GoodAnswer {
  const firstMs = firstTokenMs(random)
  const turn = speak(asked(request), request, context, manner.kind, random)
  const perTokenMs = manner.perTokenMs ?? tokenMsOf(request.model, context.draw)
  const generatingMs = Math.round(turn.outputTokens * perTokenMs)
  if (!request.streaming) {
    const text = responseJson(turn, context.attemptId)
    const headers = { ...contentHeaders(jsonType, text), ...sent(firstMs + generatingMs) }
    const timing = { firstByteMs: firstMs + generatingMs, generatingMs }
    const answer = { status: 200, headers, ...timing, pieces: [{ afterMs: 0, data: text }], streamed: false, frames: 6 }
    const at = turn.toolCalled === undefined ? -1 : text.indexOf('"args": {')
    return { answer: { ...answer, ...(at >= 0 && { toolJsonAt: { piece: 0, chars: at + 12 } }) }, turn }
  }
  const events = isEventStream(request)
  const count = 4 + Math.floor(random() * 5)
  const chunks = (text: string) => (manner.perTokenMs === undefined ? count : Math.ceil(text.length / 4))
  const { pieces, ...more } = responseChunks(turn, context.attemptId, { events, tokenMs: perTokenMs, chunks })
  const headers = { 'content-type': events ? 'text/event-stream' : jsonType, ...sent(firstMs) }
  const streamed = { pieces, streamed: true, frames: pieces.length, ...more }
  return { answer: { status: 200, headers, firstByteMs: firstMs, generatingMs, ...streamed }, turn }
}

/** `server-timing` tells how long Google's front end waited. */
function sent(ms: number): Record<string, string> {
  return { ...apiHeaders, server: 'scaffolding on HTTPServer2', 'server-timing': `gfet4t7; dur=${ms}` }
}

function document(value: unknown, medianMs: number, random: () => number): WireAnswer {
  const text = `${JSON.stringify(value, null, 2)}\n`
  const firstByteMs = Math.round(medianMs * (0.7 + random() * 0.6))
  return {
    status: 200,
    headers: { ...contentHeaders(jsonType, text), ...sent(firstByteMs) },
    firstByteMs,
    pieces: [{ afterMs: 0, data: text }],
    streamed: false,
    generatingMs: medianMs,
    frames: 10,
  }
}
