import { asArray, isRecord, type JsonRecord } from '../json.ts'
import type { Recognised, RenderContext } from '../provider.ts'
import { type Turn, unmarked } from '../turn.ts'
import { effortOf, formatOf } from './asked.ts'
import { newestText } from './conversation.ts'
import { responseId } from './ids.ts'
import { type Item, itemsOf } from './response-items.ts'

export type ResponseState =
  | { readonly status: 'in_progress' }
  | { readonly status: 'completed'; readonly output: readonly Item[]; readonly turn: Turn }
  | { readonly status: 'failed'; readonly error: { readonly code: string; readonly message: string } }

/** A `Response` of `POST /v1/responses`: what was asked for comes back in it, beside what became of it. */
export function responseObject(request: Recognised, context: RenderContext, state: ResponseState) {
  const json = isRecord(request.json) ? request.json : {}
  const createdAt = Math.floor(context.nowMs / 1_000)
  const done = state.status === 'completed' ? state : undefined
  const reasoning = isRecord(json['reasoning']) ? json['reasoning'] : {}
  const text = isRecord(json['text']) ? json['text'] : {}
  const asked = (name: string, otherwise: unknown = null) => json[name] ?? otherwise
  return {
    id: responseId(questionOf(request, json), context.attemptId),
    object: 'response',
    created_at: createdAt,
    status: state.status,
    background: asked('background', false),
    completed_at: done === undefined ? null : createdAt + 1,
    error: state.status === 'failed' ? state.error : null,
    frequency_penalty: 0,
    incomplete_details: null,
    instructions: asked('instructions'),
    max_output_tokens: asked('max_output_tokens'),
    max_tool_calls: asked('max_tool_calls'),
    model: request.model ?? '',
    output: done?.output ?? [],
    parallel_tool_calls: asked('parallel_tool_calls', true),
    presence_penalty: 0,
    previous_response_id: asked('previous_response_id'),
    prompt_cache_key: asked('prompt_cache_key'),
    reasoning: { effort: effortOf(json, request.model ?? '') ?? 'none', summary: reasoning['summary'] ?? null },
    safety_identifier: asked('safety_identifier'),
    service_tier: done === undefined ? 'auto' : 'default',
    store: asked('store', true),
    temperature: asked('temperature', 1),
    text: { format: formatOf(json) ?? { type: 'text' }, verbosity: text['verbosity'] ?? 'medium' },
    tool_choice: asked('tool_choice', 'auto'),
    tools: asArray(json['tools']),
    top_logprobs: 0,
    top_p: asked('top_p', 1),
    truncation: asked('truncation', 'disabled'),
    usage: done === undefined ? null : usageOf(done.turn),
    user: asked('user'),
    metadata: asked('metadata', {}),
  }
}

/** A whole response, as it is sent where nothing is streamed. */
export function responseJson(turn: Turn, request: Recognised, context: RenderContext): string {
  const output = itemsOf(turn, request, context.attemptId)
  return JSON.stringify(responseObject(request, context, { status: 'completed', output, turn }))
}

function questionOf({ question }: Recognised, json: JsonRecord): string {
  return question ?? unmarked(newestText('api.responses', json))
}

function usageOf({ inputTokens, outputTokens, thinkingTokens }: Turn) {
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: thinkingTokens },
    total_tokens: inputTokens + outputTokens,
  }
}
