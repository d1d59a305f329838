import type { AnswerState } from '../journal/event.ts'
import { closingMark, openingMark } from './questions.ts'

/** What a returned value turned out to be once it was read to its end. */
export interface Drained {
  /** `undefined` when there is no text in it. */
  readonly text: string | undefined
  /** The value to hand to `settle`: the drained text where the value itself can be read but once. */
  readonly value: unknown
  /** A `Response` of status 400 or more. */
  readonly failed: boolean
}

/** Reads what `perform` returned: text, an object with text, an async iterable, a `ReadableStream` or a `Response`. */
export async function drain(value: unknown): Promise<Drained> {
  if (isResponse(value)) {
    const text = textOfBody(await value.text(), value.headers.get('content-type') ?? '')
    return { text, value: text, failed: value.status >= 400 }
  }
  if (isAsyncIterable(value)) {
    const decoder = new TextDecoder()
    let text = ''
    for await (const part of value)
      text += part instanceof Uint8Array ? decoder.decode(part, { stream: true }) : (textOf(part) ?? '')
    text += decoder.decode()
    return { text, value: text, failed: false }
  }
  return { text: textOf(value), value, failed: false }
}

/** By its shape: the classes of the `undici` package, of node-fetch and of other realms are not the global one. */
function isResponse(value: unknown): value is Pick<Response, 'status' | 'headers' | 'text'> {
  if (typeof value !== 'object' || value === null) return false
  return (
    'status' in value &&
    typeof value.status === 'number' &&
    'headers' in value &&
    'text' in value &&
    typeof value.text === 'function'
  )
}

/** The text in a value: the string itself, `.text`, the joined `content[].text`, or the text of a stream's event. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return undefined
  if ('text' in value && typeof value.text === 'string') return value.text
  if ('content' in value) {
    if (typeof value.content === 'string') return value.content
    if (Array.isArray(value.content)) {
      const parts = value.content.map(textOf).filter(part => part !== undefined)
      return parts.length === 0 ? undefined : parts.join('')
    }
  }
  if ('delta' in value) return textOf(value.delta)
  return undefined
}

/** Text of an HTTP body: JSON and event streams are looked into, anything else is taken as it is. */
export function textOfBody(body: string, contentType: string): string | undefined {
  if (contentType.includes('json')) return textOf(parse(body)) ?? body
  if (!contentType.includes('event-stream')) return body
  const parts = body
    .split(/\r\n|\r|\n/)
    .filter(line => line.startsWith('data:'))
    // One space after the colon is the format's own; more belong to the text.
    .map(line => line.slice(5).replace(/^ /, ''))
    .filter(data => data !== '[DONE]')
    .map(data => textOf(parse(data)) ?? (data.startsWith('{') ? '' : data))
  return parts.join('')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

/** What the text is, as an answer to `question`, told by its marks. */
export function answerState(text: string | undefined, question: string): AnswerState {
  if (text === undefined) return 'none'
  if (text.trim() === '') return 'empty'
  const opens = text.includes(openingMark(question))
  const closes = text.includes(closingMark(question))
  if (opens && closes) return 'complete'
  if (opens) return 'truncated'
  return /\[(?:q|end):[^\]]+\]/.test(text) ? 'foreign' : 'unmarked'
}

/** How often an answer to `question` begins in the text: more than once when attempts have grown together. */
export function openingsIn(text: string | undefined, question: string): number {
  return text === undefined ? 0 : text.split(openingMark(question)).length - 1
}
