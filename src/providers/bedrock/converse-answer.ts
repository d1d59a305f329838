import { contentHeaders, type Piece } from '../body.ts'
import { shortHash } from '../hash.ts'
import { isRecord } from '../json.ts'
import { firstTokenMs, tokenMsOf } from '../pace.ts'
import type { Recognised, RenderContext } from '../provider.ts'
import type { GoodAnswer, Manner } from '../render.ts'
import { slices } from '../sse.ts'
import { type Part, speak, type Turn } from '../turn.ts'
import { askedInConverse } from './converse-request.ts'
import { eventFrame, padding } from './event-stream.ts'
import { amznHeaders } from './headers.ts'

/** An answer of the Converse API, whole or as a stream. */
export function converseAnswer(
  request: Recognised,
  context: RenderContext,
  manner: Manner,
  random: () => number,
): GoodAnswer {
  const firstMs = firstTokenMs(random)
  const json = isRecord(request.json) ? request.json : {}
  const turn = speak(askedInConverse(json, request.question), request, context, manner.kind, random)
  const perTokenMs = manner.perTokenMs ?? tokenMsOf(request.model, context.draw)
  const generatingMs = Math.round(turn.outputTokens * perTokenMs)
  const latencyMs = firstMs + generatingMs
  if (!request.streaming) {
    const text = JSON.stringify(whole(turn, context.attemptId, latencyMs))
    const headers = { ...contentHeaders('application/json', text), ...amznHeaders(context) }
    const pieces = [{ afterMs: 0, data: text }]
    const answer = { status: 200, headers, firstByteMs: latencyMs, pieces, streamed: false, generatingMs, frames: 14 }
    const at = turn.toolCalled === undefined ? -1 : text.indexOf('"input":')
    return { answer: { ...answer, ...(at >= 0 && { toolJsonAt: { piece: 0, chars: at + 9 } }) }, turn }
  }
  const count = 6 + Math.floor(random() * 5)
  const deltas = (text: string) => (manner.perTokenMs === undefined ? count : Math.ceil(text.length / 4))
  const { pieces, toolJsonAt } = frames(turn, context.attemptId, latencyMs, perTokenMs, deltas)
  const headers = { 'content-type': 'application/vnd.amazon.eventstream', ...amznHeaders(context) }
  const streamed = { pieces, streamed: true, generatingMs, frames: pieces.length, stopFrames: 2 }
  const answer = { status: 200, headers, firstByteMs: firstMs, ...streamed }
  return { answer: { ...answer, ...(toolJsonAt && { toolJsonAt }) }, turn }
}

function whole(turn: Turn, attemptId: string, latencyMs: number) {
  const content = turn.parts.map(part => blockOf(part, attemptId))
  return {
    metrics: { latencyMs },
    output: { message: { content, role: 'assistant' } },
    stopReason: stopReason(turn),
    usage: usage(turn),
  }
}

function blockOf(part: Part, attemptId: string) {
  switch (part.type) {
    case 'text':
      return { text: part.text }
    case 'thinking':
      return { reasoningContent: { reasoningText: { signature: signature(attemptId), text: part.thinking } } }
    case 'tool-call':
      return { toolUse: { input: part.input, name: part.name, toolUseId: toolUseId(part.id) } }
  }
}

interface Frames {
  readonly pieces: readonly Piece[]
  readonly toolJsonAt?: { readonly piece: number; readonly chars: number }
}

function frames(
  turn: Turn,
  attemptId: string,
  latencyMs: number,
  perTokenMs: number,
  deltas: (text: string) => number,
): Frames {
  const pieces: Piece[] = []
  let toolJsonAt: Frames['toolJsonAt']
  const send = (type: string, event: Readonly<Record<string, unknown>>, afterMs = 0) => {
    const json = JSON.stringify({ ...event, p: padding(JSON.stringify(event)) })
    const framed = (text: string) => eventFrame(type, text)
    pieces.push({ afterMs, data: framed(json), text: { json, framed } })
  }

  send('messageStart', { role: 'assistant' })
  for (const [contentBlockIndex, part] of turn.parts.entries()) {
    if (part.type === 'tool-call') {
      send('contentBlockStart', {
        contentBlockIndex,
        start: { toolUse: { name: part.name, toolUseId: toolUseId(part.id) } },
      })
      toolJsonAt = { piece: pieces.length + 1, chars: 0 }
    }
    for (const text of textsOf(part, deltas))
      send(
        'contentBlockDelta',
        { contentBlockIndex, delta: deltaOf(part, text) },
        Math.round((text.length / 4) * perTokenMs),
      )
    if (part.type === 'thinking')
      send('contentBlockDelta', { contentBlockIndex, delta: { reasoningContent: { signature: signature(attemptId) } } })
    send('contentBlockStop', { contentBlockIndex })
  }
  send('messageStop', { stopReason: stopReason(turn) })
  send('metadata', { metrics: { latencyMs }, usage: usage(turn) })
  return { pieces, ...(toolJsonAt && { toolJsonAt }) }
}

function textsOf(part: Part, deltas: (text: string) => number): readonly string[] {
  if (part.type === 'text') return slices(part.text, deltas(part.text))
  if (part.type === 'thinking') return slices(part.thinking, deltas(part.thinking))
  // At least two, so that there is an inside to cut at.
  const json = JSON.stringify(part.input)
  return slices(json, Math.max(2, Math.min(deltas(json), Math.ceil(json.length / 12))))
}

function deltaOf(part: Part, text: string) {
  switch (part.type) {
    case 'text':
      return { text }
    case 'thinking':
      return { reasoningContent: { text } }
    case 'tool-call':
      return { toolUse: { input: text } }
  }
}

function stopReason({ stopReason }: Turn): string {
  return stopReason === 'tool-use' ? 'tool_use' : 'end_turn'
}

function usage({ inputTokens, outputTokens }: Turn) {
  return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens }
}

function toolUseId(id: string): string {
  return `tooluse_${id}`
}

function signature(attemptId: string): string {
  return Buffer.from(shortHash(`${attemptId} thought`, 60)).toString('base64')
}
