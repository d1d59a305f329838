const medianMs = 450
const sigma = 0.35
const longestMs = 4_000

/** What a token takes in a healthy answer. */
export const tokenMs = 6

/** Time to the first token: lognormal around 450 ms, at most 4 s. */
export function firstTokenMs(random: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return Math.min(longestMs, Math.round(medianMs * Math.exp(sigma * normal)))
}

/** How soon an error comes: 40 to 80 ms from the API itself, about 30 ms from an edge that never asked it. */
export function errorMs(from: 'api' | 'edge', u: number): number {
  return from === 'api' ? 40 + Math.floor(u * 41) : 25 + Math.floor(u * 11)
}
