/** Chance for the making of outages: choices over one stream of numbers in [0, 1). */
export class Dice {
  readonly next: () => number

  constructor(next: () => number) {
    this.next = next
  }

  /** `true` with probability `p`. */
  chance(p: number): boolean {
    return this.next() < p
  }

  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1))
  }

  /** One of `list`, which must not be empty. */
  pick<T>(list: readonly T[]): T {
    const one = list[Math.min(list.length - 1, Math.floor(this.next() * list.length))]
    if (one === undefined) throw new RangeError('Nothing to pick from')
    return one
  }

  /** One of `list`, by its weight. */
  weighted<T>(list: readonly (readonly [weight: number, value: T])[]): T {
    const total = list.reduce((sum, [weight]) => sum + weight, 0)
    let left = this.next() * total
    for (const [weight, value] of list) {
      left -= weight
      if (left < 0) return value
    }
    return this.pick(list)[1]
  }

  /** Each of `list` with probability `p`; one at the least, where there is one. */
  some<T>(list: readonly T[], p: number): readonly T[] {
    const chosen = list.filter(() => this.chance(p))
    return chosen.length > 0 || list.length === 0 ? chosen : [this.pick(list)]
  }
}
