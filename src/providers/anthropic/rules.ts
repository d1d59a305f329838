import { isForeign } from '../credential.ts'
import { asArray, asText, isRecord, type JsonRecord } from '../json.ts'
import type { Recognised } from '../provider.ts'
import { blocksOf } from './conversation.ts'
import { thinkingFault } from './thinking-rules.ts'
import { toolsFault } from './tool-rules.ts'
import { transcriptFault } from './transcript-rules.ts'

/** Why the API turns a request down before any model sees it. */
export interface Refusal {
  readonly status: 400 | 401
  readonly type: 'invalid_request_error' | 'authentication_error'
  readonly message: string
}

/** The first rule of the API that a request breaks. */
export function refusal(request: Recognised): Refusal | undefined {
  if (!request.surface.startsWith('api')) return undefined
  if (request.key === 'none')
    return { status: 401, type: 'authentication_error', message: 'x-api-key header is required' }
  if (isForeign(request.key)) return { status: 401, type: 'authentication_error', message: 'invalid x-api-key' }
  if (request.surface !== 'api.messages' && request.surface !== 'api.count-tokens') return undefined
  const counting = request.surface === 'api.count-tokens'
  const message = requestFault(request.json, request.apiVersion, counting)
  return message === undefined ? undefined : { status: 400, type: 'invalid_request_error', message }
}

/** The first rule that the body of a message request breaks. */
export function requestFault(json: unknown, version: string | undefined, counting = false): string | undefined {
  return isRecord(json) ? (modelFault(json) ?? messageFault(json, version, counting)) : notJson
}

export const notJson = 'The request body is not valid JSON'

/** The first rule that the parameters of a message break, its model apart. `counting`: only its tokens are asked for. */
export function messageFault(json: JsonRecord, version: string | undefined, counting: boolean): string | undefined {
  return (
    fieldFault(json, counting) ??
    versionFault(json, version) ??
    toolsFault(json) ??
    transcriptFault(asArray(json['messages'])) ??
    thinkingFault(json) ??
    prefillFault(json)
  )
}

function modelFault(json: JsonRecord): string | undefined {
  if (json['model'] === undefined) return 'model: Field required'
  return typeof json['model'] === 'string' ? undefined : 'model: Input should be a valid string'
}

function fieldFault(json: JsonRecord, counting: boolean): string | undefined {
  if (!counting) {
    const limit = json['max_tokens']
    if (limit === undefined) return 'max_tokens: Field required'
    if (typeof limit !== 'number' || !Number.isInteger(limit)) return 'max_tokens: Input should be a valid integer'
    if (limit < 1) return 'max_tokens: Input should be greater than or equal to 1'
  }
  if (json['messages'] === undefined) return 'messages: Field required'
  if (!Array.isArray(json['messages'])) return 'messages: Input should be a valid list'
  return undefined
}

/** What version 2026-10-21 took away: sampling parameters, documents that the assistant says, citations in user text. */
function versionFault(json: JsonRecord, version: string | undefined): string | undefined {
  if (version === undefined || version < '2026-10-21') return undefined
  for (const name of ['temperature', 'top_p', 'top_k'])
    if (json[name] !== undefined && json[name] !== null) return `${name}: Extra inputs are not permitted`
  for (const [i, message] of asArray(json['messages']).entries()) {
    if (!isRecord(message)) continue
    if (message['role'] === 'assistant' && blocksOf(message, 'document').length > 0)
      return `messages.${i}: \`document\` blocks are not allowed in assistant messages`
    if (message['role'] === 'user' && blocksOf(message, 'text').some(block => asArray(block['citations']).length > 0))
      return `messages.${i}: \`citations\` must be empty on text blocks of user messages`
  }
  return undefined
}

/** Who writes the beginning of the answer for the model: models from 4.6 on do not go on from there. */
function prefillFault({ messages, model }: JsonRecord): string | undefined {
  const last = asArray(messages).at(-1)
  const [, major, minor] = /^claude-[a-z]+-(\d+)-(\d)\b/.exec(asText(model) ?? '') ?? []
  if (!isRecord(last) || last['role'] !== 'assistant' || Number(`${major}.${minor}`) < 4.6 || major === undefined)
    return undefined
  return 'This model does not support assistant message prefill. The conversation must end with a user message.'
}
