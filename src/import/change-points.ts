import { invariant } from '../lib/invariant.ts'
import type { Log } from './log.ts'

/** Rows `from` (included) to `to` (not included) of a log: all of one behaviour. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** Columns of time that are looked at; between two of them a boundary is then placed by the rows. */
const mostBins = 300
const rowsPerBin = 5
const mostStretches = 40
/** Spread of log-latency below which a difference means nothing: a fifth. */
const flatLatency = 0.2 ** 2

/**
 * Parts rows where their mix of outcomes or the latency of their answers changes: the partition of least cost (negative
 * log-likelihood of one multinomial and one lognormal for each stretch), each part paying for the parameters it needs.
 */
export function partRows(log: Log, within: Stretch): readonly Stretch[] {
  const rows = within.to - within.from
  if (rows < 2 * rowsPerBin) return [within]
  const sums = new BinSums(log, within)
  const present = sums.kindsPresent()
  // Half a logarithm for each parameter is the usual price (BIC); more, since failures come in clusters.
  let penalty = 0.7 * (present + 2) * Math.log(rows)
  let cuts = cheapestCuts(sums, penalty)
  while (cuts.length >= mostStretches) {
    penalty *= 1.5
    cuts = cheapestCuts(sums, penalty)
  }
  return placeCuts(log, within, sums, withoutSlivers(log, sums, cuts, penalty))
}

/** Counts of each kind, and moments of log-latency, up to each bin. */
class BinSums {
  readonly bins: number
  /** First row of each bin, and the end. */
  readonly starts: Uint32Array
  private readonly kinds: number
  private readonly counts: Float64Array
  private readonly moments: Float64Array

  constructor(log: Log, { from, to }: Stretch) {
    this.kinds = log.meanings.length
    this.bins = Math.max(1, Math.min(mostBins, Math.floor((to - from) / rowsPerBin)))
    const first = log.times[from] ?? 0
    const width = Math.max(1, ((log.times[to - 1] ?? first) - first) / this.bins)
    this.starts = new Uint32Array(this.bins + 1)
    this.counts = new Float64Array((this.bins + 1) * this.kinds)
    this.moments = new Float64Array((this.bins + 1) * 3)
    let row = from
    for (let bin = 0; bin < this.bins; bin++) {
      this.starts[bin] = row
      this.counts.copyWithin((bin + 1) * this.kinds, bin * this.kinds, (bin + 1) * this.kinds)
      this.moments.copyWithin((bin + 1) * 3, bin * 3, (bin + 1) * 3)
      const untilMs = bin === this.bins - 1 ? Number.POSITIVE_INFINITY : first + (bin + 1) * width
      for (; row < to && (log.times[row] ?? 0) < untilMs; row++) this.add(log, row, bin + 1)
    }
    this.starts[this.bins] = to
  }

  private add(log: Log, row: number, bin: number): void {
    bump(this.counts, bin * this.kinds + (log.kinds[row] ?? 0), 1)
    const latency = logLatency(log, row)
    if (latency === undefined) return
    bump(this.moments, bin * 3, 1)
    bump(this.moments, bin * 3 + 1, latency)
    bump(this.moments, bin * 3 + 2, latency * latency)
  }

  kindsPresent(): number {
    return Array.from({ length: this.kinds }, (_, kind) => this.countOf(kind, 0, this.bins)).filter(n => n > 0).length
  }

  countOf(kind: number, from: number, to: number): number {
    return (this.counts[to * this.kinds + kind] ?? 0) - (this.counts[from * this.kinds + kind] ?? 0)
  }

  /** Number, mean and variance of log-latency. */
  latencyOf(from: number, to: number): { n: number; mean: number; variance: number } {
    const part = (i: number) => (this.moments[to * 3 + i] ?? 0) - (this.moments[from * 3 + i] ?? 0)
    const n = part(0)
    const mean = n === 0 ? 0 : part(1) / n
    return { n, mean, variance: n === 0 ? 0 : Math.max(0, part(2) / n - mean * mean) }
  }

  cost(from: number, to: number): number {
    let rows = 0
    let cost = 0
    for (let kind = 0; kind < this.kinds; kind++) {
      const n = this.countOf(kind, from, to)
      rows += n
      if (n > 0) cost -= n * Math.log(n)
    }
    if (rows > 0) cost += rows * Math.log(rows)
    const { n, variance } = this.latencyOf(from, to)
    return cost + (n / 2) * Math.log(variance + flatLatency)
  }
}

