import { asArray, asText, isRecord, type JsonRecord } from '../json.ts'
import { blocksOf } from './conversation.ts'
import { isTampered } from './signature.ts'

/** The first rule about thinking that a message request breaks. */
export function thinkingFault(json: JsonRecord): string | undefined {
  const messages = asArray(json['messages'])
  return budgetFault(json) ?? signatureFault(messages) ?? (isEnabled(json) ? missingThought(messages) : undefined)
}

function isEnabled({ thinking }: JsonRecord): boolean {
  return isRecord(thinking) && thinking['type'] === 'enabled'
}

function budgetFault(json: JsonRecord): string | undefined {
  const { thinking, tool_choice: choice } = json
  if (!isEnabled(json) || !isRecord(thinking)) return undefined
  const budget = thinking['budget_tokens']
  const limit = json['max_tokens']
  if (budget === undefined) return 'thinking.enabled.budget_tokens: Field required'
  if (typeof budget !== 'number') return 'thinking.enabled.budget_tokens: Input should be a valid integer'
  if (budget < 1_024) return 'thinking.enabled.budget_tokens: Input should be greater than or equal to 1024'
  if (typeof limit === 'number' && limit <= budget) return '`max_tokens` must be greater than `thinking.budget_tokens`.'
  const forces = isRecord(choice) && (choice['type'] === 'any' || choice['type'] === 'tool')
  return forces ? 'Thinking may not be enabled when tool_choice forces tool use.' : undefined
}

/** What was thought comes back as it was said, or not at all. */
function signatureFault(messages: readonly unknown[]): string | undefined {
  for (const [i, message] of messages.entries()) {
    if (!isRecord(message) || message['role'] !== 'assistant') continue
    for (const [j, block] of asArray(message['content']).entries()) {
      if (!isRecord(block) || block['type'] !== 'thinking') continue
      const signature = asText(block['signature'])
      if (signature === undefined) return `messages.${i}.content.${j}.thinking.signature: Field required`
      if (isTampered(asText(block['thinking']) ?? '', signature))
        return `messages.${i}.content.${j}: Invalid \`signature\` in \`thinking\` block`
    }
  }
  return undefined
}

/** A tool's result is answered with the thought at hand that led to the call. */
function missingThought(messages: readonly unknown[]): string | undefined {
  const i = messages.findLastIndex(message => isRecord(message) && message['role'] === 'assistant')
  const isToolTurn = blocksOf(messages[i], 'tool_use').length > 0 && i === messages.length - 2
  if (!isToolTurn || blocksOf(messages[i + 1], 'tool_result').length === 0) return undefined
  const content = isRecord(messages[i]) ? asArray(messages[i]['content']) : []
  const first = isRecord(content[0]) ? asText(content[0]['type']) : undefined
  if (first === 'thinking' || first === 'redacted_thinking') return undefined
  return (
    `messages.${i}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${first}\`. When ` +
    '`thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost set ' +
    'of `tool_use` and `tool_result` blocks). We recommend you include thinking blocks from previous turns. To avoid ' +
    'this requirement, disable `thinking`.'
  )
}
