import type { Piece } from '../body.ts'
import { shortHash } from '../hash.ts'
import { isRecord } from '../json.ts'
import type { Recognised, RenderContext } from '../provider.ts'
import { slices } from '../sse.ts'
import type { Part, Turn } from '../turn.ts'
import { isLegacy } from './asked.ts'
import { callId } from './ids.ts'

type Call = Part & { type: 'tool-call' }

/** A chat completion as `POST /v1/chat/completions` returns it. */
export function completionJson(turn: Turn, request: Recognised, context: RenderContext): string {
  const message = { role: 'assistant', ...messageOf(turn, isLegacy(request.json)), refusal: null, annotations: [] }
  const choices = indices(request).map(index => ({
    index,
    message,
    logprobs: null,
    finish_reason: finishReason(turn, request),
  }))
  const { id, created, model, ...rest } = envelope(turn, context)
  return JSON.stringify({ id, object: 'chat.completion', created, model, choices, usage: usageOf(turn), ...rest })
}

export interface Streaming {
  /** What one token takes, ms. */
  readonly tokenMs: number
  /** How many deltas a text comes in. */
  readonly deltas: (text: string) => number
}

export interface Streamed {
  readonly pieces: readonly Piece[]
  /** How many frames at the end tell that it is complete. */
  readonly stopFrames: number
  /** The piece before which the JSON of a tool call is unfinished. */
  readonly toolJsonAt?: { readonly piece: number; readonly chars: number }
}

export const doneFrame = 'data: [DONE]\n\n'

/** A chunk of a chat's stream, which has no names of events. */
export function chunkFrame(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`
}

/** The same completion as chunks, one piece each; the last ones say why it ended, what was used, and that it is done. */
export function completionChunks(
  turn: Turn,
  request: Recognised,
  context: RenderContext,
  { tokenMs, deltas }: Streaming,
): Streamed {
  const { includeUsage, pad } = streamOptions(request, context)
  const { id, created, model, ...rest } = envelope(turn, context)
  const base = { id, object: 'chat.completion.chunk', created, model, ...rest }
  const pieces: Piece[] = []
  const frame = (afterMs: number, choices: readonly unknown[], usage: unknown = null) => {
    const data = { ...base, choices, ...(includeUsage && { usage }), ...pad(pieces.length) }
    pieces.push({ afterMs, data: chunkFrame(data) })
  }
  const send = (index: number, delta: unknown, afterMs = 0, finish: string | null = null) =>
    frame(afterMs, [{ index, delta, logprobs: null, finish_reason: finish }])

  const legacy = isLegacy(request.json)
  const calls = callsIn(turn)
  const text = textOf(turn)
  const thinkingMs = Math.round(turn.thinkingTokens * tokenMs)
  let toolJsonAt: Streamed['toolJsonAt']
  for (const index of indices(request)) {
    const [only] = calls.length === 1 ? calls : []
    // A single call is named at once, of several each when it begins.
    const opening =
      only === undefined
        ? { content: calls.length > 0 ? null : '' }
        : { content: null, ...calling(only, 0, '', legacy, true) }
    send(index, { role: 'assistant', ...opening, refusal: null }, index === 0 ? thinkingMs : 0)
    for (const [i, call] of calls.entries()) {
      if (only === undefined) send(index, calling(call, i, '', legacy, true))
      toolJsonAt ??= { piece: pieces.length + 1, chars: 0 }
      const json = JSON.stringify(call.input)
      // At least two, so that there is an inside to cut at.
      for (const part of slices(json, Math.max(2, Math.min(deltas(json), Math.ceil(json.length / 12)))))
        send(index, calling(call, i, part, legacy, false), paceOf(part, tokenMs))
    }
    if (calls.length === 0)
      for (const part of slices(text, deltas(text))) send(index, { content: part }, paceOf(part, tokenMs))
  }
  for (const index of indices(request)) send(index, {}, 0, finishReason(turn, request))
  if (includeUsage) frame(0, [], usageOf(turn))
  pieces.push({ afterMs: 0, data: doneFrame })
  const stopFrames = indices(request).length + (includeUsage ? 2 : 1)
  return { pieces, stopFrames, ...(toolJsonAt && { toolJsonAt }) }
}

/** Deltas are padded to blur their lengths, unless the request says no. */
function streamOptions({ json }: Recognised, { attemptId }: RenderContext) {
  const options = isRecord(json) && isRecord(json['stream_options']) ? json['stream_options'] : {}
  const filling = options['include_obfuscation'] === false ? undefined : shortHash(`${attemptId} padding`, 64)
  const pad = (i: number) =>
    filling === undefined ? {} : { obfuscation: filling.slice(i % 48, (i % 48) + 1 + ((i * 7) % 15)) }
  return { includeUsage: options['include_usage'] === true, pad }
}

function indices({ json }: Recognised): readonly number[] {
  const n = isRecord(json) && typeof json['n'] === 'number' ? Math.max(1, Math.min(128, Math.floor(json['n']))) : 1
  return Array.from({ length: n }, (_, i) => i)
}

function messageOf(turn: Turn, legacy: boolean) {
  const calls = callsIn(turn).map(({ id, name, input }) => ({
    id: callId(name, id),
    type: 'function',
    function: { name, arguments: JSON.stringify(input) },
  }))
  if (calls.length === 0) return { content: textOf(turn) }
  return legacy ? { content: null, function_call: calls[0]?.function } : { content: null, tool_calls: calls }
}

/** A part of a call's arguments; the `first` one also names it. */
function calling({ id, name }: Call, index: number, json: string, legacy: boolean, first: boolean) {
  const fragment = { ...(first && { name }), arguments: json }
  if (legacy) return { function_call: fragment }
  const head = first ? { id: callId(name, id), type: 'function' } : {}
  return { tool_calls: [{ index, ...head, function: fragment }] }
}

function finishReason({ stopReason }: Turn, { json }: Recognised): string {
  if (stopReason === 'end-turn') return 'stop'
  return isLegacy(json) ? 'function_call' : 'tool_calls'
}

function envelope(turn: Turn, { attemptId, nowMs }: RenderContext) {
  return {
    id: `chatcmpl-${shortHash(`${attemptId} completion`, 29)}`,
    created: Math.floor(nowMs / 1_000),
    model: turn.model,
    service_tier: 'default',
    system_fingerprint: `fp_${shortHash(turn.model, 10)}`,
  }
}

function usageOf({ inputTokens, outputTokens, thinkingTokens }: Turn) {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: thinkingTokens,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  }
}

function textOf({ parts }: Turn): string {
  return parts.map(part => (part.type === 'text' ? part.text : '')).join('')
}

function callsIn({ parts }: Turn): readonly Call[] {
  return parts.filter(part => part.type === 'tool-call')
}

function paceOf(part: string, tokenMs: number): number {
  return Math.round((part.length / 4) * tokenMs)
}
