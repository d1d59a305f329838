import { randomStream } from '../lib/draw.ts'
import type { RecordedResponse } from '../model/scenario.ts'
import { findAnswer } from './answers.ts'
import { contentHeaders, type Piece } from './body.ts'
import type { WireAnswer } from './cut.ts'
import { errorMs, firstTokenMs, tokenMsOf } from './pace.ts'
import type { Recognised, RenderContext, Respond } from './provider.ts'
import type { GoodAnswer, Manner } from './render.ts'

/** A response as it came from somewhere: the user's records, or another server. */
export interface RawResponse {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The response that another server gave, or that was recorded for this request. A recorded stream answers those who stream, anything else the others. */
export function recordedAnswer(
  request: Recognised,
  context: RenderContext,
  manner: Manner,
): GoodAnswer | Respond | undefined {
  if (manner.kind !== 'good') return undefined
  // The user's own answers come first.
  if (context.given !== undefined && findAnswer(request, context, () => true) === undefined)
    return replayed(context.given, request, context, manner)
  if (context.answers === undefined) return undefined
  const answer = findAnswer(request, context, ({ response }) => {
    return response !== undefined && readingOf(rawOf(response)).streamed === request.streaming
  })
  if (answer?.response === undefined) return undefined
  const made = replayed(rawOf(answer.response), request, context, manner)
  return 'answer' in made ? { ...made, place: answer.place } : made
}

/** The same record answers again and again. */
const raws = new WeakMap<RecordedResponse, RawResponse>()

function rawOf(recorded: RecordedResponse): RawResponse {
  const known = raws.get(recorded)
  if (known) return known
  const { status = 200, headers = {}, body } = recorded
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  const raw = { status, headers: lower, body: typeof body === 'string' ? body : JSON.stringify(body) }
  raws.set(recorded, raw)
  return raw
}

/** What does not depend on who asks for it. */
interface Reading {
  readonly streamed: boolean
  readonly headers: Readonly<Record<string, string>>
  /** Characters that a model had to say. */
  readonly said: number
  /** Of a stream: its frames, and the characters said in each. */
  readonly frames: readonly (readonly [data: string, said: number])[]
}

const readings = new WeakMap<RawResponse, Reading>()

function readingOf(raw: RawResponse): Reading {
  const known = readings.get(raw)
  if (known) return known
  const { body } = raw
  const streamed = isStream(raw)
  const type = raw.headers['content-type'] ?? (streamed ? 'text/event-stream' : 'application/json')
  const reading = {
    streamed,
    headers: Object.freeze({
      ...Object.fromEntries(Object.entries(raw.headers).filter(([name]) => !ofTheConnection.test(name))),
      ...(streamed ? { 'content-type': type } : contentHeaders(type, body)),
    }),
    said: contentLength(body),
    frames: streamed ? framesOf(body) : [],
  }
  readings.set(raw, reading)
  return reading
}

function isStream({ headers, body }: RawResponse): boolean {
  const type = headers['content-type']
  return type === undefined ? /^(?:event|data|id|retry)?:/.test(body.trimStart()) : /event-stream/i.test(type)
}

// What belonged to the connection that it came by, and would be untrue on this one.
const ofTheConnection = /^(?:content-length|content-encoding|transfer-encoding|connection|keep-alive|date)$/

/** Its bytes as an answer of ours, paced as one: whole, to be cut and spoiled like any other. */
export function replayed(
  raw: RawResponse,
  request: Recognised,
  context: RenderContext,
  manner: Manner,
): GoodAnswer | Respond {
  const { status, body } = raw
  const random = randomStream(Math.floor(context.draw('answer') * 2 ** 52))
  const { streamed, headers, said, frames } = readingOf(raw)
  if (status >= 400) {
    const chunks = body === '' ? [] : [{ afterMs: 0, data: body }]
    const afterMs = errorMs('api', context.draw('error-pace'))
    return { type: 'respond', afterMs, status, headers, chunks, end: { type: 'finish' }, good: false }
  }
  const firstMs = firstTokenMs(random)
  const perTokenMs = manner.perTokenMs ?? tokenMsOf(request.model, context.draw)
  const pieces = streamed ? paced(frames, perTokenMs) : [{ afterMs: 0, data: body }]
  const generatingMs = Math.round((said / 4) * perTokenMs)
  const answer: WireAnswer = {
    status,
    headers,
    firstByteMs: streamed ? firstMs : firstMs + generatingMs,
    pieces,
    streamed,
    generatingMs,
    frames: streamed ? pieces.length : 14,
    stopFrames: /^data: ?\[DONE\]/.test(String(pieces.at(-1)?.data ?? '')) ? 2 : 1,
  }
  return { answer, turn: undefined }
}

function framesOf(body: string): Reading['frames'] {
  const frames = body.match(/[\s\S]*?(?:\r?\n\r?\n|$)/g)?.filter(frame => frame !== '') ?? []
  return frames.map(data => [data, contentLength(data)])
}

/** One frame of a stream a piece, as far apart as its content takes to be said. */
function paced(frames: Reading['frames'], perTokenMs: number): readonly Piece[] {
  return frames.map(([data, said]) => ({ afterMs: Math.round((said / 4) * perTokenMs), data }))
}

/** Characters that a model had to say, about: what the format itself takes is left out. */
function contentLength(text: string): number {
  const said = text.matchAll(/"(?:text|thinking|partial_json|content|arguments|delta)":\s*"((?:[^"\\]|\\.)*)"/g)
  let length = 0
  for (const [, words = ''] of said) length += words.length
  return length
}
