import { asArray, asText, type JsonRecord, textLength } from '../json.ts'
import type { Recognised } from '../provider.ts'
import { askedQuestion } from './conversation.ts'

/** What the body of a message request says of itself. */
export function readMessage(
  fields: JsonRecord,
): Pick<Recognised, 'model' | 'inputTokens' | 'maxOutputTokens' | 'question'> {
  return {
    model: asText(fields['model']),
    inputTokens: estimateTokens(fields),
    maxOutputTokens: typeof fields['max_tokens'] === 'number' ? fields['max_tokens'] : 0,
    question: askedQuestion(asArray(fields['messages'])),
  }
}

/** Four characters a token, over all that is read: system, messages, tools. */
function estimateTokens(fields: JsonRecord): number {
  const tools = fields['tools'] === undefined ? 0 : JSON.stringify(fields['tools']).length
  const characters = textLength(fields['system']) + textLength(fields['messages']) + tools
  return Math.ceil(characters / 4)
}
