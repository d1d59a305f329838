import type { Bin, Bins } from '../protocol.ts'

/** All bins that are known, of equal width from `startMs` on. */
export interface BinRows {
  readonly widthMs: number
  readonly startMs: number
  readonly rows: readonly Bin[]
}

/** The bins with those that came; bins of another width begin anew. */
export function withBins(known: BinRows | undefined, { widthMs, startMs, from, rows }: Bins): BinRows {
  const kept = known?.widthMs === widthMs && known.startMs === startMs ? known.rows.slice(0, from) : []
  return { widthMs, startMs, rows: [...kept, ...rows] }
}
