import type { FaultEntry } from '../model/scenario.ts'
import { partRows, type Stretch } from './change-points.ts'
import type { Log } from './log.ts'
import { type FaultOptions, faultEntries, type Pace } from './log-faults.ts'
import { measure, quantile } from './measure.ts'
import { boundaryStep } from './rounding.ts'

/** A stretch of time, and what its rows say. */
export interface Piece extends Stretch {
  readonly startMs: number
  readonly endMs: number
  readonly faults: readonly FaultEntry[]
  readonly isGap: boolean
}

/** The rows by behaviour, with gaps between rows as pieces of their own, and equal neighbours joined. */
export function piecesOf(log: Log, options: Omit<FaultOptions, 'pace'>): readonly Piece[] {
  const startMs = log.times[0] ?? 0
  const endMs = (log.times.at(-1) ?? startMs) + 1
  const stretches = betweenGaps(log, endMs - startMs).flatMap(stretch => partRows(log, stretch))
  const pace = usualPace(log, stretches)
  const bounds = stretches.map(({ from }) => log.times[from] ?? 0)
  const step = boundaryStep((endMs - startMs) / log.times.length)
  const round = (ms: number) => startMs + Math.round((ms - startMs) / step) * step
  const gap = gapMs(log, endMs - startMs)
  const pieces: Piece[] = []
  stretches.forEach((stretch, i) => {
    const lastMs = log.times[stretch.to - 1] ?? startMs
    const nextMs = bounds[i + 1] ?? endMs
    const faults = faultEntries(log, stretch, { ...options, pace })
    const isBeforeGap = nextMs - lastMs > gap
    const begin = pieces.at(-1)?.endMs ?? startMs
    // In the middle between the last row of the one behaviour and the first of the other.
    const end = Math.max(
      begin + step,
      round(isBeforeGap ? lastMs : i === stretches.length - 1 ? endMs : (lastMs + nextMs) / 2),
    )
    pieces.push({ ...stretch, startMs: begin, endMs: end, faults, isGap: false })
    if (isBeforeGap)
      pieces.push({
        from: stretch.to,
        to: stretch.to,
        startMs: end,
        endMs: Math.max(end + step, round(nextMs)),
        faults: [],
        isGap: true,
      })
  })
  return joined(log, pieces, options, pace)
}

function betweenGaps(log: Log, spanMs: number): readonly Stretch[] {
  const limit = gapMs(log, spanMs)
  const stretches: Stretch[] = []
  let from = 0
  for (let row = 1; row <= log.times.length; row++) {
    const isEnd = row === log.times.length
    if (!isEnd && (log.times[row] ?? 0) - (log.times[row - 1] ?? 0) <= limit) continue
    stretches.push({ from, to: row })
    from = row
  }
  return stretches
}

/** No rows for so long means that nothing is known, not that nothing happened. */
function gapMs(log: Log, spanMs: number): number {
  return Math.max(60_000, (20 * spanMs) / log.times.length, spanMs / 50)
}

/** Neighbours that came out the same are one, measured anew. */
function joined(
  log: Log,
  pieces: readonly Piece[],
  options: Omit<FaultOptions, 'pace'>,
  pace: Pace | undefined,
): readonly Piece[] {
  const result: Piece[] = []
  for (const piece of pieces) {
    const last = result.at(-1)
    if (!last || last.isGap || piece.isGap || !isAlike(last.faults, piece.faults)) {
      result.push(piece)
      continue
    }
    const both = { ...last, to: piece.to, endMs: piece.endMs }
    result[result.length - 1] = { ...both, faults: faultEntries(log, both, { ...options, pace }) }
  }
  return result
}

function isAlike(a: readonly FaultEntry[], b: readonly FaultEntry[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** The pace of the quickest stretch that has enough answers to tell. */
export function usualPace(log: Log, stretches: readonly Stretch[]): Pace | undefined {
  const paces = stretches
    .map(stretch => measure(log, stretch).latencies)
    .filter(latencies => latencies.length >= 20)
    .map(latencies => ({ median: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) }))
  return paces.reduce<Pace | undefined>((best, pace) => (!best || pace.median < best.median ? pace : best), undefined)
}
