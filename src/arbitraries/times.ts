const [s, m, h] = [1_000, 60_000, 3_600_000]

/** Lengths that people write, ms, ascending. */
export const niceMs: readonly number[] = [
  ...[1 * s, 2 * s, 5 * s, 10 * s, 15 * s, 30 * s, 45 * s],
  ...[1 * m, 90 * s, 2 * m, 3 * m, 5 * m, 10 * m, 15 * m, 20 * m, 30 * m, 45 * m],
  ...[1 * h, 90 * m, 2 * h, 3 * h, 6 * h],
]

/** The nice length nearest to `ms`, by ratio. */
export function nearestNice(ms: number): number {
  return niceMs.reduce((best, nice) => (Math.abs(Math.log(nice / ms)) < Math.abs(Math.log(best / ms)) ? nice : best))
}
