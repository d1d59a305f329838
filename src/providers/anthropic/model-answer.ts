import { contentHeaders, type Piece } from '../body.ts'
import { firstTokenMs, tokenMsOf } from '../pace.ts'
import type { Recognised, RenderContext } from '../provider.ts'
import type { GoodAnswer, Manner } from '../render.ts'
import type { Turn } from '../turn.ts'
import type { Block } from './blocks.ts'
import { type MessageEvent, messageEvents, messageJson, type Streaming } from './message.ts'
import { spoken } from './spoken.ts'

/** What a message is sent in: the API's own way, or that of a cloud which serves Claude. */
export interface MessageWire extends Pick<Streaming, 'tag' | 'ping'> {
  /** Headers of a stream's content. */
  readonly stream: Readonly<Record<string, string>>
  /** All other headers. */
  readonly headers: (figures: Figures) => Readonly<Record<string, string>>
  /** The event as the stream's format carries it. */
  readonly frame: (event: MessageEvent, figures: Figures) => Pick<Piece, 'data' | 'text'>
}

/** What a platform counts of an answer. */
export interface Figures {
  readonly turn: Turn
  /** To the first token. */
  readonly firstMs: number
  /** From there to the last one. */
  readonly generatingMs: number
}

/** A message by the model that was asked, whole or as a stream. */
export function modelAnswer(
  request: Recognised,
  context: RenderContext,
  manner: Manner,
  random: () => number,
  wire: MessageWire,
): GoodAnswer {
  const firstMs = firstTokenMs(random)
  const { turn, blocks } = spoken(request, context, manner.kind, random, wire.tag)
  const perTokenMs = manner.perTokenMs ?? tokenMsOf(request.model, context.draw)
  const generatingMs = Math.round(turn.outputTokens * perTokenMs)
  const figures = { turn, firstMs, generatingMs }
  if (!request.streaming) {
    const text = messageJson(turn, blocks, context.attemptId, wire.tag)
    const headers = { ...contentHeaders('application/json', text), ...wire.headers(figures) }
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
    tokenMs: perTokenMs,
    deltas,
    tag: wire.tag,
    frame: event => wire.frame(event, figures),
    ping: wire.ping,
  })
  const headers = { ...wire.stream, ...wire.headers(figures) }
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
