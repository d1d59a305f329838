import type { Paint } from '../../reports/paint.ts'
import { clip } from '../../reports/text.ts'
import type { Line, Piece } from './live-view-lines.ts'

/** What fits: no line wider than `width`, no more lines than `rows`, the weightiest ones. */
export function fitLines(
  lines: readonly Line[],
  { width, rows }: { width: number; rows: number },
  paint: Paint,
): string[] {
  const kept = new Set(lines.toSorted((a, b) => b.weight - a.weight).slice(0, Math.max(1, rows)))
  return lines.filter(line => kept.has(line)).map(({ pieces }) => painted(pieces, width, paint))
}

function painted(pieces: readonly Piece[], width: number, paint: Paint): string {
  let left = width
  let text = ''
  for (const [i, piece] of pieces.entries()) {
    if (left <= 0) break
    const plain = oneLine(typeof piece === 'string' ? piece : piece[1])
    const isLast = pieces.slice(i + 1).every(rest => (typeof rest === 'string' ? rest : rest[1]) === '')
    // An ellipsis shows that there is more, even where a piece ends at the very edge.
    const seen = plain.length >= left && !isLast ? clip(`${plain} `, left) : clip(plain, left)
    text += typeof piece === 'string' ? seen : paint(piece[0], seen)
    left -= seen.length
  }
  return text
}

function oneLine(text: string): string {
  return text.replaceAll(/[\r\n\t]/g, ' ')
}
