/** Values in the order of their first appearance. */
export class Interned<T> {
  readonly values: T[] = []
  private readonly numbers = new Map<string, number>()

  of(value: T, key = String(value)): number {
    const known = this.numbers.get(key)
    if (known !== undefined) return known
    this.numbers.set(key, this.values.length)
    // One past the limit is enough to know that there are too many.
    if (this.values.length > 60_000) return 60_000
    return this.values.push(value) - 1
  }
}
