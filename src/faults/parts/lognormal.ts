/** The standard normal's 99th percentile. */
const z99 = 2.3263478740408408

/** A lognormal draw with this median and 99th percentile, from two draws in [0, 1) (Box and Muller's transform). */
export function lognormal(median: number, p99: number, u1: number, u2: number): number {
  const sigma = Math.log(p99 / median) / z99
  // 1 - u1 is in (0, 1], so the logarithm is finite.
  const z = Math.sqrt(-2 * Math.log(1 - u1)) * Math.cos(2 * Math.PI * u2)
  return median * Math.exp(sigma * z)
}
