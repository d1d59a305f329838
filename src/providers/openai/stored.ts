import { asText, isRecord } from '../json.ts'
import type { Recognised, RenderContext } from '../provider.ts'
import { kept } from '../store.ts'
import type { Ask, Turn } from '../turn.ts'
import { newestText } from './conversation.ts'
import { responseId } from './ids.ts'
import { responseJson } from './response.ts'

interface Stored {
  /** The response as it is retrieved by its id. */
  readonly json: () => string
  /** Tools called since the user last spoke, this response's own among them. */
  readonly called: readonly string[]
}

/** Keeps a response, as the API does unless it is told not to. */
export function storeResponse(turn: Turn, ask: Ask, request: Recognised, context: RenderContext): void {
  if (isRecord(request.json) && request.json['store'] === false) return
  const now = turn.parts.flatMap(part => (part.type === 'tool-call' ? [part.name] : []))
  const called = [...ask.toolsInTranscript, ...now]
  const id = responseId(ask.question, context.attemptId)
  responses(context).set(id, { json: () => responseJson(turn, request, context), called })
}

export function storedResponse(id: string | undefined, context: RenderContext): Stored | undefined {
  return id === undefined ? undefined : responses(context).get(id)
}

/** Tools called in the turns before a request that only names the last of them; none once the user has spoken again. */
export function calledBefore({ surface, json }: Recognised, context: RenderContext): readonly string[] {
  if (surface !== 'api.responses' || !isRecord(json) || newestText(surface, json) !== '') return []
  return storedResponse(asText(json['previous_response_id']), context)?.called ?? []
}

function responses({ store }: RenderContext): Map<string, Stored> {
  return kept(store, 'openai responses', () => new Map<string, Stored>())
}
