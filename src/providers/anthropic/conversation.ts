import { shortHash } from '../hash.ts'
import { asArray, asText, isRecord } from '../json.ts'
import { lastQuestion } from '../marks.ts'

/** The question that the conversation is about: the last marker of the newest user message that has one. */
export function askedQuestion(messages: readonly unknown[]): string | undefined {
  for (let i = messages.length - 1; i >= 0; i--) {
    const message = messages[i]
    if (!isRecord(message) || message['role'] !== 'user') continue
    const question = lastQuestion(contentText(message['content']))
    if (question !== undefined) return question
  }
  return undefined
}

/** A name for the newest user text, where it has no marker: `x` and eight hex digits. */
export function unmarkedQuestion(messages: readonly unknown[]): string {
  const newest = messages.findLast(
    message => isRecord(message) && message['role'] === 'user' && blocksOf(message, 'tool_result').length === 0,
  )
  return `x${shortHash(isRecord(newest) ? contentText(newest['content']) : '', 8)}`
}

/** The text of a message's content, and of the tool results in it. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content
  let text = ''
  for (const block of asArray(content)) {
    if (!isRecord(block)) continue
    const part = block['type'] === 'tool_result' ? contentText(block['content']) : asText(block['text'])
    if (part) text += `${part}\n`
  }
  return text
}

/** The blocks of one type in a message. */
export function blocksOf(message: unknown, type: string): readonly Readonly<Record<string, unknown>>[] {
  const content = isRecord(message) ? asArray(message['content']) : []
  return content.filter(isRecord).filter(block => block['type'] === type)
}

/** Tools called since the user last spoke: what a task has used, as its own transcript tells. */
export function toolsInTranscript(messages: readonly unknown[]): ReadonlySet<string> {
  const called = new Set<string>()
  for (let i = messages.length - 1; i >= 0; i--) {
    const message = messages[i]
    if (!isRecord(message)) continue
    if (message['role'] === 'user' && blocksOf(message, 'tool_result').length === 0) break
    for (const block of blocksOf(message, 'tool_use')) called.add(asText(block['name']) ?? '')
  }
  return called
}
