import { type Piece, sizeOf, splitAt } from './body.ts'
import type { WireAnswer } from './cut.ts'
import type { Script } from './provider.ts'

/** The request was worked on to its end; the answer never is, or not whole. */
export function lose(answer: WireAnswer, at: 'headers' | 'body' | 'end'): Script {
  const { status, headers, firstByteMs, pieces } = answer
  if (at === 'headers') return { type: 'reset', afterMs: firstByteMs + durationMs(pieces) }
  const size = sizeOf(pieces)
  const [chunks] = splitAt(pieces, at === 'body' ? Math.floor(size / 2) : Math.max(0, size - 5))
  return { type: 'respond', afterMs: firstByteMs, status, headers, chunks, end: { type: 'rst' }, good: false }
}

function durationMs(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { afterMs }) => sum + afterMs, 0)
}
