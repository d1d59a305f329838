/**
 * The smallest count that a Poisson variable of this mean exceeds with probability at most `alpha`. Sums the upper tail
 * itself, so that an `alpha` far below the rounding of 1 keeps its meaning.
 */
export function poissonUpper(mean: number, alpha: number): number {
  let count = 0
  while (upperTail(mean, count + 1) > alpha) count++
  return count
}

/** P(X >= k). */
function upperTail(mean: number, k: number): number {
  // The first term by logarithms; each further one by its ratio to the last.
  let term = Math.exp(k * Math.log(mean) - mean - logFactorial(k))
  let sum = 0
  for (let i = k; term > sum * 1e-12 || i <= mean; i++) {
    sum += term
    term *= mean / (i + 1)
  }
  return Math.min(1, sum)
}

function logFactorial(n: number): number {
  let sum = 0
  for (let i = 2; i <= n; i++) sum += Math.log(i)
  return sum
}
