import type { Piece } from '../body.ts'
import { shortHash } from '../hash.ts'
import { isRecord } from '../json.ts'
import type { Recognised, RenderContext } from '../provider.ts'
import { slices, sseFrame } from '../sse.ts'
import type { Turn } from '../turn.ts'
import type { Streamed, Streaming } from './chat.ts'
import { responseObject } from './response.ts'
import { type Item, itemsOf, outputText } from './response-items.ts'

/** An event of a response's stream: its name is its type, and all are numbered. */
export function responseFrame(type: string, sequenceNumber: number, rest: object): string {
  return sseFrame(type, { type, sequence_number: sequenceNumber, ...rest })
}

/** A response as server-sent events, one piece each: the response begun, its items built up one after the other, all of it again. */
export function responseEvents(
  turn: Turn,
  request: Recognised,
  context: RenderContext,
  streaming: Streaming,
): Streamed {
  const stream = new EventStream(padding(request, context), streaming)
  const response = responseObject(request, context, { status: 'in_progress' })
  stream.send('response.created', { response })
  stream.send('response.in_progress', { response })
  const items = itemsOf(turn, request, context.attemptId)
  const thinkingMs = Math.round(turn.thinkingTokens * streaming.tokenMs)
  for (const [index, item] of items.entries()) sendItem(stream, item, index, item.type === 'reasoning' ? thinkingMs : 0)
  const completed = responseObject(request, context, { status: 'completed', output: items, turn })
  stream.send('response.completed', { response: completed })
  const { pieces, toolJsonAt } = stream
  return { pieces, stopFrames: 1, ...(toolJsonAt && { toolJsonAt }) }
}

class EventStream {
  readonly pieces: Piece[] = []
  toolJsonAt: Streamed['toolJsonAt']
  private readonly pad: (i: number) => object
  private readonly streaming: Streaming

  constructor(pad: (i: number) => object, streaming: Streaming) {
    this.pad = pad
    this.streaming = streaming
  }

  send(type: string, rest: object, afterMs = 0): void {
    this.pieces.push({ afterMs, data: responseFrame(type, this.pieces.length, rest) })
  }

  /** The deltas of a text, at its pace. */
  deltas(type: string, text: string, at: object, count = this.streaming.deltas(text)): void {
    for (const delta of slices(text, count)) {
      const afterMs = Math.round((delta.length / 4) * this.streaming.tokenMs)
      this.send(type, { ...at, delta, ...this.pad(this.pieces.length) }, afterMs)
    }
  }

  /** The deltas of a call's arguments: at least two, so that there is an inside to cut at. */
  argumentDeltas(json: string, at: object): void {
    this.toolJsonAt ??= { piece: this.pieces.length + 1, chars: 0 }
    const count = Math.max(2, Math.min(this.streaming.deltas(json), Math.ceil(json.length / 12)))
    this.deltas('response.function_call_arguments.delta', json, at, count)
  }
}

function sendItem(stream: EventStream, item: Item, index: number, thinkingMs: number): void {
  const at = { item_id: item.id, output_index: index }
  const added = (begun: object) => stream.send('response.output_item.added', { output_index: index, item: begun })
  switch (item.type) {
    case 'reasoning': {
      added({ ...item, summary: [] })
      for (const [i, part] of item.summary.entries()) {
        const where = { ...at, summary_index: i }
        stream.send('response.reasoning_summary_part.added', { ...where, part: { type: 'summary_text', text: '' } })
        stream.deltas('response.reasoning_summary_text.delta', part.text, where)
        stream.send('response.reasoning_summary_text.done', { ...where, text: part.text })
        stream.send('response.reasoning_summary_part.done', { ...where, part })
      }
      stream.send('response.output_item.done', { output_index: index, item }, item.summary.length > 0 ? 0 : thinkingMs)
      return
    }
    case 'message': {
      const [part] = item.content
      const where = { ...at, content_index: 0 }
      added({ ...item, status: 'in_progress', content: [] })
      stream.send('response.content_part.added', { ...where, part: outputText('') })
      stream.deltas('response.output_text.delta', part.text, { ...where, logprobs: [] })
      stream.send('response.output_text.done', { ...where, text: part.text, logprobs: [] })
      stream.send('response.content_part.done', { ...where, part })
      break
    }
    case 'function_call':
      added({ ...item, status: 'in_progress', arguments: '' })
      stream.argumentDeltas(item.arguments, at)
      stream.send('response.function_call_arguments.done', { ...at, arguments: item.arguments, name: item.name })
      break
  }
  stream.send('response.output_item.done', { output_index: index, item })
}

/** Deltas are padded to blur their lengths, unless the request says no. */
function padding({ json }: Recognised, { attemptId }: RenderContext): (i: number) => object {
  const options = isRecord(json) && isRecord(json['stream_options']) ? json['stream_options'] : {}
  if (options['include_obfuscation'] === false) return () => ({})
  const filling = shortHash(`${attemptId} padding`, 64)
  return i => ({ obfuscation: filling.slice(i % 48, (i % 48) + 1 + ((i * 7) % 15)) })
}
