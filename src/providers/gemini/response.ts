import type { Piece } from '../body.ts'
import { shortHash } from '../hash.ts'
import { slices } from '../sse.ts'
import type { Part, Turn } from '../turn.ts'

/** A `GenerateContentResponse`, as Google prints JSON. */
export function responseJson(turn: Turn, attemptId: string): string {
  return `${JSON.stringify(response(turn, attemptId, turn.parts.map(partOf), 'STOP'), null, 2)}\n`
}

export interface Streamed {
  readonly pieces: readonly Piece[]
  /** How many of the last pieces tell that it is complete. */
  readonly stopFrames: number
  readonly toolJsonAt?: { readonly piece: number; readonly chars: number }
}

export interface Streaming {
  readonly events: boolean
  /** What one token takes, ms. */
  readonly tokenMs: number
  /** How many chunks a text comes in. */
  readonly chunks: (text: string) => number
}

/** The same answer in chunks, each a response of its own: as server-sent events, or as the items of one JSON array. */
export function responseChunks(turn: Turn, attemptId: string, { events, tokenMs, chunks }: Streaming): Streamed {
  const sent: { parts: readonly unknown[]; afterMs: number; tool?: boolean }[] = []
  for (const part of turn.parts) {
    // A call comes whole: its arguments are not streamed.
    if (part.type === 'tool-call')
      sent.push({ parts: [partOf(part)], afterMs: Math.round(turn.outputTokens * tokenMs), tool: true })
    else
      for (const text of slices(
        part.type === 'text' ? part.text : part.thinking,
        chunks(part.type === 'text' ? part.text : part.thinking),
      ))
        sent.push({
          parts: [partOf(part.type === 'text' ? { ...part, text } : { ...part, thinking: text })],
          afterMs: Math.round((text.length / 4) * tokenMs),
        })
  }
  const last = turn.parts.at(-1)
  // After a call, and where nothing is said, the end is a chunk of its own.
  if (last === undefined || last.type === 'tool-call') sent.push({ parts: [{ text: '' }], afterMs: 0 })

  const pieces = sent.map(({ parts, afterMs }, i): Piece => {
    const body = response(turn, attemptId, parts, i === sent.length - 1 ? 'STOP' : undefined)
    if (events) return { afterMs, data: eventFrame(body) }
    return { afterMs, data: `${i === 0 ? '[' : ',\r\n'}${JSON.stringify(body, null, 2)}` }
  })
  if (!events) pieces.push({ afterMs: 0, data: '\n]\n' })
  const at = sent.findIndex(({ tool }) => tool)
  const chars = String(pieces[at]?.data ?? '').search(/"args": ?\{/)
  return {
    pieces,
    stopFrames: events ? 1 : 2,
    ...(chars >= 0 && { toolJsonAt: { piece: at, chars: chars + '"args":{"'.length } }),
  }
}

/** A server-sent event as Google frames it: no name, and lines that end in CRLF. */
export function eventFrame(data: unknown): string {
  return `data: ${JSON.stringify(data)}\r\n\r\n`
}

function response(turn: Turn, attemptId: string, parts: readonly unknown[], finishReason: string | undefined) {
  const content = { ...(parts.length > 0 && { parts }), role: 'model' }
  return {
    candidates: [{ content, ...(finishReason !== undefined && { finishReason }), index: 0 }],
    usageMetadata: usage(turn),
    modelVersion: turn.model,
    responseId: Buffer.from(shortHash(`${attemptId} response`, 32), 'hex').toString('base64url'),
  }
}

function partOf(part: Part) {
  switch (part.type) {
    case 'text':
      return { text: part.text }
    case 'thinking':
      return { text: part.thinking, thought: true }
    case 'tool-call':
      return { functionCall: { name: part.name, args: part.input } }
  }
}

function usage({ inputTokens, outputTokens, thinkingTokens }: Turn) {
  return {
    promptTokenCount: inputTokens,
    candidatesTokenCount: Math.max(1, outputTokens - thinkingTokens),
    totalTokenCount: inputTokens + outputTokens,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: inputTokens }],
    ...(thinkingTokens > 0 && { thoughtsTokenCount: thinkingTokens }),
  }
}
