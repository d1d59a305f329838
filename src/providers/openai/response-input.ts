import { asText, isRecord, type JsonRecord } from '../json.ts'
import { said } from './conversation.ts'
import { type Fault, fault } from './fault.ts'
import { isResponseId } from './ids.ts'

/** The first rule that the input of a response request breaks: calls and their outputs belong together. */
export function inputFault(json: JsonRecord): Fault | undefined {
  const previous = asText(json['previous_response_id'])
  if (previous !== undefined && !isResponseId(previous))
    return fault(
      `Previous response with id '${previous}' not found.`,
      'previous_response_id',
      'previous_response_not_found',
    )
  const items = said('api.responses', json).filter(isRecord)
  const calls = idsOf(items, 'function_call')
  const outputs = idsOf(items, 'function_call_output')
  const open = [...calls].find(id => !outputs.has(id))
  if (open !== undefined) return fault(`No tool output found for function call ${open}.`, 'input')
  // What is kept on the other side is not in the request.
  const kept = previous !== undefined || json['conversation'] !== undefined
  if (kept || items.some(item => item['type'] === 'item_reference')) return undefined
  const stray = [...outputs].find(id => !calls.has(id))
  return stray === undefined
    ? undefined
    : fault(`No tool call found for function call output with call_id ${stray}.`, 'input')
}

function idsOf(items: readonly JsonRecord[], type: string): ReadonlySet<string> {
  return new Set(items.filter(item => item['type'] === type).map(item => asText(item['call_id']) ?? ''))
}
