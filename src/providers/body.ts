import type { Chunk } from './provider.ts'

/** A part of a body that arrives at once: an SSE frame, or a whole JSON document. */
export interface Piece {
  /** From the piece before (or the headers) to this one. */
  readonly afterMs: number
  readonly text: string
}

export function byteLength(text: string): number {
  return Buffer.byteLength(text)
}

/** Bytes of all pieces, of the first `count` when given. */
export function sizeOf(pieces: readonly Piece[], count = pieces.length): number {
  let bytes = 0
  for (let i = 0; i < count; i++) bytes += byteLength(pieces[i]?.text ?? '')
  return bytes
}

/** The pieces as chunks; what comes at the same instant is one chunk, for a timer costs more than a longer string. */
export function toChunks(pieces: readonly Piece[]): readonly Chunk[] {
  const chunks: { afterMs: number; data: string }[] = []
  for (const { afterMs, text } of pieces) {
    const last = chunks.at(-1)
    if (last !== undefined && afterMs === 0) last.data += text
    else chunks.push({ afterMs, data: text })
  }
  return chunks
}

/** The body in two: its first `bytes` bytes, and the rest. A code point may be cut apart. */
export function splitAt(pieces: readonly Piece[], bytes: number): [before: readonly Chunk[], after: readonly Chunk[]] {
  let left = bytes
  for (const [i, piece] of pieces.entries()) {
    const size = byteLength(piece.text)
    if (left >= size) {
      left -= size
      continue
    }
    if (left === 0) return [toChunks(pieces.slice(0, i)), toChunks(pieces.slice(i))]
    const data = Buffer.from(piece.text)
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
