import { asArray, asText, isRecord, type JsonRecord } from '../json.ts'
import { lastQuestion } from '../marks.ts'
import { questionIn } from './ids.ts'
import type { Surface } from './surfaces.ts'

/** The question that a request is about: the last marker of the newest user text that has one. */
export function askedQuestion(surface: Surface, json: JsonRecord): string | undefined {
  if (surface === 'api.embeddings') return lastQuestion(contentText(json['input']))
  for (const text of userTexts(said(surface, json)).toReversed()) {
    const question = lastQuestion(text)
    if (question !== undefined) return question
  }
  return questionIn(asText(json['previous_response_id']) ?? '')
}

/** The newest user text, empty when there is none. */
export function newestText(surface: Surface, json: JsonRecord): string {
  return userTexts(said(surface, json)).at(-1) ?? ''
}

/** What was said: the messages of a chat, or the input items of a response. */
export function said(surface: Surface, json: JsonRecord): readonly unknown[] {
  if (surface === 'api.chat-completions') return asArray(json['messages'])
  const input = json['input']
  return typeof input === 'string' ? [{ role: 'user', content: input }] : asArray(input)
}

/** What came since the user last spoke. */
export function sinceUser(items: readonly unknown[]): readonly JsonRecord[] {
  const last = items.findLastIndex(item => isRecord(item) && item['role'] === 'user')
  return items.slice(last + 1).filter(isRecord)
}

/** The text of a message's content: its string, or the texts of its parts. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content
  let text = ''
  for (const part of asArray(content)) {
    const words = typeof part === 'string' ? part : isRecord(part) ? asText(part['text']) : undefined
    if (words) text += `${words}\n`
  }
  return text
}

function userTexts(items: readonly unknown[]): readonly string[] {
  return items.filter(isRecord).flatMap(item => (item['role'] === 'user' ? [contentText(item['content'])] : []))
}
