/** How long requests take to serve: a Weibull distribution with a given mean and coefficient of variation. */
export interface ServiceTime {
  readonly meanMs: number
  /** 0 for a constant time, 1 for an exponential one. */
  readonly cv: number
  /** The inverse of Weibull's shape. */
  readonly power: number
  readonly scaleMs: number
}

/**
 * Weibull, as one draw makes a time of it, a greater draw a longer time, and at a cv of 1 it is exactly the exponential
 * distribution of queueing theory.
 */
export function serviceTime(meanMs: number, cv: number): ServiceTime {
  const power = powerFor(cv)
  return { meanMs, cv, power, scaleMs: meanMs / Math.exp(logGamma(1 + power)) }
}

/** The time, ms, at which a share `u` in [0, 1) of all requests is served. */
export function drawService({ meanMs, power, scaleMs }: ServiceTime, u: number): number {
  if (power === 0) return meanMs
  const exponential = -Math.log(1 - u)
  return scaleMs * (power === 1 ? exponential : exponential ** power)
}

/** The p with Γ(1 + 2p) / Γ(1 + p)² = 1 + cv². */
function powerFor(cv: number): number {
  if (cv === 0 || cv === 1) return cv
  const wanted = Math.log(1 + cv * cv)
  let low = 0
  let high = 1
  const spread = (power: number) => logGamma(1 + 2 * power) - 2 * logGamma(1 + power)
  while (spread(high) < wanted && high < 64) high *= 2
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (spread(middle) < wanted) low = middle
    else high = middle
  }
  return (low + high) / 2
}

const lanczos = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
]

/** ln Γ(x) for x >= 1, by Lanczos' approximation (g = 7, n = 9). */
function logGamma(x: number): number {
  const z = x - 1
  const sum = lanczos.reduce((total, coefficient, i) => total + coefficient / (z + i + 1), 0.9999999999998099)
  const base = z + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(base) - base + Math.log(sum)
}
