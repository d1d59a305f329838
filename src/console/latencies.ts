/** Neighbouring buckets are so much apart: a quantile is right to 5%. */
const step = Math.log(1.1)

/** How long things took, in a few hundred numbers however many things there are. */
export class Latencies {
  private readonly buckets = new Map<number, number>()
  private count = 0

  add(ms: number): void {
    const bucket = ms < 1 ? 0 : 1 + Math.floor(Math.log(ms) / step)
    this.buckets.set(bucket, (this.buckets.get(bucket) ?? 0) + 1)
    this.count++
  }

  take(other: Latencies): void {
    for (const [bucket, count] of other.buckets) this.buckets.set(bucket, (this.buckets.get(bucket) ?? 0) + count)
    this.count += other.count
  }

  /** The nearest-rank quantile, `q` in (0, 1], in whole ms; nothing of nothing. */
  quantile(q: number): number | undefined {
    let rest = Math.ceil(q * this.count)
    for (const [bucket, count] of [...this.buckets].toSorted(([a], [b]) => a - b)) {
      rest -= count
      if (rest <= 0) return bucket === 0 ? 0 : Math.round(Math.exp((bucket - 0.5) * step))
    }
    return undefined
  }
}
