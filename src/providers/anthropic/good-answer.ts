import { randomStream } from '../../lib/draw.ts'
import { contentHeaders } from '../body.ts'
import type { WireAnswer } from '../cut.ts'
import { firstTokenMs, tokenMs } from '../pace.ts'
import type { Recognised, RenderContext, Respond } from '../provider.ts'
import type { GoodAnswer, Manner } from '../render.ts'
import { speak } from '../turn.ts'
import { asked, omitsThinking } from './asked.ts'
import { type Block, blocksIn } from './blocks.ts'
import { catalogue } from './catalogue.ts'
import { apiError } from './errors.ts'
import { apiHeaders, rateLimitHeaders } from './headers.ts'
import { messageEvents, messageJson } from './message.ts'
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
      return modelAnswer(request, context, manner, random)
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

function modelAnswer(request: Recognised, context: RenderContext, manner: Manner, random: () => number): GoodAnswer {
  const firstMs = firstTokenMs(random)
  const said = speak(asked(request), request, context, manner.kind, random)
  const omitted = omitsThinking(request)
  // What is left out is not counted either.
  const turn = omitted
    ? { ...said, outputTokens: Math.max(1, said.outputTokens - said.thinkingTokens), thinkingTokens: 0 }
    : said
  const blocks = blocksIn(turn, context.attemptId, omitted)
  const generatingMs = Math.round(turn.outputTokens * (manner.perTokenMs ?? tokenMs))
  if (!request.streaming) {
    const text = messageJson(turn, blocks, context.attemptId)
    const headers = { ...contentHeaders('application/json', text), ...rateLimited(context) }
    const pieces = [{ afterMs: 0, data: text }]
    const at = toolInput(blocks, text)
    const frames = 4 + 10 * Math.max(1, blocks.length)
    const firstByteMs = firstMs + generatingMs
    const answer = { status: 200, headers, firstByteMs, pieces, streamed: false, generatingMs, frames }
    return { answer: { ...answer, ...(at !== undefined && { toolJsonAt: { piece: 0, chars: at } }) }, turn }
  }
  const count = 6 + Math.floor(random() * 5)
  const deltas = (text: string) => (manner.perTokenMs === undefined ? count : Math.ceil(text.length / 4))
  const { pieces, toolJsonAt } = messageEvents(turn, blocks, context.attemptId, {
    tokenMs: manner.perTokenMs ?? tokenMs,
    deltas,
  })
  const headers = {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    ...rateLimited(context),
  }
  const answer = {
    status: 200,
    headers,
    firstByteMs: firstMs,
    pieces,
    streamed: true,
    generatingMs,
    frames: pieces.length,
  }
  return { answer: { ...answer, ...(toolJsonAt && { toolJsonAt }) }, turn }
}

/** The middle of the tool call's input in a whole message. */
function toolInput(blocks: readonly Block[], text: string): number | undefined {
  const call = blocks.find(block => block.type === 'tool_use')
  if (call === undefined) return undefined
  const input = JSON.stringify(call.input)
  return text.indexOf('"input":', text.indexOf(call.id)) + '"input":'.length + Math.ceil(input.length / 2)
}

/** An answer that no model had to think about. */
function document(
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
