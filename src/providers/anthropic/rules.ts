import { asArray, asText, isRecord, type JsonRecord } from '../json.ts'
import type { Recognised } from '../provider.ts'
import { blocksOf } from './conversation.ts'

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
  if (request.surface !== 'api.messages' && request.surface !== 'api.count-tokens') return undefined
  const counting = request.surface === 'api.count-tokens'
  const message = isRecord(request.json)
    ? (modelFault(request.json) ?? messageFault(request.json, request.apiVersion, counting))
    : notJson
  return message === undefined ? undefined : { status: 400, type: 'invalid_request_error', message }
}

export const notJson = 'The request body is not valid JSON'

/** The first rule that the parameters of a message break, its model apart. `counting`: only its tokens are asked for. */
export function messageFault(json: JsonRecord, version: string | undefined, counting: boolean): string | undefined {
  return fieldFault(json, counting) ?? versionFault(json, version) ?? transcriptFault(asArray(json['messages']))
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

function transcriptFault(messages: readonly unknown[]): string | undefined {
  if (messages.length === 0) return 'messages: at least one message is required'
  for (const [i, message] of messages.entries()) {
    if (!isRecord(message)) return `messages.${i}: Input should be a valid dictionary`
    if (message['content'] === undefined) return `messages.${i}.content: Field required`
  }
  if (!isRecord(messages[0]) || messages[0]['role'] !== 'user')
    return 'messages: first message must use the "user" role'
  for (const [i, message] of messages.entries()) {
    const fault = toolFault(messages, i, message)
    if (fault !== undefined) return fault
  }
  return undefined
}

/** Every tool call is answered in the very next message, and every result answers a call of the message before. */
function toolFault(messages: readonly unknown[], i: number, message: unknown): string | undefined {
  const role = isRecord(message) ? message['role'] : undefined
  if (role === 'assistant') {
    const results = new Set(ids(messages[i + 1], 'user', 'tool_result', 'tool_use_id'))
    const open = ids(message, 'assistant', 'tool_use', 'id').filter(id => !results.has(id))
    if (open.length > 0)
      return (
        `messages.${i}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(', ')}. ` +
        'Each `tool_use` block must have a corresponding `tool_result` block in the next message.'
      )
  }
  const calls = new Set(ids(messages[i - 1], 'assistant', 'tool_use', 'id'))
  const stray = ids(message, 'user', 'tool_result', 'tool_use_id').find(id => !calls.has(id))
  if (stray === undefined) return undefined
  const content = isRecord(message) ? asArray(message['content']) : []
  const at = content.findIndex(block => isRecord(block) && block['tool_use_id'] === stray)
  return (
    `messages.${i}.content.${at}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${stray}. ` +
    'Each `tool_result` block must have a corresponding `tool_use` block in the previous message.'
  )
}

function ids(message: unknown, role: string, type: string, key: string): readonly string[] {
  if (!isRecord(message) || message['role'] !== role) return []
  return blocksOf(message, type).map(block => asText(block[key]) ?? '')
}
