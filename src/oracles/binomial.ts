/** P(X <= k) of `n` draws that succeed with probability `p`. Sums the lower tail by logarithms, so that far tails keep their meaning. */
export function binomialLower(k: number, n: number, p: number): number {
  if (k >= n || p <= 0) return 1
  if (p >= 1) return 0
  let logTerm = n * Math.log1p(-p)
  let sum = Math.exp(logTerm)
  for (let i = 1; i <= k; i++) {
    logTerm += Math.log((n - i + 1) / i) + Math.log(p) - Math.log1p(-p)
    sum += Math.exp(logTerm)
  }
  return Math.min(1, sum)
}
