import { randomStream } from '../../lib/draw.ts'
import { document } from '../anthropic/good-answer.ts'
import type { MessageEvent } from '../anthropic/message.ts'
import { type Figures, type MessageWire, modelAnswer } from '../anthropic/model-answer.ts'
import { messageFault } from '../anthropic/rules.ts'
import { isForeign } from '../credential.ts'
import { asArray, isRecord } from '../json.ts'
import type { Recognised, RenderContext, Respond } from '../provider.ts'
import type { GoodAnswer, Manner } from '../render.ts'
import { converseAnswer } from './converse-answer.ts'
import { exceptionAnswer } from './errors.ts'
import { chunkPiece } from './event-stream.ts'
import { type Exception, exceptionNamed } from './exceptions.ts'
import { amznHeaders } from './headers.ts'

/** What a healthy Bedrock answers, or the exception with which it turns the request down. */
export function goodAnswer(request: Recognised, context: RenderContext, manner: Manner): GoodAnswer | Respond {
  const refused = refusal(request)
  if (refused !== undefined) return exceptionAnswer(refused, {}, context)
  const random = randomStream(Math.floor(context.draw('answer') * 2 ** 52))
  switch (request.surface) {
    case 'api.invoke':
      return modelAnswer(
        { ...request, model: ownName(request.model ?? '') },
        context,
        manner,
        random,
        wire(request, context),
      )
    case 'api.converse':
      return converseAnswer(request, context, manner, random)
    default: {
      const inputTokens = manner.kind === 'wrong' ? request.inputTokens * 2 + 1 : request.inputTokens
      const text = JSON.stringify(manner.kind === 'empty' ? {} : { inputTokens })
      return { answer: document(text, amznHeaders(context), 30, random), turn: undefined }
    }
  }
}

/** The first rule that a request breaks. Bedrock checks who asks and for what; the rest is the model's own validation. */
function refusal({ surface, key, json, apiVersion }: Recognised): Exception | undefined {
  if (key === 'none') return exceptionNamed('MissingAuthenticationTokenException')
  if (isForeign(key)) return exceptionNamed('UnrecognizedClientException')
  if (surface === 'api') return exceptionNamed('UnknownOperationException')
  if (!isRecord(json)) return exceptionNamed('ValidationException')
  if (surface === 'api.converse') {
    const empty = asArray(json['messages']).length === 0
    return empty ? exceptionNamed('ValidationException', 'A conversation must start with a user message.') : undefined
  }
  if (surface === 'api.count-tokens') return undefined
  if (apiVersion === undefined) return exceptionNamed('ValidationException', 'anthropic_version: Field required')
  const dated = /^\d{4}-/.test(apiVersion) ? apiVersion : undefined
  const fault = messageFault(json, dated, false)
  return fault === undefined ? undefined : exceptionNamed('ValidationException', fault)
}

/** Known before the body is sent only where it is sent at once. */
function counts({ turn, firstMs, generatingMs }: Figures): Record<string, string> {
  return {
    'x-amzn-bedrock-invocation-latency': String(firstMs + generatingMs),
    'x-amzn-bedrock-input-token-count': String(turn.inputTokens),
    'x-amzn-bedrock-output-token-count': String(turn.outputTokens),
  }
}

function wire({ streaming }: Recognised, context: RenderContext): MessageWire {
  return {
    tag: 'bdrk_',
    stream: {
      'content-type': 'application/vnd.amazon.eventstream',
      'x-amzn-bedrock-content-type': 'application/json',
    },
    headers: figures => ({ ...amznHeaders(context), ...(streaming ? {} : counts(figures)) }),
    frame: (event, figures) => chunkPiece(JSON.stringify(withMetrics(event, figures))),
    ping: undefined,
  }
}

/** The last event also tells what was counted. */
function withMetrics(event: MessageEvent, { turn, firstMs, generatingMs }: Figures): MessageEvent {
  if (event.type !== 'message_stop') return event
  const metrics = {
    inputTokenCount: turn.inputTokens,
    outputTokenCount: turn.outputTokens,
    invocationLatency: firstMs + generatingMs,
    firstByteLatency: firstMs,
  }
  return { ...event, ...{ 'amazon-bedrock-invocationMetrics': metrics } }
}

/** `us.anthropic.claude-sonnet-4-5-20250929-v1:0`, or the ARN that ends in it, is `claude-sonnet-4-5-20250929`. */
function ownName(id: string): string {
  return id.replace(/^.*anthropic\./, '').replace(/-v\d+(?::[\w:]+)?$/, '')
}
