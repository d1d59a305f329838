import type { Piece } from '../body.ts'
import { shortHash } from '../hash.ts'
import { slices, sseFrame } from '../sse.ts'
import type { Turn } from '../turn.ts'
import type { Block, IdTag } from './blocks.ts'

/** A `Message` as `POST /v1/messages` returns it. */
export function messageJson(turn: Turn, blocks: readonly Block[], attemptId: string, tag: IdTag = ''): string {
  return JSON.stringify(messageBody(turn, blocks, attemptId, tag))
}

/** The same before it is text, as batches have it; their tier is another. */
export function messageBody(
  turn: Turn,
  blocks: readonly Block[],
  attemptId: string,
  tag: IdTag,
  tier: 'standard' | 'batch' = 'standard',
) {
  return {
    ...envelope(turn, attemptId, tag),
    content: blocks,
    stop_reason: stopReason(turn),
    stop_sequence: null,
    stop_details: null,
    usage: {
      ...inputUsage(turn),
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
      output_tokens: turn.outputTokens,
      service_tier: tier,
      inference_geo: 'not_available',
    },
  }
}

/** One event of a message, its kind in `type`. */
export interface MessageEvent {
  readonly type: string
}

export interface Streaming {
  /** What one token takes, ms. */
  readonly tokenMs: number
  /** How many deltas a text comes in. */
  readonly deltas: (text: string) => number
  readonly tag: IdTag
  /** The event as the stream's format carries it. */
  readonly frame: (event: MessageEvent) => Pick<Piece, 'data' | 'text'>
  /** Sent once the first block has begun, where the format has pings. */
  readonly ping: string | undefined
}

/** An event as the API itself sends it. */
export function sseEvent(event: MessageEvent): Pick<Piece, 'data'> {
  return { data: sseFrame(event.type, event) }
}

export interface StreamedMessage {
  readonly pieces: readonly Piece[]
  /** The piece before which the JSON of a tool call is unfinished. */
  readonly toolJsonAt?: { readonly piece: number; readonly chars: number }
}

/** The same message as the events of a stream, one piece an event, its tokens `tokenMs` apart. */
export function messageEvents(
  turn: Turn,
  blocks: readonly Block[],
  attemptId: string,
  streaming: Streaming,
): StreamedMessage {
  const pieces: Piece[] = []
  let toolJsonAt: { piece: number; chars: number } | undefined
  const send = (event: MessageEvent, afterMs = 0) => pieces.push({ afterMs, ...streaming.frame(event) })

  send(messageStart(turn, attemptId, streaming.tag))
  for (const [index, block] of blocks.entries()) {
    send({ type: 'content_block_start', ...{ index, content_block: emptied(block) } })
    if (index === 0 && streaming.ping !== undefined) pieces.push({ afterMs: 0, data: streaming.ping })
    if (block.type === 'tool_use') {
      delta(send, index, { type: 'input_json_delta', partial_json: '' }, 0)
      toolJsonAt = { piece: pieces.length + 1, chars: 0 }
    }
    for (const part of parts(block, streaming))
      delta(send, index, deltaOf(block, part), Math.round((part.length / 4) * streaming.tokenMs))
    if (block.type === 'thinking') delta(send, index, { type: 'signature_delta', signature: block.signature }, 0)
    send({ type: 'content_block_stop', ...{ index } })
  }
  send(messageDelta(turn))
  send({ type: 'message_stop' })
  return { pieces, ...(toolJsonAt && { toolJsonAt }) }
}

/** As the API spells it, with a space. */
export const ping = 'event: ping\ndata: {"type": "ping"}\n\n'

function parts(block: Block, { deltas }: Streaming): readonly string[] {
  if (block.type === 'thinking') return slices(block.thinking, deltas(block.thinking))
  if (block.type === 'text') return slices(block.text, deltas(block.text))
  // At least two, so that there is an inside to cut at.
  const json = JSON.stringify(block.input)
  return slices(json, Math.max(2, Math.min(deltas(json), Math.ceil(json.length / 12))))
}

type Delta =
  | { readonly type: 'text_delta'; readonly text: string }
  | { readonly type: 'thinking_delta'; readonly thinking: string }
  | { readonly type: 'signature_delta'; readonly signature: string }
  | { readonly type: 'input_json_delta'; readonly partial_json: string }

function deltaOf(block: Block, part: string): Delta {
  switch (block.type) {
    case 'thinking':
      return { type: 'thinking_delta', thinking: part }
    case 'text':
      return { type: 'text_delta', text: part }
    case 'tool_use':
      return { type: 'input_json_delta', partial_json: part }
  }
}

function delta(send: (event: MessageEvent, afterMs: number) => void, index: number, body: Delta, afterMs: number) {
  send({ type: 'content_block_delta', ...{ index, delta: body } }, afterMs)
}

function emptied(block: Block): Block {
  switch (block.type) {
    case 'thinking':
      return { type: 'thinking', thinking: '', signature: '' }
    case 'text':
      return { type: 'text', text: '' }
    case 'tool_use':
      return { ...block, input: {} }
  }
}

function messageStart(turn: Turn, attemptId: string, tag: IdTag) {
  const usage = {
    ...inputUsage(turn),
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
    output_tokens: 1,
    service_tier: 'standard',
    inference_geo: 'not_available',
  }
  const nothing = { content: [], stop_reason: null, stop_sequence: null, stop_details: null }
  return { type: 'message_start', message: { ...envelope(turn, attemptId, tag), ...nothing, usage } }
}

/** Its usage counts from the start of the message, not from the last delta. */
function messageDelta(turn: Turn) {
  const usage = {
    ...inputUsage(turn),
    output_tokens: turn.outputTokens,
    output_tokens_details: { thinking_tokens: turn.thinkingTokens },
  }
  return {
    type: 'message_delta',
    delta: { stop_reason: stopReason(turn), stop_sequence: null, stop_details: null },
    usage,
  }
}

function stopReason({ stopReason }: Turn) {
  return stopReason === 'tool-use' ? 'tool_use' : 'end_turn'
}

function envelope(turn: Turn, attemptId: string, tag: IdTag) {
  const id = `msg_${tag}01${shortHash(`${attemptId} message`, 22)}`
  return { model: turn.model, id, type: 'message', role: 'assistant' }
}

function inputUsage(turn: Turn) {
  return { input_tokens: turn.inputTokens, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 }
}
