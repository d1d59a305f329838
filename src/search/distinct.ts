/** How many are kept: below that the count is exact, from there on it is off by about 2 %. */
const kept = 4_096

/**
 * How many different hashes there were, in bounded memory: the smallest are kept, and how small they are tells how many
 * there must be (the k-minimum-values sketch). Sketches of shards merge into that of the whole.
 */
export class Distinct {
  private smallest: string[] = []
  private readonly known = new Set<string>()

  /** `hashes`: what another sketch kept. */
  constructor(hashes: Iterable<string> = []) {
    this.addAll(hashes)
  }

  /** Takes 16 hex digits; `false` where they are known for sure. */
  add(hash: string): boolean {
    if (this.known.has(hash)) return false
    this.known.add(hash)
    this.smallest.push(hash)
    if (this.smallest.length >= 2 * kept) this.shed()
    return true
  }

  addAll(hashes: Iterable<string>): void {
    for (const hash of hashes) this.add(hash)
  }

  get count(): number {
    this.shed()
    const largest = this.smallest.at(-1)
    if (this.isExact || largest === undefined) return this.smallest.length
    return Math.round((kept - 1) / (Number.parseInt(largest.slice(0, 12), 16) / 2 ** 48))
  }

  /** Whether {@link count} is the exact number. */
  get isExact(): boolean {
    return this.smallest.length < kept
  }

  /** What it kept, for another. */
  get hashes(): readonly string[] {
    this.shed()
    return this.smallest
  }

  private shed(): void {
    this.smallest.sort()
    for (const hash of this.smallest.splice(kept)) this.known.delete(hash)
  }
}
