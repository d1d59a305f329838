import { contentHeaders } from '../body.ts'
import { firstTokenMs, tokenMs } from '../pace.ts'
import type { Recognised, RenderContext } from '../provider.ts'
import type { GoodAnswer, Manner } from '../render.ts'
import { speak, type Turn } from '../turn.ts'
import { asked, omitsThinking } from './asked.ts'
import { type Block, blocksIn } from './blocks.ts'
import { messageEvents, messageJson, type Streaming } from './message.ts'

/** What a message is sent in: the API's own way, or that of a cloud which serves Claude. */
export interface MessageWire extends Pick<Streaming, 'tag' | 'frame' | 'ping'> {
  /** Headers of a stream's content. */
  readonly stream: Readonly<Record<string, string>>
  /** All other headers. `generatingMs`: what the answer takes from its first token on. */
  readonly headers: (turn: Turn, firstMs: number, generatingMs: number) => Readonly<Record<string, string>>
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
  const said = speak(asked(request), request, context, manner.kind, random)
  const omitted = omitsThinking(request)
  // What is left out is not counted either.
  const turn = omitted
    ? { ...said, outputTokens: Math.max(1, said.outputTokens - said.thinkingTokens), thinkingTokens: 0 }
    : said
  const blocks = blocksIn(turn, context.attemptId, omitted, wire.tag)
  const generatingMs = Math.round(turn.outputTokens * (manner.perTokenMs ?? tokenMs))
  if (!request.streaming) {
    const text = messageJson(turn, blocks, context.attemptId, wire.tag)
    const headers = { ...contentHeaders('application/json', text), ...wire.headers(turn, firstMs, generatingMs) }
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
    tag: wire.tag,
    frame: wire.frame,
    ping: wire.ping,
  })
  const headers = { ...wire.stream, ...wire.headers(turn, firstMs, generatingMs) }
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
