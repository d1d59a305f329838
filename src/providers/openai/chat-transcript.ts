import { asArray, asText, isRecord, type JsonRecord } from '../json.ts'
import { type Fault, fault, missing } from './fault.ts'

const roles = new Set<unknown>(['system', 'assistant', 'user', 'function', 'tool', 'developer'])

/** The first rule that the messages of a chat break. */
export function chatTranscriptFault(messages: readonly unknown[]): Fault | undefined {
  for (const [i, message] of messages.entries()) {
    const found = isRecord(message)
      ? (formFault(message, i) ?? toolFault(messages, message, i))
      : fault(`Invalid type for 'messages[${i}]': expected an object.`, `messages[${i}]`, 'invalid_type')
    if (found !== undefined) return found
  }
  return undefined
}

function formFault(message: JsonRecord, i: number): Fault | undefined {
  const { role, content } = message
  if (role === undefined) return missing(`messages[${i}].role`)
  if (!roles.has(role))
    return fault(
      `Invalid value: '${role}'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.`,
      `messages[${i}].role`,
      'invalid_value',
    )
  const calls = asArray(message['tool_calls']).length > 0 || isRecord(message['function_call'])
  if (content === undefined || content === null)
    return calls || role === 'function' || message['refusal'] !== undefined
      ? undefined
      : fault(`Invalid value for 'content': expected a string, got null.`, `messages.[${i}].content`)
  if (typeof content !== 'string' && !Array.isArray(content))
    return fault(
      `Invalid type for 'messages[${i}].content': expected one of a string or array of objects, but got an object instead.`,
      `messages[${i}].content`,
      'invalid_type',
    )
  const untyped = asArray(content).findIndex(part => !isRecord(part) || typeof part['type'] !== 'string')
  return untyped < 0 ? undefined : missing(`messages[${i}].content[${untyped}].type`)
}

/** Every call is answered by the tool messages that come at once after it, and these answer nothing else. */
function toolFault(messages: readonly unknown[], message: JsonRecord, i: number): Fault | undefined {
  if (message['role'] === 'tool') {
    const caller = messages.slice(0, i).findLast(before => isRecord(before) && before['role'] !== 'tool')
    if (!callsOf(caller).includes(asText(message['tool_call_id']) ?? ''))
      return fault(
        "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
        `messages.[${i}].role`,
      )
  }
  const calls = message['role'] === 'assistant' ? callsOf(message) : []
  if (calls.length === 0) return undefined
  const answered = new Set<unknown>()
  for (const next of messages.slice(i + 1)) {
    if (!isRecord(next) || next['role'] !== 'tool') break
    answered.add(next['tool_call_id'])
  }
  const open = calls.filter(id => !answered.has(id))
  if (open.length === 0) return undefined
  return fault(
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The " +
      `following tool_call_ids did not have response messages: ${open.join(', ')}`,
    `messages.[${i + 1}].role`,
  )
}

function callsOf(message: unknown): readonly string[] {
  if (!isRecord(message)) return []
  return asArray(message['tool_calls'])
    .filter(isRecord)
    .map(({ id }) => asText(id) ?? '')
}
