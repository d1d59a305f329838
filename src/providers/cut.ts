import type { CutPoint } from '../model/effect.ts'
import { byteLength, type Piece, sizeOf, textIn } from './body.ts'
import { slices } from './sse.ts'

/** A good answer before anything is done to it: what a cut, a stall, a garbling and a loss take apart. */
export interface WireAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** From arrival to headers. */
  readonly firstByteMs: number
  /** One frame each when streamed, else one document. */
  readonly pieces: readonly Piece[]
  readonly streamed: boolean
  /** Time its tokens took: what `ms` is a share of when the answer was not streamed. */
  readonly generatingMs: number
  /** Frames that it would have had as a stream: what `events` is a share of when it was not streamed. */
  readonly frames: number
  /** How many of its last frames tell that it is complete; 1 when absent. */
  readonly stopFrames?: number
  /** Where the JSON of a tool call is unfinished: so many characters into that piece. */
  readonly toolJsonAt?: { readonly piece: number; readonly chars: number }
}

export interface Cut {
  /** The answer's pieces, one of them in two where the cut waits for its instant. */
  readonly pieces: readonly Piece[]
  /** What is sent before the cut; always less than the whole. */
  readonly bytes: number
}

/**
 * Where `point` falls in an answer. A point past the end is moved before it, so that a fault that hit is felt. `whole`
 * moves it back to the end of a frame, where something else can follow (a ping, an error event).
 */
export function cutAt(answer: WireAnswer, point: CutPoint, whole = false): Cut {
  const { pieces } = answer
  if (!answer.streamed) return { pieces, bytes: documentOffset(answer, point) }
  if ('ms' in point) return instant(pieces, point.ms, whole)
  const bytes = streamOffset(answer, point)
  return { pieces, bytes: whole ? frameEnd(pieces, bytes) : bytes }
}

function streamOffset(answer: WireAnswer, point: Exclude<CutPoint, { ms: number }>): number {
  const { pieces } = answer
  if ('events' in point) return sizeOf(pieces, Math.min(point.events, pieces.length - 1))
  if ('bytes' in point) return within(point.bytes, sizeOf(pieces))
  const middle = Math.floor(pieces.length / 2)
  const insideFrame = sizeOf(pieces, middle) + Math.floor(byteLength(pieces[middle]?.data ?? '') / 2)
  switch (point.inside) {
    case 'frame':
      return insideFrame
    case 'code-point':
      return insideCodePoint(pieces) ?? insideFrame
    case 'tool-json':
      return toolJson(answer) ?? insideFrame
  }
}

function documentOffset(answer: WireAnswer, point: CutPoint): number {
  const size = sizeOf(answer.pieces)
  if ('bytes' in point) return within(point.bytes, size)
  if ('events' in point) return within((size * point.events) / answer.frames, size)
  if ('ms' in point) return within((size * point.ms) / Math.max(1, answer.generatingMs), size)
  const half = within(size / 2, size)
  switch (point.inside) {
    case 'frame':
      return half
    case 'code-point':
      return insideCodePoint(answer.pieces) ?? half
    case 'tool-json':
      return toolJson(answer) ?? half
  }
}

/** The frames of the first `ms` after the headers; half of the next one comes at that very instant. */
function instant(pieces: readonly Piece[], ms: number, whole: boolean): Cut {
  let elapsed = 0
  let next = 0
  for (; next < pieces.length - 1; next++) {
    const afterMs = pieces[next]?.afterMs ?? 0
    if (elapsed + afterMs > ms) break
    elapsed += afterMs
  }
  const bytes = sizeOf(pieces, next)
  const piece = pieces[next]
  const waitMs = Math.min(ms - elapsed, piece?.afterMs ?? 0)
  if (whole || waitMs <= 0 || piece === undefined) return { pieces, bytes }
  const [head, tail] = halves(piece.data)
  const both = [
    { afterMs: waitMs, data: head },
    { afterMs: piece.afterMs - waitMs, data: tail },
  ]
  const split = [...pieces.slice(0, next), ...both, ...pieces.slice(next + 1)]
  return { pieces: split, bytes: sizeOf(split, next + 1) }
}

function halves(data: string | Uint8Array): [string | Uint8Array, string | Uint8Array] {
  if (typeof data !== 'string') return [data.subarray(0, data.length >> 1), data.subarray(data.length >> 1)]
  const [head = '', tail = ''] = slices(data, 2)
  return [head, tail]
}

function frameEnd(pieces: readonly Piece[], bytes: number): number {
  let end = 0
  for (const { data } of pieces) {
    const size = byteLength(data)
    if (end + size > bytes) break
    end += size
  }
  return end
}

/** One byte into the first character that takes more. */
function insideCodePoint(pieces: readonly Piece[]): number | undefined {
  for (const [i, piece] of pieces.entries()) {
    const text = textIn(piece)
    const at = text.search(/[^\0-\x7f]/)
    if (at >= 0) return sizeOf(pieces, i) + byteLength(text.slice(0, at)) + 1
  }
  return undefined
}

function toolJson({ pieces, toolJsonAt }: WireAnswer): number | undefined {
  if (toolJsonAt === undefined) return undefined
  return sizeOf(pieces, toolJsonAt.piece) + byteLength(textIn(pieces[toolJsonAt.piece]).slice(0, toolJsonAt.chars))
}

function within(bytes: number, size: number): number {
  return Math.max(0, Math.min(Math.floor(bytes), size - 1))
}
