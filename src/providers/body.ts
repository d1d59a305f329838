import type { Chunk } from './provider.ts'

/** A part of a body that arrives at once: a frame of a stream, or a whole JSON document. */
export interface Piece {
  /** From the piece before (or the headers) to this one. */
  readonly afterMs: number
  /** Bytes where the stream's format is a binary one. */
  readonly data: string | Uint8Array
  /** The JSON that a binary frame carries, and how the frame would carry another text. */
  readonly text?: { readonly json: string; readonly framed: (json: string) => Uint8Array }
}

export function byteLength(data: string | Uint8Array): number {
  return typeof data === 'string' ? Buffer.byteLength(data) : data.byteLength
}

/** The piece's text; nothing of a binary one. */
export function textIn(piece: Piece | undefined): string {
  return typeof piece?.data === 'string' ? piece.data : ''
}

/** `content-type` and, where the whole is known beforehand, `content-length`. */
export function contentHeaders(type: string, body: string): Record<string, string> {
  return { 'content-type': type, 'content-length': String(byteLength(body)) }
}

/** Bytes of all pieces, of the first `count` when given. */
export function sizeOf(pieces: readonly Piece[], count = pieces.length): number {
  let bytes = 0
  for (let i = 0; i < count; i++) bytes += byteLength(pieces[i]?.data ?? '')
  return bytes
}

/** The pieces as chunks; what comes at the same instant is one chunk, for a timer costs more than a longer string. */
export function toChunks(pieces: readonly Piece[]): readonly Chunk[] {
  const chunks: { afterMs: number; data: string | Uint8Array }[] = []
  for (const { afterMs, data } of pieces) {
    const last = chunks.at(-1)
    if (last !== undefined && afterMs === 0) last.data = joined(last.data, data)
    else chunks.push({ afterMs, data })
  }
  return chunks
}

function joined(a: string | Uint8Array, b: string | Uint8Array): string | Uint8Array {
  return typeof a === 'string' && typeof b === 'string' ? a + b : new Uint8Array(Buffer.concat([bytes(a), bytes(b)]))
}

function bytes(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? Buffer.from(data) : data
}

/** The body in two: its first `at` bytes, and the rest. A code point may be cut apart. */
export function splitAt(pieces: readonly Piece[], at: number): [before: readonly Chunk[], after: readonly Chunk[]] {
  let left = at
  for (const [i, piece] of pieces.entries()) {
    const size = byteLength(piece.data)
    if (left >= size) {
      left -= size
      continue
    }
    if (left === 0) return [toChunks(pieces.slice(0, i)), toChunks(pieces.slice(i))]
    const data = Buffer.from(bytes(piece.data))
    const head = { afterMs: piece.afterMs, data: plain(data.subarray(0, left)) }
    const tail = { afterMs: 0, data: plain(data.subarray(left)) }
    return [
      [...toChunks(pieces.slice(0, i)), head],
      [tail, ...toChunks(pieces.slice(i + 1))],
    ]
  }
  return [toChunks(pieces), []]
}

/** Text when the bytes are whole code points, else the bytes. */
function plain(bytes: Buffer): string | Uint8Array {
  const text = bytes.toString()
  return text.includes('\ufffd') ? new Uint8Array(bytes) : text
}