/** Bins at which a new stretch begins, by dynamic programming over all partitions. */
function cheapestCuts(sums: BinSums, penalty: number): readonly number[] {
  const best = new Float64Array(sums.bins + 1).fill(Number.POSITIVE_INFINITY)
  const cameFrom = new Uint32Array(sums.bins + 1)
  best[0] = -penalty
  for (let to = 1; to <= sums.bins; to++)
    for (let from = 0; from < to; from++) {
      const cost = (best[from] ?? 0) + penalty + sums.cost(from, to)
      if (cost >= (best[to] ?? 0)) continue
      best[to] = cost
      cameFrom[to] = from
    }
  const cuts: number[] = []
  for (let at = cameFrom[sums.bins] ?? 0; at > 0; at = cameFrom[at] ?? 0) cuts.unshift(at)
  return cuts
}

/**
 * A bin in which one behaviour ends and another begins looks like a third. Of two cuts so close one is enough, unless
 * what is between them is much likelier on its own than shared out between its neighbours.
 */
function withoutSlivers(log: Log, sums: BinSums, cuts: readonly number[], penalty: number): readonly number[] {
  const kept: number[] = []
  for (let i = 0; i < cuts.length; i++) {
    const cut = cuts[i] ?? 0
    const next = cuts[i + 1]
    if (next === undefined || next - cut > sliverBins) {
      kept.push(cut)
      continue
    }
    const from = sums.starts[cut] ?? 0
    const to = sums.starts[next] ?? from
    const before = likelihood(log, sums, kept.at(-1) ?? 0, cut)
    const after = likelihood(log, sums, next, cuts[i + 2] ?? sums.bins)
    const own = sumOver(from, to, likelihood(log, sums, cut, next))
    const { gain } = bestSplit(from, to, before, after)
    const shared = gain + sumOver(from, to, after)
    // Dropped, the later one stands for both: it can move back over what was between them.
    if (own - shared > penalty) kept.push(cut)
  }
  return kept
}

const sliverBins = 2

/** Where rows of one behaviour are best parted from rows of another, and how much likelier than all being of the later. */
function bestSplit(
  from: number,
  to: number,
  before: (row: number) => number,
  after: (row: number) => number,
): { readonly place: number; readonly gain: number } {
  let sum = 0
  let gain = 0
  let place = from
  for (let row = from; row < to; row++) {
    sum += before(row) - after(row)
    if (sum <= gain) continue
    gain = sum
    place = row + 1
  }
  return { place, gain }
}

function sumOver(from: number, to: number, of: (row: number) => number): number {
  let sum = 0
  for (let row = from; row < to; row++) sum += of(row)
  return sum
}

/** Moves each cut from the edge of its bin to the row where the later behaviour becomes the likelier one. */
function placeCuts(log: Log, within: Stretch, sums: BinSums, cuts: readonly number[]): readonly Stretch[] {
  const edges = [0, ...cuts, sums.bins]
  const places = cuts.map((cut, i) => {
    const before = likelihood(log, sums, edges[i] ?? 0, cut)
    const after = likelihood(log, sums, cut, edges[i + 2] ?? sums.bins)
    const from = sums.starts[Math.max((edges[i] ?? 0) + 1, cut - sliverBins)] ?? within.from
    const to = sums.starts[Math.min((edges[i + 2] ?? sums.bins) - 1, cut + 1)] ?? within.to
    return bestSplit(from, to, before, after).place
  })
  const bounds = [within.from, ...places, within.to]
  return bounds.slice(0, -1).flatMap((from, i) => {
    const to = bounds[i + 1] ?? within.to
    invariant(from <= to, 'cuts are placed in order')
    return from < to ? [{ from, to }] : []
  })
}

/** Log-likelihood of a row under what bins `from` to `to` look like. */
function likelihood(log: Log, sums: BinSums, from: number, to: number): (row: number) => number {
  const counts = log.meanings.map((_, kind) => sums.countOf(kind, from, to) + 0.1)
  const total = counts.reduce((sum, n) => sum + n, 0)
  const { n, mean, variance } = sums.latencyOf(from, to)
  return row => {
    const outcome = Math.log((counts[log.kinds[row] ?? 0] ?? 0.1) / total)
    const latency = logLatency(log, row)
    if (latency === undefined || n === 0) return outcome
    const spread = variance + flatLatency
    return outcome - (latency - mean) ** 2 / (2 * spread) - Math.log(spread) / 2
  }
}

/** Of answers alone: what an error takes says little of the provider's pace. */
function logLatency(log: Log, row: number): number | undefined {
  const latency = log.latencies[row]
  if (latency === undefined || Number.isNaN(latency) || log.meanings[log.kinds[row] ?? 0]?.fault) return undefined
  return Math.log(Math.max(1, latency))
}

function bump(array: Float64Array, index: number, by: number): void {
  array[index] = (array[index] ?? 0) + by
}
