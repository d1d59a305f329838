const medianMs = 450
const sigma = 0.35
const longestMs = 4_000

/** What a token takes in a healthy answer of a model of no known family. */
export const tokenMs = 6

/** What a token takes by family, ms, the first that fits: from the quick small models to the slow large ones. */
const families: readonly (readonly [name: RegExp, ms: number])[] = [
  [/haiku|mini|nano|flash|lite/, 4],
  [/opus|\bo[13]\b|-pro\b/, 10],
]

// Answers of one model differ: about two thirds of them are within a sixth of its usual pace.
const paceSigma = 0.15

/**
 * What a token takes in one healthy answer, ms: lognormal around the usual pace of the model's family. It has draws of its
 * own, so that an answer's pace shifts none of its words.
 */
export function tokenMsOf(model: string | undefined, draw: (purpose: string) => number): number {
  const usual = families.find(([name]) => name.test(model ?? ''))?.[1] ?? tokenMs
  return usual * Math.exp(paceSigma * normal(draw('pace'), draw('pace turn')))
}

/** Time to the first token: lognormal around 450 ms, at most 4 s. */
export function firstTokenMs(random: () => number): number {
  return Math.min(longestMs, Math.round(medianMs * Math.exp(sigma * normal(random(), random()))))
}

/** How soon an error comes: 40 to 80 ms from the API itself, about 30 ms from an edge that never asked it. */
export function errorMs(from: 'api' | 'edge', u: number): number {
  return from === 'api' ? 40 + Math.floor(u * 41) : 25 + Math.floor(u * 11)
}

/** A standard normal number from two uniform ones in [0, 1) (Box and Muller). */
function normal(u: number, v: number): number {
  return Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * v)
}
